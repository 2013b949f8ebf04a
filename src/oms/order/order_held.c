/* order_held.c - see order_held.h. */
#include "oms/order/order_held.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/order/order_held_sql.h"
#include "oms/order/order_rules.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 512 };

const char *const order_hold_reasons[ORDER_HOLD_OTHER] = {
    "fraud_review", "address", "payment", "customer", "stock", "other"};

err_t order_held_many(struct ctx *ctx, const order_id *ids, size_t count,
                      struct order_held *ret)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    struct map *by_id = map_open(ctx->arena, count);
    struct sql_rows rows;
    if (count == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        args[i] = sql_i(ids[i].v);
        ret[i] = (struct order_held){.is_whole = false};
        map_set(by_id, (struct map_key){.a = ids[i].v}, &ret[i]);
    }
    TRY(sql_list_many(ctx, SQL_ORDER_HELD_ROWS, args, 1, count, &rows));
    int64_t *lines = arena_array(ctx->arena, int64_t, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct order_held *held =
            map_find(by_id, (struct map_key){.a = sql_int(&rows, i, 0)});
        lines[i] = sql_int(&rows, i, 1);
        held->is_whole |= lines[i] == 0;
        if (lines[i] != 0 && held->count++ == 0)
            held->lines = &lines[i];
    }
    return OK;
}

bool order_is_held(const struct order_held *held, int64_t n)
{
    for (size_t i = 0; i < held->count; i++)
        if (held->lines[i] == n)
            return true;
    return held->is_whole;
}

/* ---- the end of an order ---- */

/* A row is id, version, line, reason, until. */
static err_t end_one(struct ctx *ctx, const struct order *order,
                     const struct sql_rows *rows, size_t i)
{
    int64_t id = sql_int(rows, i, 0), version = sql_int(rows, i, 1), changed;
    int64_t reason = sql_int(rows, i, 3);
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(id), sql_i(version)};
    struct buf buf;
    struct json_out out;
    TRY(sql_run(ctx, SQL_ORDER_HELD_END, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the hold was changed");
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", version + 1);
    json_put_id(&out, "order", "ord", order->id.v);
    json_put_i64_or_null(&out, "line", sql_int(rows, i, 2));
    json_put_cstr(&out, "reason", order_hold_reasons[reason - 1]);
    json_put_time_or_null(&out, "until", sql_int(rows, i, 4));
    json_put_cstr(&out, "because",
                  order->status == ORDER_COMPLETED ? "order_completed"
                                                   : "order_cancelled");
    json_end_object(&out);
    return event_add(ctx, "order_hold.expired", "order_hold", id, buf_str(&buf),
                     NULL);
}

err_t order_held_end(struct ctx *ctx, const struct order *order)
{
    struct sql_arg args[] = {sql_i(order->id.v)};
    struct sql_rows rows;
    ASSERT(ctx->tx);
    ASSERT(order->status == ORDER_COMPLETED ||
           order->status == ORDER_CANCELLED);
    TRY(sql_list(ctx, SQL_ORDER_HELD_LIVE, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(end_one(ctx, order, &rows, i));
    return OK;
}
