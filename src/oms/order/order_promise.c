/* order_promise.c - what orders that wait are told: when, when that changes,
 * and when it was not kept.
 *
 * An order is told once all its queues have been walked, so that one delivery
 * that moves is one event however many lines it was for. The row of
 * order_waits remembers what was told.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_store.h"
#include "oms/order/order_then.h"
#include "oms/order/order_wait.h"
#include "oms/order/order_wait_sql.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/sql.h"

enum { TELL_ORDERS = 200, WAITING_MS = 250 };

/* A row of order_waits. */
struct told {
    order_id order;
    int64_t priority;
    utc_ms was, now;
    bool is_missed;
    str number;
    const struct wait_line *lines; /* Of the order. */
    size_t count;
};

utc_ms order_promise_of(const struct wait_line *lines, size_t count)
{
    utc_ms last = PROMISE_NOW;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].promise_at == 0)
            return 0;
        last = lines[i].promise_at > last ? lines[i].promise_at : last;
    }
    /* Of kits all of whose parts lie there, but apart, nobody knows more. */
    return last == PROMISE_NOW ? 0 : last;
}

/* ---- rows ---- */

err_t order_wait_touch(struct ctx *ctx, const order_id *waiting,
                       size_t waiting_count, const order_id *others,
                       size_t other_count)
{
    struct map *seen = map_open(ctx->arena, waiting_count);
    struct sql_arg *adds =
        arena_array(ctx->arena, struct sql_arg, waiting_count * 2);
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, other_count);
    size_t n = 0;
    for (size_t i = 0; i < waiting_count; i++) {
        struct map_key key = {.a = waiting[i].v};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &adds[n * 2]);
        adds[n * 2] = sql_i(waiting[i].v);
        adds[n++ * 2 + 1] = sql_i(id_bucket(waiting[i].v));
    }
    for (size_t i = 0; i < other_count; i++)
        ids[i] = sql_i(others[i].v);
    if (n > 0)
        TRY(sql_run_many(ctx, SQL_ORDER_WAIT_ADD, adds, 2, n, NULL));
    return other_count > 0 ? sql_run_many(ctx, SQL_ORDER_WAIT_STALE, ids, 1,
                                          other_count, NULL)
                           : OK;
}

err_t order_wait_get(struct ctx *ctx, order_id id, struct order_wait *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_WAIT_GET, args, COUNT_OF(args), &rows));
    *ret = (struct order_wait){0};
    if (rows.count == 1)
        *ret = (struct order_wait){sql_int(&rows, 0, 0), sql_int(&rows, 0, 1)};
    return OK;
}

/* Due: promised before now. Else those to be looked at again. */
static err_t list(struct ctx *ctx, bool is_due, struct told **ret,
                  size_t *ret_count)
{
    struct sql_arg stale[] = {sql_i(TELL_ORDERS)};
    struct sql_arg due[] = {sql_i(ctx->now), sql_i(TELL_ORDERS)};
    struct sql_rows rows;
    TRY(is_due
            ? sql_list(ctx, SQL_ORDER_WAIT_DUE_LIST, due, COUNT_OF(due), &rows)
            : sql_list(ctx, SQL_ORDER_WAIT_STALE_LIST, stale, COUNT_OF(stale),
                       &rows));
    *ret = arena_array(ctx->arena, struct told, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct told){.order = {sql_int(&rows, i, 0)},
                                  .priority = sql_int(&rows, i, 1),
                                  .was = sql_int(&rows, i, 2),
                                  .now = sql_int(&rows, i, 2),
                                  .is_missed = sql_int(&rows, i, 3) != 0};
    return OK;
}

static err_t read_numbers(struct ctx *ctx, struct told *told, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct map *by_id = map_open(ctx->arena, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        keys[i * 2] = sql_i(id_bucket(told[i].order.v));
        keys[i * 2 + 1] = sql_i(told[i].order.v);
        map_set(by_id, (struct map_key){.a = told[i].order.v}, &told[i]);
    }
    if (count == 0)
        return OK;
    TRY(sql_list_many(ctx, SQL_ORDER_WAIT_NUMBERS, keys, 2, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct told *of =
            map_find(by_id, (struct map_key){.a = sql_int(&rows, i, 0)});
        ASSERT(of);
        of->number = sql_str(&rows, i, 1);
    }
    return OK;
}

/* What they wait for; both stand in order of order. */
static err_t read_lines(struct ctx *ctx, struct told *told, size_t count)
{
    order_id *ids = arena_array(ctx->arena, order_id, count);
    struct wait_line *lines;
    size_t line_count, at = 0;
    for (size_t i = 0; i < count; i++)
        ids[i] = told[i].order;
    TRY(wait_list_orders(ctx, ids, count, &lines, &line_count));
    for (size_t i = 0; i < count; i++) {
        while (at < line_count && lines[at].key.order.v < told[i].order.v)
            at++;
        told[i].lines = lines + at;
        while (at < line_count && lines[at].key.order.v == told[i].order.v) {
            told[i].count++;
            at++;
        }
    }
    return OK;
}

/* ---- events ---- */

void order_promise_put(struct json_out *out, const char *key, utc_ms at)
{
    json_put_time_or_null(out, key, at > PROMISE_NOW ? at : 0);
}

static str promise_text(struct ctx *ctx, const struct told *told)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "number", told->number);
    order_promise_put(&out, "promised_before", told->was);
    order_promise_put(&out, "promise_at", told->now);
    json_begin_list(&out, "lines");
    for (size_t i = 0; i < told->count; i++) {
        const struct wait_line *line = &told->lines[i];
        json_begin(&out, NULL);
        json_put_i64(&out, "n", line->key.n / WAIT_PART);
        json_put_id(&out, "sku", "sku", line->sku.v);
        json_put_i64(&out, "quantity", line->qty);
        order_promise_put(&out, "promise_at", line->promise_at);
        json_end_object(&out);
    }
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t save_told(struct ctx *ctx, const struct told *told, size_t count)
{
    struct sql_arg *saves = arena_array(ctx->arena, struct sql_arg, count * 3);
    struct sql_arg *drops = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0, gone = 0;
    for (size_t i = 0; i < count; i++) {
        if (told[i].count == 0 && told[i].priority == 0) {
            drops[gone++] = sql_i(told[i].order.v);
            continue;
        }
        struct sql_arg *at = &saves[n++ * 3];
        at[0] = sql_i(told[i].now);
        at[1] = sql_i(told[i].is_missed);
        at[2] = sql_i(told[i].order.v);
    }
    if (n > 0)
        TRY(sql_run_many(ctx, SQL_ORDER_WAIT_SAVE, saves, 3, n, NULL));
    return gone > 0
               ? sql_run_many(ctx, SQL_ORDER_WAIT_DROP, drops, 1, gone, NULL)
               : OK;
}

