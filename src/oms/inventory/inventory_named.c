/* inventory_named.c - codes to rows and ids back to codes, in set reads. */
#include "oms/inventory/inventory_named.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_store.h"

err_t named_skus(struct ctx *ctx, const str *codes, size_t count,
                 struct named *ret)
{
    struct sku *skus;
    size_t n;
    TRY(sku_list_codes(ctx, codes, count, &skus, &n));
    ret->skus = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->skus, (struct map_key){.s = skus[i].code}, &skus[i]);
    return OK;
}

err_t named_locations(struct ctx *ctx, const str *codes, size_t count,
                      struct named *ret)
{
    struct location *locations;
    size_t n;
    TRY(location_list_codes(ctx, codes, count, &locations, &n));
    ret->locations = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->locations, (struct map_key){.s = locations[i].code},
                &locations[i]);
    return OK;
}

const struct sku *named_sku(const struct named *named, str code)
{
    return map_find(named->skus, (struct map_key){.s = code});
}

const struct location *named_location(const struct named *named, str code)
{
    return map_find(named->locations, (struct map_key){.s = code});
}

err_t named_sku_get(struct ctx *ctx, const struct named *named, str code,
                    const struct sku **ret)
{
    *ret = named_sku(named, code);
    if (*ret)
        return OK;
    return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                   "there is no SKU with this code");
}

err_t named_location_get(struct ctx *ctx, const char *field, str code,
                         struct location *ret)
{
    bool found;
    TRY(location_find(ctx, code, ret, &found));
    if (found)
        return OK;
    return fail_as(ctx, ERR_INVALID, "location_unknown", field,
                   "there is no location with this code");
}

err_t fail_in(struct ctx *ctx, err_t err, const char *list, size_t i)
{
    char field[sizeof ctx->err.field];
    if (err == OK || err == ERR_RETRY || ctx->err.code == OK)
        return err;
    memcpy(field, ctx->err.field, sizeof field);
    int room = (int)sizeof field - 24 - (int)strlen(list);
    snprintf(ctx->err.field, sizeof ctx->err.field, "%s[%zu]%s%.*s", list, i,
             field[0] ? "." : "", room, field);
    return err;
}

err_t codes_of_skus(struct ctx *ctx, const sku_id *ids, size_t count,
                    struct codes *ret)
{
    struct sku *skus;
    size_t n;
    TRY(sku_list_ids(ctx, ids, count, &skus, &n));
    ret->skus = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->skus, (struct map_key){.a = skus[i].id.v}, &skus[i].code);
    return OK;
}

err_t codes_of_locations(struct ctx *ctx, const location_id *ids, size_t count,
                         struct codes *ret)
{
    struct location *locations;
    size_t n;
    TRY(location_list_ids(ctx, ids, count, &locations, &n));
    ret->locations = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->locations, (struct map_key){.a = locations[i].id.v},
                &locations[i].code);
    return OK;
}

static str code_of(const struct map *codes, int64_t id)
{
    const str *code = map_find(codes, (struct map_key){.a = id});
    return code ? *code : STR("");
}

str code_of_sku(const struct codes *codes, sku_id id)
{
    return code_of(codes->skus, id.v);
}

str code_of_location(const struct codes *codes, location_id id)
{
    return code_of(codes->locations, id.v);
}
