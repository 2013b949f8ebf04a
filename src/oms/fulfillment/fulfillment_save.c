/* fulfillment_save.c - the end of a command: rows, events, and the order. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_sql.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_then.h"
#include "oms/routing/routing_zone.h"
#include "store/event.h"
#include "store/sql.h"

enum { ADD_PARAMS = 18, SAVE_PARAMS = 13, LINE_PARAMS = 8 };

void fulfillment_touch(struct fulfillment *fo, const char *type)
{
    if (!fo->told)
        fo->told = type;
}

err_t fulfillment_settle(struct ctx *ctx, struct fulfillment *fo)
{
    int64_t shipped = 0;
    if (fulfillment_is_over(fo) || fulfillment_outstanding(fo) > 0)
        return OK;
    for (size_t i = 0; i < fo->line_count; i++)
        shipped += fo->lines[i].shipped;
    fo->closed_at = ctx->now;
    fo->hold_reason = STR_NONE;
    return fulfillment_move(ctx, fo,
                            shipped > 0 ? FULFILLMENT_EVENT_CLOSE
                                        : FULFILLMENT_EVENT_CANCEL);
}

/* ---- events ---- */

static void put_lines(struct json_out *out, const struct fulfillment *fo)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < fo->line_count; i++) {
        const struct fulfillment_line *line = &fo->lines[i];
        json_begin(out, NULL);
        json_put_i64(out, "line", line->n);
        json_put_i64(out, "n", line->n); /* Its old name. */
        json_put_id(out, "sku", "sku", line->sku.v);
        json_put_i64(out, "quantity", line->qty);
        json_put_i64(out, "picked", line->picked);
        json_put_i64(out, "packed", line->packed);
        json_put_i64(out, "shipped", line->shipped);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_saying(struct json_out *out,
                       const struct fulfillment_saying *saying)
{
    if (saying->reason)
        json_put_cstr(out, "reason", saying->reason);
    if (saying->write)
        saying->write(out, saying->arg);
}

static str event_text(struct ctx *ctx, const struct fulfillment *fo,
                      const struct fulfillment_saying *saying)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", fo->version);
    json_put_id(&out, "order", "ord", fo->order.v);
    json_put_id(&out, "location", "loc", fo->location.v);
    json_put_cstr(&out, "status", fulfillment_status_name(fo->status));
    json_put_cstr(&out, "request_status",
                  fulfillment_request_name(fo->request_status));
    if (fo->fulfil_at)
        json_put_time(&out, "fulfil_at", fo->fulfil_at);
    json_put_time_or_null(&out, "deadline_at", fo->deadline_at);
    json_put_time_or_null(&out, "promise_at", fo->promise_at);
    put_lines(&out, fo);
    put_saying(&out, saying);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t tell(struct ctx *ctx, struct fulfillment *const *all, size_t count,
                  const struct fulfillment_saying *saying)
{
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){.id = event_id(ctx, all[i]->id.v),
                                   .at = ctx->now,
                                   .type = str_from_cstr(all[i]->told),
                                   .subject_kind = STR("fulfillment_order"),
                                   .subject_id = all[i]->id.v,
                                   .actor = ctx->actor,
                                   .data = event_text(ctx, all[i], saying)};
    return event_add_many(ctx, events, count);
}

/* ---- rows ---- */

static struct sql_arg *put_new(struct sql_arg *at, const struct fulfillment *fo)
{
    *at++ = sql_i(fo->id.v);
    *at++ = sql_i(id_bucket(fo->id.v));
    *at++ = sql_i(fo->order.v);
    *at++ = sql_i(fo->channel.v);
    *at++ = sql_i(fo->location.v);
    *at++ = sql_i(fo->method);
    *at++ = sql_i(fo->status);
    *at++ = sql_i(fo->request_status);
    *at++ = sql_s_or_null(fo->hold_reason);
    *at++ = sql_i(fo->fulfil_at);
    *at++ = sql_i(fo->deadline_at);
    *at++ = sql_i(fo->promise_at);
    *at++ = sql_i(fo->is_sticky);
    *at++ = sql_s(fo->request);
    *at++ = sql_i(fo->version);
    *at++ = sql_i(fo->created_at);
    *at++ = sql_i(fo->updated_at);
    *at++ = sql_i(fo->closed_at);
    return at;
}

static struct sql_arg *put_old(struct sql_arg *at, const struct fulfillment *fo)
{
    *at++ = sql_i(fo->location.v);
    *at++ = sql_i(fo->status);
    *at++ = sql_i(fo->request_status);
    *at++ = sql_s_or_null(fo->hold_reason);
    *at++ = sql_i(fo->fulfil_at);
    *at++ = sql_i(fo->deadline_at);
    *at++ = sql_i(fo->promise_at);
    *at++ = sql_i(fo->is_sticky);
    *at++ = sql_s(fo->request);
    *at++ = sql_i(fo->version);
    *at++ = sql_i(fo->updated_at);
    *at++ = sql_i(fo->closed_at);
    *at++ = sql_i(fo->id.v);
    return at;
}

static struct sql_arg *put_line(struct sql_arg *at,
                                const struct fulfillment *fo,
                                const struct fulfillment_line *line)
{
    *at++ = sql_i(fo->id.v);
    *at++ = sql_i(line->n);
    *at++ = sql_i(id_bucket(fo->id.v));
    *at++ = sql_i(line->sku.v);
    *at++ = sql_i(line->qty);
    *at++ = sql_i(line->picked);
    *at++ = sql_i(line->packed);
    *at++ = sql_i(line->shipped);
    return at;
}