static bool is_turning(const struct told *told)
{
    for (size_t i = 0; i < told->count; i++)
        if (told->lines[i].is_turning)
            return true;
    return false;
}

/* Who waits no longer is told so by what ended it. */
static err_t tell_changed(struct ctx *ctx, bool *ret_is_more)
{
    struct told *told;
    size_t count, n = 0;
    TRY(list(ctx, false, &told, &count));
    *ret_is_more |= count == TELL_ORDERS;
    TRY(read_lines(ctx, told, count));
    for (size_t i = 0; i < count; i++)
        if (!is_turning(&told[i]))
            told[n++] = told[i];
    *ret_is_more &= n > 0;
    TRY(read_numbers(ctx, told, n));
    for (size_t i = 0; i < n; i++) {
        struct told *to = &told[i];
        to->now = order_promise_of(to->lines, to->count);
        if (to->now == to->was)
            continue;
        to->is_missed = false;
        if (to->count > 0)
            TRY(event_add(ctx, "order.promise_changed", "order", to->order.v,
                          promise_text(ctx, to), NULL));
    }
    return save_told(ctx, told, n);
}

static int by_order(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    return (x->order.v > y->order.v) - (x->order.v < y->order.v);
}

static err_t tell_missed(struct ctx *ctx, bool *ret_is_more)
{
    struct told *told;
    size_t count;
    TRY(list(ctx, true, &told, &count));
    *ret_is_more |= count == TELL_ORDERS;
    if (count > 1)
        qsort(told, count, sizeof *told, by_order);
    TRY(read_lines(ctx, told, count));
    TRY(read_numbers(ctx, told, count));
    for (size_t i = 0; i < count; i++) {
        told[i].is_missed = true;
        if (told[i].count > 0)
            TRY(event_add(ctx, "order.promise_missed", "order", told[i].order.v,
                          promise_text(ctx, &told[i]), NULL));
    }
    return save_told(ctx, told, count);
}

err_t order_promise_turn(struct ctx *ctx, bool *ret_is_more)
{
    bool more_changed = false, more_missed = false;
    TRY(tell_changed(ctx, &more_changed));
    TRY(tell_missed(ctx, &more_missed));
    *ret_is_more |= more_changed || more_missed;
    return OK;
}

/* ---- the timer ---- */

static err_t turn(struct ctx *ctx, bool *ret_is_more)
{
    TRY(order_serve_turn(ctx, ret_is_more));
    TRY(order_peg_turn(ctx, ret_is_more));
    return order_promise_turn(ctx, ret_is_more);
}

err_t order_wait_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    bool turning;
    TRY(wait_is_turning(ctx, &turning));
    TRY(sql_list(ctx, SQL_ORDER_WAIT_NEXT, NULL, 0, &rows));
    *ret = sql_is_null(&rows, 0, 1) ? 0 : sql_int(&rows, 0, 1) + 1;
    if (turning || sql_int(&rows, 0, 0))
        *ret = ctx->now;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "waiting",
     .period_ms = WAITING_MS,
     .run = turn,
     .next_at = order_wait_next_at},
};
const struct timer_list order_timers = {timers, COUNT_OF(timers)};

/* ---- priority ---- */

static void write_priority(struct json_out *out, const void *arg)
{
    const struct order_priority_cmd *cmd = arg;
    json_put_i64(out, "priority", cmd->priority);
}

err_t order_set_priority(struct ctx *ctx, const struct order_priority_cmd *cmd,
                         struct order *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct order order;
    TRY(order_lock(ctx, cmd->id, &order));
    TRY(check_version(ctx, cmd->version, order.version));
    if (order.status != ORDER_PENDING && order.status != ORDER_CONFIRMED)
        return fail(ctx, ERR_STATE, "status",
                    "the order is %s; only a pending or confirmed one waits",
                    order_status_name(order.status));
    struct order before = order_keep(ctx->arena, &order);
    struct sql_arg args[] = {sql_i(cmd->id.v), sql_i(id_bucket(cmd->id.v)),
                             sql_i(cmd->priority)};
    struct order_note note = {.type = "order.prioritized",
                              .event_id = event_id(ctx, cmd->id.v),
                              .write = write_priority,
                              .arg = cmd};
    TRY(sql_run(ctx, SQL_ORDER_WAIT_PRIORITIZE, args, COUNT_OF(args), NULL));
    TRY(order_note(ctx, &before, &order, &note));
    return order_get(ctx, cmd->id, ret);
}
