/* order_fulfil.c - moves units of a locked order and saves it with its event.
 */
#include "oms/order/order_fulfil.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/degrees.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_held.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "oms/order/order_then.h"
#include "store/event.h"
#include "store/sql.h"

/* Where units come from, where they go, and what too many are called. */
struct way {
    int64_t *from, *to;
    const char *slug, *name;
};

static struct way way_of(struct order_line *line, enum order_fulfil_move move)
{
    switch (move) {
    case ORDER_ALLOCATE: break;
    case ORDER_UNALLOCATE:
        return (struct way){&line->allocated, &line->unallocated,
                            "over_unallocated", "allocated"};
    case ORDER_BACKORDER:
        return (struct way){&line->unallocated, &line->backordered,
                            "over_backordered", "unallocated"};
    case ORDER_PICK:
        return (struct way){&line->allocated, &line->picked, "over_picked",
                            "allocated"};
    case ORDER_UNPICK:
        return (struct way){&line->picked, &line->allocated, "over_unpicked",
                            "picked"};
    case ORDER_SHIP:
        return (struct way){&line->picked, &line->shipped, "over_shipped",
                            "picked"};
    case ORDER_SERVE:
        return (struct way){&line->backordered, &line->allocated,
                            "over_allocated", "backordered"};
    }
    return (struct way){&line->unallocated, &line->allocated, "over_allocated",
                        "waiting"};
}

static err_t check_line(struct ctx *ctx, const struct order *order, int64_t n)
{
    if (n < 1 || n > (int64_t)order->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "n",
                       "the order has lines 1 to %zu", order->line_count);
    return OK;
}

static err_t check_order(struct ctx *ctx, const struct order *order, int64_t n)
{
    if (order->status != ORDER_CONFIRMED)
        return fail_as(ctx, ERR_STATE, "order_not_open", "status",
                       "the order is %s; its units move while it is confirmed",
                       order_status_name(order->status));
    return check_line(ctx, order, n);
}

err_t order_fulfil(struct ctx *ctx, struct order *order,
                   enum order_fulfil_move move, int64_t n, int64_t qty)
{
    TRY(check_order(ctx, order, n));
    struct order_line *line = &order->lines[n - 1];
    struct way way = way_of(line, move);
    int64_t waiting = move == ORDER_ALLOCATE ? line->backordered : 0;
    ASSERT(line->n == n && qty > 0);
    if (qty > *way.from + waiting)
        return fail_as(ctx, ERR_INVALID, way.slug, "quantity",
                       "line %lld has %lld %s units", (long long)n,
                       (long long)(*way.from + waiting), way.name);
    int64_t first = qty < *way.from ? qty : *way.from;
    *way.from -= first;
    line->backordered -= qty - first;
    *way.to += qty;
    ASSERT(line->ordered - line->cancelled ==
           line->unallocated + line->backordered + line->allocated +
               line->picked + line->shipped);
    return OK;
}

err_t order_deliver(struct ctx *ctx, struct order *order, int64_t n,
                    int64_t qty)
{
    TRY(check_line(ctx, order, n));
    struct order_line *line = &order->lines[n - 1];
    ASSERT(line->n == n && qty > 0);
    if (qty > line->shipped - line->delivered)
        return fail_as(ctx, ERR_INVALID, "over_delivered", "quantity",
                       "line %lld has %lld units on their way", (long long)n,
                       (long long)(line->shipped - line->delivered));
    line->delivered += qty;
    return OK;
}

static bool has_open_units(const struct order *order)
{
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        if (line->unallocated + line->backordered + line->allocated +
                line->picked >
            0)
            return true;
    }
    return false;
}

static err_t note_text(struct ctx *ctx, const struct order *before,
                       const struct order *order, const struct order_note *note,
                       str *ret)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", order->version);
    json_put_cstr(&out, "status", order_status_name(order->status));
    if (note->write)
        note->write(&out, note->arg);
    order_put_was(&out, before, order);
    json_end_object(&out);
    if (buf.is_full)
        return fail_as(ctx, ERR_INVALID, "change_too_large", "lines",
                       "this is more than one event can tell (%d bytes); "
                       "change fewer lines at once",
                       LIMIT_EVENT_BYTES);
    *ret = buf_str(&buf);
    return OK;
}

err_t order_note(struct ctx *ctx, const struct order *before,
                 struct order *order, const struct order_note *note)
{
    ASSERT(ctx->tx && order->version == before->version);
    if (order->status == ORDER_CONFIRMED && !has_open_units(order)) {
        TRY(order_move(ctx, order, ORDER_EVENT_COMPLETE));
        TRY(order_held_end(ctx, order));
    }
    TRY(order_allocations_read(ctx, order));
    if (strcmp(note->type, "order.allocated") == 0 ||
        strcmp(note->type, "order.unallocated") == 0)
        TRY(order_route_follow(ctx, before, order));
    order->version += 1;
    order->updated_at = ctx->now;
    TRY(order_save(ctx, order));
    str data;
    TRY(note_text(ctx, before, order, note, &data));
    struct event event = {.id = note->event_id,
                          .at = ctx->now,
                          .type = str_from_cstr(note->type),
                          .subject_kind = STR("order"),
                          .subject_id = order->id.v,
                          .actor = ctx->actor,
                          .data = data};
    return event_add_many(ctx, &event, 1);
}

