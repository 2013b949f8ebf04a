/* purchasing_fuzz.c - any bytes as a body about suppliers and orders. */
#include "base/arena.h"
#include "oms/purchasing/purchasing_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct supplier supplier = {.version = 0};
    struct purchase_patch patch;
    struct purchase_days days;
    struct purchase_receipt receipt;
    struct purchase_cmd cmd;
    switch (which) {
    case 0: return supplier_read(ctx, in, &supplier);
    case 1: return purchase_read_edit(ctx, in, "EUR", &patch);
    case 2: return purchase_read_days(ctx, in, &days);
    case 3: return purchase_read_receipt(ctx, in, &receipt);
    default: break;
    }
    TRY(purchase_read(ctx, in, &cmd));
    ASSERT(cmd.count >= 1 && cmd.count <= LIMIT_RECEIPT_LINES);
    for (size_t i = 0; i < cmd.count; i++) {
        ASSERT(cmd.lines[i].qty > 0 && cmd.lines[i].qty <= LIMIT_QTY);
        ASSERT(cmd.lines[i].unit_cost >= 0);
    }
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
        err = decode(&ctx, in, data[0] % 5);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