static err_t save_lines(struct ctx *ctx, struct fulfillment *const *all,
                        size_t count)
{
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += all[i]->line_count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, lines * LINE_PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < all[i]->line_count; j++)
            at = put_line(at, all[i], &all[i]->lines[j]);
    return sql_run_many(ctx, SQL_FULFILLMENT_LINE_SAVE, args, LINE_PARAMS,
                        lines, NULL);
}

static err_t save_heads(struct ctx *ctx, struct fulfillment *const *all,
                        size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ADD_PARAMS);
    struct sql_arg *at = args;
    size_t fresh = 0;
    int64_t changed = 0;
    for (size_t i = 0; i < count; i++)
        if (all[i]->is_new) {
            at = put_new(at, all[i]);
            fresh++;
        }
    if (fresh > 0)
        TRY(sql_run_many(ctx, SQL_FULFILLMENT_ADD, args, ADD_PARAMS, fresh,
                         NULL));
    if (fresh == count)
        return OK;
    args = at = arena_array(ctx->arena, struct sql_arg, count * SAVE_PARAMS);
    for (size_t i = 0; i < count; i++)
        if (!all[i]->is_new)
            at = put_old(at, all[i]);
    TRY(sql_run_many(ctx, SQL_FULFILLMENT_SAVE, args, SAVE_PARAMS,
                     count - fresh, &changed));
    return changed == (int64_t)(count - fresh) ? OK : ERR_RETRY;
}

/* ---- promises ---- */

static void take_promise(struct fulfillment *fo, const struct map *by_place)
{
    const struct routing_promised *promised = map_find(
        by_place, (struct map_key){.a = fo->order.v, .b = fo->location.v});
    bool is_sent = promised && fo->method == ORDER_SHIPPED;
    fo->deadline_at = is_sent ? promised->ship_at : 0;
    fo->promise_at = is_sent ? promised->promise_at : 0;
    fo->is_routed = false;
}

/* What units came to, or what moved, is promised as its location is now. */
static err_t take_promises(struct ctx *ctx, struct fulfillment *const *all,
                           size_t count)
{
    order_id *orders = arena_array(ctx->arena, order_id, count);
    struct routing_promised *rows;
    size_t n = 0, row_count;
    struct map *seen = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = all[i]->order.v};
        if (!all[i]->is_routed || map_find(seen, key))
            continue;
        map_set(seen, key, all[i]);
        orders[n++] = all[i]->order;
    }
    if (n == 0)
        return OK;
    TRY(routing_promise_list(ctx, orders, n, &rows, &row_count));
    struct map *by_place = map_open(ctx->arena, row_count);
    for (size_t i = 0; i < row_count; i++)
        map_set(by_place,
                (struct map_key){.a = rows[i].order.v, .b = rows[i].location.v},
                &rows[i]);
    for (size_t i = 0; i < count; i++)
        if (all[i]->is_routed)
            take_promise(all[i], by_place);
    return OK;
}

err_t fulfillment_save_many(struct ctx *ctx, struct fulfillment *const *all,
                            size_t count,
                            const struct fulfillment_saying *saying)
{
    struct fulfillment **told =
        arena_array(ctx->arena, struct fulfillment *, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (all[i]->told) {
            all[i]->version += 1;
            all[i]->updated_at = ctx->now;
            told[n++] = all[i];
        }
    if (n == 0)
        return OK;
    TRY(take_promises(ctx, told, n));
    TRY(save_heads(ctx, told, n));
    TRY(save_lines(ctx, told, n));
    TRY(tell(ctx, told, n, saying));
    TRY(pick_reconcile(ctx, told, n));
    for (size_t i = 0; i < n; i++) {
        told[i]->told = NULL;
        told[i]->is_new = false;
    }
    return OK;
}

/* ---- the order ---- */

struct order_saying {
    const struct fulfillment *fo;
    const struct fulfillment_saying *saying;
};

static void write_order(struct json_out *out, const void *arg)
{
    const struct order_saying *say = arg;
    if (say->fo) {
        json_put_id(out, "fulfillment_order", "fo", say->fo->id.v);
        json_put_id(out, "location", "loc", say->fo->location.v);
    }
    put_saying(out, say->saying);
}

static err_t note_order(struct ctx *ctx, struct fulfillment_work *work,
                        const struct fulfillment_end *end)
{
    struct order_saying say = {work->fo, &end->saying};
    work->order.fulfil_flags = fulfillment_flags(work->all, work->count);
    if (!end->type && work->order.fulfil_flags == work->before.fulfil_flags)
        return OK;
    struct order_note note = {
        .type = end->type ? end->type : "order.fulfillment_changed",
        .event_id =
            end->event_id ? end->event_id : event_id(ctx, work->order.id.v),
        .write = write_order,
        .arg = &say,
    };
    TRY(order_note(ctx, &work->before, &work->order, &note));
    work->before = order_keep(ctx->arena, &work->order);
    return OK;
}

/* The order first: what is promised of its locations follows from where its
 * units are now. */
err_t fulfillment_finish(struct ctx *ctx, struct fulfillment_work *work,
                         const struct fulfillment_end *end)
{
    TRY(note_order(ctx, work, end));
    return fulfillment_save_many(ctx, work->all, work->count, &end->saying);
}
