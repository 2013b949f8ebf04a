/* tax_fuzz.c - any bytes as a tax rate. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/order/tax_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, bool is_change)
{
    struct tax_rate rate = {
        .tax_class = {"a",  1},
        .name = {"a",  1},
        .country = {"DE", 2},
        .layer = 1,
        .kind = TAX_DUE,
        .valid_to = TAX_NO_END
    };
    TRY(is_change ? tax_rate_read_change(in, &rate) : tax_rate_read(in, &rate));
    TRY(tax_rate_check(ctx, &rate));
    ASSERT(rate.layer >= 1 && rate.layer <= LIMIT_TAX_LAYERS);
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
        err = decode(&ctx, in, data[0] % 2);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
