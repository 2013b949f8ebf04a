/* routing_promise_store.c - promises of orders as rows and documents. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_zone.h"
#include "store/sql.h"

enum { DOC_BYTES = 1024 };

static void put_day(struct json_out *out, const char *key, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    date_to_text(day, text);
    json_put_str(out, key, (str){text, sizeof text});
}

void routing_promise_put(struct json_out *out,
                         const struct routing_promise *promise)
{
    json_put_str(out, "service", promise->service);
    json_put_str(out, "zone", promise->zone);
    json_put_time(out, "computed_at", promise->from);
    json_put_time(out, "cutoff_at", promise->cutoff_at);
    put_day(out, "start_on", promise->start_day);
    json_put_i64(out, "handling_days", promise->handling_days);
    put_day(out, "ship_on", promise->ship_day);
    json_put_time(out, "ship_at", promise->ship_at);
    json_put_i64(out, "transit_days", promise->transit_days);
    put_day(out, "deliver_on", promise->deliver_day);
    json_put_time(out, "promise_at", promise->promise_at);
}

static str promise_doc(struct arena *arena,
                       const struct routing_promise *promise)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, DOC_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    routing_promise_put(&out, promise);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

err_t routing_promise_save(struct ctx *ctx,
                           const struct routing_promise_set *sets, size_t count)
{
    enum { PARAMS = 5 };
    size_t rows = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        rows += sets[i].count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, rows * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < sets[i].count; j++) {
            const struct routing_promise *promise = &sets[i].at[j];
            if (!promise->is_known)
                continue;
            *at++ = sql_i(sets[i].order.v);
            *at++ = sql_i(promise->location.v);
            *at++ = sql_i(id_bucket(sets[i].order.v));
            *at++ = sql_i(promise->promise_at);
            *at++ = sql_s(promise_doc(ctx->arena, promise));
            n++;
        }
    return n > 0 ? sql_run_many(ctx, SQL_ROUTING_PROMISE_ADD, args, PARAMS, n,
                                NULL)
                 : OK;
}

err_t routing_promise_keep(struct ctx *ctx, order_id order,
                           const location_id *locations, size_t count)
{
    struct routing_promised *rows;
    size_t row_count;
    TRY(routing_promise_list(ctx, &order, 1, &rows, &row_count));
    for (size_t i = 0; i < row_count; i++) {
        bool is_kept = false;
        for (size_t j = 0; j < count; j++)
            is_kept |= locations[j].v == rows[i].location.v;
        if (is_kept)
            continue;
        struct sql_arg args[] = {sql_i(id_bucket(order.v)), sql_i(order.v),
                                 sql_i(rows[i].location.v)};
        TRY(sql_run(ctx, SQL_ROUTING_PROMISE_DROP, args, COUNT_OF(args), NULL));
    }
    return OK;
}

static int compare_promised(const void *a, const void *b)
{
    const struct routing_promised *x = a, *y = b;
    if (x->order.v != y->order.v)
        return x->order.v < y->order.v ? -1 : 1;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

err_t routing_promise_list(struct ctx *ctx, const order_id *orders,
                           size_t count, struct routing_promised **ret,
                           size_t *ret_count)
{
    enum { PARAMS = 2 };
    struct sql_rows rows;
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        keys[i * PARAMS] = sql_i(id_bucket(orders[i].v));
        keys[i * PARAMS + 1] = sql_i(orders[i].v);
    }
    TRY(sql_list_many(ctx, SQL_ROUTING_PROMISE_LIST, keys, PARAMS, count,
                      &rows));
    *ret = arena_array(ctx->arena, struct routing_promised, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        (*ret)[i] =
            (struct routing_promised){.order = {sql_int(&rows, i, 0)},
                                      .location = {sql_int(&rows, i, 1)},
                                      .promise_at = sql_int(&rows, i, 2),
                                      .doc = sql_str(&rows, i, 4)};
        (void)time_from_text(sql_str(&rows, i, 3), &(*ret)[i].ship_at);
    }
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, compare_promised);
    *ret_count = rows.count;
    return OK;
}
