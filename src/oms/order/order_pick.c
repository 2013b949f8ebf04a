/* order_pick.c - lines of orders for pick tickets, in set reads. */
#include "oms/order/order_pick.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json_any.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/order/order_pick_sql.h"
#include "store/sql.h"

/* The attributes stand in the line's document. */
static err_t read_attrs(struct ctx *ctx, str doc, str *ret)
{
    json_any any;
    TRY(json_any_parse(ctx, &doc, &any));
    *ret = STR("{}");
    if (json_any_kind(json_any_get(any, "attrs")) == JSON_KIND_OBJECT)
        *ret = json_any_dump(ctx->arena, json_any_get(any, "attrs"));
    json_any_close(any);
    return OK;
}

err_t order_line_texts(struct ctx *ctx, const struct order_line_key *keys,
                       size_t count, struct order_line_text **ret,
                       size_t *ret_count)
{
    struct sql_rows rows = {0};
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 3);
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = keys[i].order.v, .b = keys[i].n};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &args[n * 3]);
        args[n * 3] = sql_i(id_bucket(keys[i].order.v));
        args[n * 3 + 1] = sql_i(keys[i].order.v);
        args[n++ * 3 + 2] = sql_i(keys[i].n);
    }
    if (n > 0)
        TRY(sql_list_many(ctx, SQL_ORDER_LINE_TEXTS, args, 3, n, &rows));
    *ret = arena_array(ctx->arena, struct order_line_text, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct order_line_text *text = &(*ret)[i];
        *text = (struct order_line_text){
            .key = {{sql_int(&rows, i, 0)}, sql_int(&rows, i, 1)},
            .sku = {sql_int(&rows,                      i,                       2) },
            .sku_code = sql_str(&rows, i, 3),
            .title = sql_str(&rows, i, 4),
            .number = sql_str(&rows, i, 5),
            .is_kit = sql_int(&rows, i, 7) != 0,
        };
        TRY(read_attrs(ctx, sql_str(&rows, i, 6), &text->attrs));
    }
    return OK;
}

/* A part, and its place in the kit. */
struct placed {
    struct order_kit_part part;
    int64_t n;
};

static int compare_keys(struct order_line_key x, struct order_line_key y)
{
    if (x.order.v != y.order.v)
        return x.order.v < y.order.v ? -1 : 1;
    return (x.n > y.n) - (x.n < y.n);
}

static int compare_parts(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int by = compare_keys(x->part.key, y->part.key);
    return by ? by : (x->n > y->n) - (x->n < y->n);
}

err_t order_kit_parts(struct ctx *ctx, const order_id *orders, size_t count,
                      struct order_kit_part **ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = orders[i].v};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &args[n * 2]);
        args[n * 2] = sql_i(id_bucket(orders[i].v));
        args[n++ * 2 + 1] = sql_i(orders[i].v);
    }
    if (n > 0)
        TRY(sql_list_many(ctx, SQL_ORDER_KIT_PARTS, args, 2, n, &rows));
    struct placed *placed = arena_array(ctx->arena, struct placed, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        placed[i].part = (struct order_kit_part){
            .key = {{sql_int(&rows, i, 0)}, sql_int(&rows, i, 1)},
            .sku = {sql_int(&rows,                      i,                       3) },
            .quantity = sql_int(&rows, i, 4)
        };
        placed[i].n = sql_int(&rows, i, 2);
    }
    if (rows.count > 1)
        qsort(placed, rows.count, sizeof *placed, compare_parts);
    *ret = arena_array(ctx->arena, struct order_kit_part, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = placed[i].part;
    return OK;
}

const struct order_kit_part *
order_kit_parts_of(const struct order_kit_part *parts, size_t count,
                   struct order_line_key key, size_t *ret_count)
{
    size_t low = 0, high = count, n = 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_keys(parts[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + n < count && compare_keys(parts[low + n].key, key) == 0)
        n++;
    *ret_count = n;
    return n > 0 ? parts + low : NULL;
}
