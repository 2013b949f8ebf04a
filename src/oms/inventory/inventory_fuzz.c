/* inventory_fuzz.c - any bytes as a body about locations and stock. */
#include "base/arena.h"
#include "oms/inventory/inventory_json.h"
#include "oms/inventory/inventory_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode_adjust(struct ctx *ctx, struct json_in *in)
{
    struct adjust_cmd cmd;
    TRY(adjust_read(ctx, in, &cmd));
    ASSERT(cmd.count >= 1 && cmd.count <= LIMIT_BULK_ITEMS);
    for (size_t i = 0; i < cmd.count; i++) {
        enum stock_bucket from, to;
        int64_t qty;
        TRY(adjust_check(ctx, &cmd.items[i]));
        adjust_route(&cmd.items[i], &from, &to, &qty);
        ASSERT(from != to && qty > 0 && qty <= LIMIT_QTY);
    }
    return OK;
}

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct location_cmd location;
    struct location_patch patch;
    struct set_cmd set;
    switch (which) {
    case 0:
        TRY(location_read(ctx, in, &location));
        return location_check(ctx, &location);
    case 1: return location_read_change(ctx, in, &patch);
    case 2: return decode_adjust(ctx, in);
    default: return set_read(in, &set);
    }
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
        err = decode(&ctx, in, data[0] % 4);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
