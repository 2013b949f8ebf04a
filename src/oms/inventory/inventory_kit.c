/* inventory_kit.c - what can be made of a kit where: the least of what its
 * components allow (I8). */
#include "oms/inventory/inventory_kit.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "store/sql.h"

err_t inventory_is_stocked(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct stock *stock;
    struct stock_level *levels;
    TRY(stock_lock(ctx, &sku, 1, &stock));
    size_t count = stock_levels(stock, sku, &levels);
    *ret = false;
    for (size_t i = 0; i < count; i++)
        *ret |= levels[i].on_hand > 0 || levels[i].incoming > 0;
    return OK;
}

/* ---- as levels ---- */

/* Rounded down, also below zero. */
static int64_t kits_of(int64_t units, int64_t each)
{
    int64_t kits = units / each;
    return units % each < 0 ? kits - 1 : kits;
}

static int compare_levels(const void *a, const void *b)
{
    const struct stock_level *x = a, *y = b;
    if (x->sku.v != y->sku.v)
        return x->sku.v < y->sku.v ? -1 : 1;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* The levels of all components but the first, where the first has one. */
static err_t others_at(struct ctx *ctx, const struct kit_part *parts,
                       size_t part_count, const struct stock_level *first,
                       size_t count, struct sql_rows *ret)
{
    enum { PARAMS = 3 };
    size_t rows = (part_count - 1) * count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, rows * PARAMS);
    struct sql_arg *at = args;
    *ret = (struct sql_rows){.count = 0};
    for (size_t i = 1; i < part_count; i++)
        for (size_t j = 0; j < count; j++) {
            *at++ = sql_i(id_bucket(parts[i].sku.v));
            *at++ = sql_i(parts[i].sku.v);
            *at++ = sql_i(first[j].location.v);
        }
    if (rows == 0)
        return OK;
    return sql_list_many(ctx, SQL_LEVEL_LIST_AT, args, PARAMS, rows, ret);
}

/* All levels that count for a page, and the policies on them. */
struct parts {
    const struct kit_part *at;
    size_t count;
    struct map *levels; /* By (SKU, location). */
    struct level_policies policies;
};

static err_t read_levels(struct ctx *ctx, const struct stock_level *first,
                         size_t count, struct parts *ret)
{
    struct sql_rows rows;
    TRY(others_at(ctx, ret->at, ret->count, first, count, &rows));
    size_t n = count + rows.count;
    struct stock_level *levels = arena_array(ctx->arena, struct stock_level, n);
    if (count > 0)
        memcpy(levels, first, count * sizeof *levels);
    for (size_t i = 0; i < rows.count; i++)
        level_read(&rows, i, &levels[count + i]);
    if (n > 1)
        qsort(levels, n, sizeof *levels, compare_levels);
    ret->levels = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(
            ret->levels,
            (struct map_key){.a = levels[i].sku.v, .b = levels[i].location.v},
            &levels[i]);
    return safety_list(ctx, levels, n, &ret->policies);
}

/* False where some component has no level. */
static bool kit_at(const struct parts *parts, location_id location,
                   channel_id channel, struct kit_level *ret)
{
    *ret = (struct kit_level){location, INT64_MAX, INT64_MAX};
    for (size_t i = 0; i < parts->count; i++) {
        struct map_key key = {.a = parts->at[i].sku.v, .b = location.v};
        const struct stock_level *level = map_find(parts->levels, key);
        if (!level)
            return false;
        int64_t each = parts->at[i].quantity;
        int64_t available = kits_of(stock_available(level), each);
        int64_t sellable =
            kits_of(safety_sellable(&parts->policies, level, channel), each);
        if (available < ret->available)
            ret->available = available;
        if (sellable < ret->sellable)
            ret->sellable = sellable;
    }
    return true;
}

err_t kit_level_page(struct ctx *ctx, const struct level_filter *kit,
                     channel_id channel, struct kit_page *ret)
{
    struct kit_part *at;
    struct parts parts = {.count = 0};
    struct level_filter filter = *kit;
    struct stock_level *first;
    size_t count;
    *ret = (struct kit_page){.at = NULL};
    TRY(kit_part_list(ctx, &kit->sku, 1, &at, &parts.count));
    if (parts.count == 0)
        return OK;
    parts.at = at;
    filter.sku = at[0].sku;
    TRY(level_page(ctx, &filter, &first, &count));
    TRY(read_levels(ctx, first, count, &parts));
    ret->at = arena_array(ctx->arena, struct kit_level, count);
    for (size_t i = 0; i < count; i++)
        ret->count +=
            kit_at(&parts, first[i].location, channel, &ret->at[ret->count]);
    ret->is_full = count == kit->limit;
    if (count > 0)
        ret->last = first[count - 1].location;
    return OK;
}

static void put_kit(struct json_out *out, const struct sku *kit,
                    const struct kit_level *level, str location,
                    bool has_channel)
{
    static const char *const empty[] = {
        "on_hand",         "committed", "reserved", "damaged",
        "quality_control", "held",      "incoming", "safety_stock"};
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", kit->id.v);
    json_put_str(out, "sku", kit->code);
    json_put_id(out, "location_id", "loc", level->location.v);
    json_put_str(out, "location", location);
    for (size_t i = 0; i < COUNT_OF(empty); i++)
        json_put_i64(out, empty[i], 0);
    json_put_null(out, "low_stock");
    json_put_i64(out, "available", level->available > 0 ? level->available : 0);
    json_put_i64(out, "available_raw", level->available);
    if (has_channel)
        json_put_i64(out, "sellable",
                     level->sellable > 0 ? level->sellable : 0);
    json_put_bool(out, "is_kit", true);
    json_put_i64(out, "version", kit->version);
    json_end_object(out);
}

err_t kit_levels_write(struct ctx *ctx, struct json_out *out,
                       const struct sku *kit, const struct kit_page *page,
                       bool has_channel)
{
    location_id *ids = arena_array(ctx->arena, location_id, page->count);
    struct location *locations;
    size_t n;
    for (size_t i = 0; i < page->count; i++)
        ids[i] = page->at[i].location;
    TRY(location_list_ids(ctx, ids, page->count, &locations, &n));
    struct map *codes = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(codes, (struct map_key){.a = locations[i].id.v},
                &locations[i].code);
    for (size_t i = 0; i < page->count; i++) {
        const str *code =
            map_find(codes, (struct map_key){.a = page->at[i].location.v});
        put_kit(out, kit, &page->at[i], code ? *code : STR(""), has_channel);
    }
    return OK;
}
