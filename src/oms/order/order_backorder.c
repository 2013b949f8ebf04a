/* order_backorder.c - the consumer that tells inventory what orders wait for.
 *
 * Events only say which orders to look at again; inventory compares what they
 * wait for now with what it has summed of them.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/order/order_backorder_sql.h"
#include "oms/order/order_store.h"
#include "store/event.h"
#include "store/sql.h"

/* The orders that events are about, once each. */
static size_t collect(struct ctx *ctx, const struct event *events, size_t count,
                      order_id *ret)
{
    size_t n = 0;
    struct map *seen = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = events[i].subject_id};
        if (!str_equal_cstr(events[i].subject_kind, "order") ||
            map_find(seen, key))
            continue;
        ret[n++] = (order_id){events[i].subject_id};
        map_set(seen, key, &ret[n - 1]);
    }
    return n;
}

err_t order_backorder_consume(struct ctx *ctx, const struct event *events,
                              size_t count)
{
    order_id *orders = arena_array(ctx->arena, order_id, count);
    size_t n = collect(ctx, events, count, orders);
    if (n == 0)
        return OK;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, n * 2);
    for (size_t i = 0; i < n; i++) {
        keys[i * 2] = sql_i(id_bucket(orders[i].v));
        keys[i * 2 + 1] = sql_i(orders[i].v);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_ORDER_BACKORDER_LIST, keys, 2, n, &rows));
    struct backorder *lines =
        arena_array(ctx->arena, struct backorder, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        lines[i] = (struct backorder){
            .order = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
        };
    return backorder_follow(ctx, orders, n, lines, rows.count);
}
