/* catalog_fuzz.c - any bytes as a body about products and SKUs. */
#include "base/arena.h"
#include "oms/catalog/catalog_json.h"
#include "oms/catalog/catalog_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct sku_cmd cmd, *cmds;
    struct sku_patch sku;
    struct product_cmd product;
    struct product_patch patch;
    size_t count;
    switch (which) {
    case 0: TRY(catalog_read_sku(in, &cmd)); return sku_check(ctx, &cmd);
    case 1:
        TRY(catalog_read_skus(ctx, in, &cmds, &count));
        ASSERT(count >= 1 && count <= LIMIT_BULK_ITEMS);
        return sku_check(ctx, &cmds[count - 1]);
    case 2: TRY(catalog_read_sku_change(in, &sku)); return OK;
    case 3:
        TRY(catalog_read_product(in, &product));
        return product_check(ctx, &product);
    default: return catalog_read_product_change(in, &patch);
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
        err = decode(&ctx, in, data[0] % 5);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