static const char *const methods[] = {"ship", "pickup", "digital"};

enum order_method order_method_of(str name)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_equal_cstr(name, methods[i]))
            return (enum order_method)(i + 1);
    return ORDER_SHIPPED;
}

const char *order_method_name(enum order_method method)
{
    ASSERT(method >= ORDER_SHIPPED && method <= ORDER_DIGITAL);
    return methods[method - 1];
}

err_t order_destination(struct ctx *ctx, const struct order *order,
                        struct order_route_facts *ret)
{
    struct json_in *in, *to = NULL;
    int method = 0;
    struct order_route_facts facts = {0};
    TRY(json_parse(ctx, order->doc, &in));
    TRY(json_opt_enum(in, "method", methods, COUNT_OF(methods), &method));
    TRY(json_opt_time(in, "fulfil_at", &facts.fulfil_at));
    TRY(json_opt_str(in, "service", 0, SIZE_MAX, &facts.service));
    TRY(json_opt_str(in, "incoterm", 0, SIZE_MAX, &facts.incoterm));
    TRY(json_opt_str(in, "pickup_location", 0, SIZE_MAX,
                     &facts.pickup_location));
    TRY(json_opt_object(in, "shipping_address", &to));
    if (to) {
        TRY(json_opt_str(to, "country", 0, SIZE_MAX, &facts.country));
        TRY(json_opt_str(to, "region", 0, SIZE_MAX, &facts.region));
        TRY(json_opt_str(to, "city", 0, SIZE_MAX, &facts.city));
        TRY(json_opt_str(to, "postal_code", 0, SIZE_MAX, &facts.postal_code));
        TRY(json_opt_point(to, &facts.lat_e6, &facts.lon_e6, &facts.has_point));
    }
    facts.method = (enum order_method)(method + 1);
    *ret = facts;
    return OK;
}

err_t order_line_day(struct ctx *ctx, const struct order_line *line,
                     utc_ms of_order, utc_ms *ret)
{
    struct json_in *in;
    TRY(json_parse(ctx, line->doc, &in));
    if (!json_has(in, "fulfil_at")) {
        *ret = of_order;
        return OK;
    }
    return json_opt_time(in, "fulfil_at", ret);
}

err_t order_may_leave(struct ctx *ctx, const struct order *order, bool *ret)
{
    struct channel channel;
    TRY(channel_get(ctx, order->channel, &channel));
    *ret = order_is_releasable(order->status, order_total_now(order),
                               &order->pay, channel.payment_release);
    return OK;
}

/* ---- bars ---- */

err_t order_bar_add(struct ctx *ctx, const struct order_bar *bars, size_t count)
{
    enum { PARAMS = 4 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(bars[i].order.v);
        args[i * PARAMS + 1] = sql_i(bars[i].n);
        args[i * PARAMS + 2] = sql_i(bars[i].location.v);
        args[i * PARAMS + 3] = sql_i(id_bucket(bars[i].order.v));
    }
    return sql_run_many(ctx, SQL_ORDER_BAR_ADD, args, PARAMS, count, NULL);
}

err_t order_bar_drop(struct ctx *ctx, order_id order, location_id location)
{
    struct sql_arg args[] = {sql_i(order.v), sql_i(location.v)};
    return sql_run(ctx, SQL_ORDER_BAR_DROP, args, COUNT_OF(args), NULL);
}

err_t order_bar_list(struct ctx *ctx, const order_id *orders, size_t count,
                     struct order_bar **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i].v);
    TRY(sql_list_distinct(ctx, SQL_ORDER_BAR_LIST, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct order_bar, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct order_bar){{sql_int(&rows, i, 0)},
                                       sql_int(&rows, i, 1),
                                       {sql_int(&rows, i, 2)}};
    return OK;
}

/* ---- gates ---- */

err_t order_gate_add(struct ctx *ctx, order_id order, int64_t first,
                     int64_t count)
{
    enum { PARAMS = 3 };
    ASSERT(first > 0 && count > 0);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, (size_t)count * PARAMS);
    for (int64_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(order.v);
        args[i * PARAMS + 1] = sql_i(first + i);
        args[i * PARAMS + 2] = sql_i(id_bucket(order.v));
    }
    return sql_run_many(ctx, SQL_ORDER_GATE_ADD, args, PARAMS, (size_t)count,
                        NULL);
}

err_t order_gate_drop(struct ctx *ctx, order_id order, int64_t first,
                      int64_t count)
{
    struct sql_arg args[] = {sql_i(order.v), sql_i(first),
                             sql_i(first + count - 1)};
    return sql_run(ctx, SQL_ORDER_GATE_DROP, args, COUNT_OF(args), NULL);
}

err_t order_gate_list(struct ctx *ctx, order_id order, int64_t **ret,
                      size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_ORDER_GATE_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, int64_t, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = sql_int(&rows, i, 0);
    return OK;
}
