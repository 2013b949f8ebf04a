/* inventory_live_api.c - what a client watches: SKUs, perhaps some places. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_live.h"

/* "A,B,C": not empty, each once. */
static err_t split_codes(struct ctx *ctx, str text, const char *field,
                         size_t max, str **ret, size_t *ret_count)
{
    str *at = arena_array(ctx->arena, str, max);
    size_t count = 0;
    str rest = text;
    do {
        str one = str_split(rest, ',', &rest);
        bool is_known = false;
        for (size_t i = 0; i < count; i++)
            is_known |= str_equal(at[i], one);
        if (is_known)
            continue;
        if (count == max)
            return fail(ctx, ERR_INVALID, field, "at most %zu codes", max);
        if (one.len == 0 || one.len > LIMIT_CODE_BYTES)
            return fail(ctx, ERR_INVALID, field, "codes, with commas between");
        at[count++] = one;
    } while (rest.len > 0);
    *ret = at;
    *ret_count = count;
    return OK;
}

static err_t read_skus(struct ctx *ctx, str text, struct level_want *want)
{
    str *codes;
    struct sku sku;
    bool is_found;
    TRY(split_codes(ctx, text, "sku", LIMIT_LIVE_SKUS, &codes,
                    &want->sku_count));
    struct live_sku *at =
        arena_array(ctx->arena, struct live_sku, want->sku_count);
    for (size_t i = 0; i < want->sku_count; i++) {
        TRY(sku_find(ctx, codes[i], &sku, &is_found));
        if (!is_found)
            return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                           "there is no SKU %.*s", STR_ARG(codes[i]));
        at[i] = (struct live_sku){sku.id, sku.code};
    }
    want->skus = at;
    return OK;
}

static int compare_ids(const void *a, const void *b)
{
    const location_id *x = a, *y = b;
    return x->v < y->v ? -1 : x->v > y->v;
}

static err_t read_locations(struct ctx *ctx, str text, struct level_want *want)
{
    str *codes;
    struct location location;
    bool is_found;
    TRY(split_codes(ctx, text, "location", LIMIT_LIVE_LOCATIONS, &codes,
                    &want->location_count));
    location_id *at =
        arena_array(ctx->arena, location_id, want->location_count);
    for (size_t i = 0; i < want->location_count; i++) {
        TRY(location_find(ctx, codes[i], &location, &is_found));
        if (!is_found)
            return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                           "there is no location %.*s", STR_ARG(codes[i]));
        at[i] = location.id;
    }
    qsort(at, want->location_count, sizeof *at, compare_ids);
    want->locations = at;
    return OK;
}

/* GET /v1/inventory/live */
err_t api_stream_levels(struct ctx *ctx, struct request *req)
{
    struct level_want *want = arena_new(ctx->arena, struct level_want);
    str skus, locations;
    bool has_skus = request_query_find(req, "sku", &skus);
    bool has_locations = request_query_find(req, "location", &locations);
    want->feed.kind = FEED_LEVELS;
    TRY(request_query_end(req));
    if (!has_skus)
        return fail(ctx, ERR_INVALID, "sku", "name the SKUs to watch");
    TRY(read_skus(ctx, skus, want));
    if (has_locations)
        TRY(read_locations(ctx, locations, want));
    req->cmd = want;
    return OK;
}
