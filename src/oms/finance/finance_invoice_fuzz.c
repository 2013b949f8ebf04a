/* finance_invoice_fuzz.c - any bytes as a body about series and rules. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/finance/finance_bill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct invoice_series_cmd cmd;
    struct invoice_series_patch patch;
    struct invoice_rule rule = {.version = 0};
    str code;
    if (which == 1)
        return invoice_series_read_change(ctx, in, &patch);
    if (which == 2)
        return invoice_rule_read(in, &code, &rule);
    TRY(invoice_series_read(ctx, in, &cmd));
    struct json_in *seller;
    err_t err = json_parse(ctx, cmd.seller, &seller);
    ASSERT(err == OK); /* It is stored as it is. */
    return OK;
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data + 1, size - 1};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = decode(&ctx, in, data[0] % 3);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
