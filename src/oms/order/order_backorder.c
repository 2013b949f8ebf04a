/* order_backorder.c - the consumer that tells inventory what orders wait for.
 *
 * Events only say which orders to look at again; inventory compares what they
 * wait for now with what it has summed of them.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/order/order_backorder_sql.h"
#include "oms/order/order_store.h"
#include "oms/order/order_wait.h"
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

/* What the orders wait for now. */
static err_t list_lines(struct ctx *ctx, const order_id *orders, size_t count,
                        struct backorder **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        keys[i * 2] = sql_i(id_bucket(orders[i].v));
        keys[i * 2 + 1] = sql_i(orders[i].v);
    }
    TRY(sql_list_many(ctx, SQL_ORDER_BACKORDER_LIST, keys, 2, count, &rows));
    *ret = arena_array(ctx->arena, struct backorder, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct backorder){
            .order = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
            .rank = sql_int(&rows, i, 4),
            .channel = {sql_int(&rows, i, 5)},
        };
    return OK;
}

err_t order_backorder_follow(struct ctx *ctx, const order_id *orders,
                             size_t count)
{
    struct backorder_book *book;
    struct backorder *lines;
    size_t line_count;
    if (count == 0)
        return OK;
    TRY(backorder_open(ctx, orders, count, &book));
    TRY(list_lines(ctx, orders, count, &lines, &line_count));
    TRY(backorder_follow(ctx, book, lines, line_count));
    order_id *waiting = arena_array(ctx->arena, order_id, line_count);
    for (size_t i = 0; i < line_count; i++)
        waiting[i] = lines[i].order;
    return order_wait_touch(ctx, waiting, line_count, orders, count);
}

/* Whether who may be served from where can be otherwise now. */
static bool is_about_places(const struct event *event)
{
    static const char *const types[] = {
        "routing.changed", "routing.brand_changed", "channel.changed",
        "location.created", "location.changed"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_equal_cstr(event->type, types[i]))
            return true;
    return false;
}

err_t order_backorder_consume(struct ctx *ctx, const struct event *events,
                              size_t count)
{
    order_id *orders = arena_array(ctx->arena, order_id, count);
    size_t n = collect(ctx, events, count, orders);
    bool is_all = false;
    for (size_t i = 0; i < count; i++)
        is_all |= is_about_places(&events[i]);
    TRY(order_backorder_follow(ctx, orders, n));
    return is_all ? wait_wake_all(ctx) : OK;
}
