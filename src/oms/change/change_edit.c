/* change_edit.c - the commands that draft, answer and confirm a change. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_edit_stock.h"
#include "oms/order/order_pay.h"
#include "oms/room.h"
#include "store/event.h"

enum { EVENT_BYTES = 2048, SINCE_SHOWN = 20, TEXT_BYTES = 200 };
static const utc_ms EXPIRY_MOST_MS = (utc_ms)366 * 24 * 60 * 60 * 1000;

static const char *const told[EDIT_EVENT_CANCEL] = {
    "order_change.drafted",   "order_change.requested",
    "order_change.confirmed", "order_change.declined",
    "order_change.expired",   "order_change.cancelled"};

static err_t tell(struct ctx *ctx, const struct edit *edit,
                  enum edit_event event)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", edit->order.v);
    json_put_i64(&out, "order_version", edit->order_version);
    json_put_cstr(&out, "state",
                  machine_state_name(&edit_machine, (int)edit->state));
    json_put_i64(&out, "version", edit->version);
    json_put_i64(&out, "actions", (int64_t)edit->count);
    if (edit->state == EDIT_CONFIRMED) {
        json_put_money(&out, "total_before",
                       money_make(edit->total_before, edit->currency));
        json_put_money(&out, "total_after",
                       money_make(edit->total_after, edit->currency));
    }
    json_end_object(&out);
    return event_add(ctx, told[event - 1], "order_change", edit->id.v,
                     buf_str(&buf), NULL);
}

/* ---- draft ---- */

/* With the order locked. */
static err_t check_draft(struct ctx *ctx, const struct edit *edit)
{
    int64_t count;
    if (edit->expires_at != 0 && (edit->expires_at <= ctx->now ||
                                  edit->expires_at > ctx->now + EXPIRY_MOST_MS))
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "expires_at",
                       "must lie ahead, within a year");
    TRY(edit_count(ctx, edit->order, &count));
    if (count >= LIMIT_CHANGES)
        return fail_as(ctx, ERR_STATE, "too_many_changes", "id",
                       "an order has %d changes at most", LIMIT_CHANGES);
    return OK;
}

/* It is worked out once, so that what cannot be is not drafted. */
err_t edit_draft(struct ctx *ctx, struct edit *edit)
{
    ASSERT(ctx->tx && ctx->ids && edit->count > 0);
    struct edit_outlook look;
    TRY(edit_preview(ctx, edit, &look));
    TRY(check_draft(ctx, edit));
    TRY(check_version(ctx, edit->order_version, look.work.before.version));
    edit->id.v = id_next(ctx->ids, ctx->now, id_bucket(edit->order.v));
    edit->state = EDIT_DRAFT;
    edit->version = 1;
    edit->created_at = edit->updated_at = ctx->now;
    TRY(edit_insert(ctx, edit));
    return tell(ctx, edit, EDIT_EVENT_DRAFT);
}

/* ---- steps ---- */

/* The order's lock guards its changes. */
static err_t open_edit(struct ctx *ctx, order_change_id id, struct edit *ret)
{
    order_id of;
    struct order order;
    TRY(edit_order(ctx, id, &of));
    TRY(order_lock(ctx, of, &order));
    return edit_get(ctx, id, ret);
}

static err_t move(struct ctx *ctx, struct edit *edit, enum edit_event event)
{
    int next = machine_next(&edit_machine, (int)edit->state, (int)event);
    TRY(machine_allow(ctx, &edit_machine, (int)edit->state, (int)event));
    if (edit->expires_at != 0 && edit->expires_at <= ctx->now &&
        (event == EDIT_EVENT_REQUEST || event == EDIT_EVENT_CONFIRM))
        return fail_as(ctx, ERR_STATE, "change_expired", "expires_at",
                       "the change was good until then; draft it anew");
    edit->state = (enum edit_state)next;
    return OK;
}

err_t edit_step(struct ctx *ctx, const struct edit_cmd *cmd,
                enum edit_event event, struct edit *ret)
{
    struct edit edit;
    ASSERT(ctx->tx && event != EDIT_EVENT_CONFIRM);
    TRY(open_edit(ctx, cmd->id, &edit));
    TRY(check_version(ctx, cmd->version, edit.version));
    TRY(move(ctx, &edit, event));
    if (cmd->answer.len > 0)
        edit.answer = cmd->answer;
    TRY(edit_save(ctx, &edit));
    TRY(tell(ctx, &edit, event));
    *ret = edit;
    return OK;
}

/* ---- confirm ---- */

err_t edit_since(struct ctx *ctx, const struct edit *edit, struct event **ret,
                 size_t *ret_count)
{
    struct event_subject subject = {"order", edit->order.v, edit->id.v};
    return event_list_subject(ctx, &subject, SINCE_SHOWN, ret, ret_count);
}

/* Somebody was faster: what he did is named. */
static err_t fail_stale(struct ctx *ctx, const struct edit *edit, int64_t seen,
                        int64_t current)
{
    struct event *events;
    size_t count;
    struct buf buf;
    TRY(edit_since(ctx, edit, &events, &count));
    buf_init(&buf, ctx->arena, TEXT_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_cstr(&buf, ", ");
        buf_add_str(&buf, events[i].type);
    }
    err_t err =
        fail(ctx, ERR_STALE, "order_version",
             "the order is at version %lld, not at %lld; since the "
             "change was drafted: %.*s",
             (long long)current, (long long)seen, STR_ARG(buf_str(&buf)));
    ctx->err.version = current;
    return err;
}

struct saying {
    const struct edit *edit;
    const struct edit_plan *plan;
};

static void write_changed(struct json_out *out, const void *arg)
{
    const struct saying *say = arg;
    json_put_id(out, "change", "chg", say->edit->id.v);
    json_put_money(out, "total_before",
                   money_make(say->edit->total_before, say->edit->currency));
    json_put_money(out, "total_after",
                   money_make(say->edit->total_after, say->edit->currency));
    json_begin_list(out, "added");
    for (size_t i = 0; i < say->plan->add_count; i++) {
        const struct edit_units *add = &say->plan->adds[i];
        json_begin(out, NULL);
        json_put_i64(out, "n", add->n);
        json_put_str(out, "sku", say->plan->order->lines[add->n - 1].sku_code);
        json_put_i64(out, "quantity", add->qty);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "given_up");
    for (size_t i = 0; i < say->plan->cut_count; i++) {
        const struct line_cut *cut = &say->plan->cuts[i];
        json_begin(out, NULL);
        json_put_i64(out, "n", cut->n);
        json_put_i64(out, "quantity",
                     cut->unallocated + cut->backordered + cut->allocated);
        json_end_object(out);
    }
    json_end_list(out);
}

err_t edit_confirm(struct ctx *ctx, const struct edit_cmd *cmd,
                   struct edit *ret, struct order *ret_order)
{
    struct edit edit;
    struct edit_outlook look = {0};
    ASSERT(ctx->tx && ctx->ids);
    TRY(edit_order(ctx, cmd->id, &edit.order));
    TRY(fulfillment_change_begin(ctx, edit.order, &look.work));
    TRY(edit_get(ctx, cmd->id, &edit));
    TRY(check_version(ctx, cmd->version, edit.version));
    TRY(move(ctx, &edit, EDIT_EVENT_CONFIRM));
    const struct order *before = &look.work.before;
    int64_t seen = cmd->order_version ? cmd->order_version : edit.order_version;
    if (before->version != seen)
        return fail_stale(ctx, &edit, seen, before->version);
    TRY(edit_work_out(ctx, &edit, &look));
    edit.total_before = order_total_now(before);
    edit.total_after = order_total_now(&look.work.order);
    struct saying say = {&edit, &look.plan};
    struct order_note note = {.type = "order.changed",
                              .event_id = event_id(ctx, edit.order.v),
                              .write = write_changed,
                              .arg = &say};
    TRY(edit_carry_out(ctx, &look, &note));
    edit.confirmed_version = look.work.order.version;
    TRY(edit_save(ctx, &edit));
    TRY(tell(ctx, &edit, EDIT_EVENT_CONFIRM));
    *ret = edit;
    return order_get(ctx, edit.order, ret_order);
}

/* ---- expiry ---- */

enum { EXPIRE_EVERY_MS = 5000, EXPIRE_MOST = 50 };

static err_t expire_due(struct ctx *ctx, bool *ret_is_more)
{
    order_change_id *ids;
    size_t count;
    TRY(edit_due(ctx, EXPIRE_MOST, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct edit edit;
        TRY(open_edit(ctx, ids[i], &edit));
        if (machine_next(&edit_machine, (int)edit.state, EDIT_EVENT_EXPIRE) ==
            0)
            continue;
        TRY(move(ctx, &edit, EDIT_EVENT_EXPIRE));
        TRY(edit_save(ctx, &edit));
        TRY(tell(ctx, &edit, EDIT_EVENT_EXPIRE));
    }
    *ret_is_more = count == EXPIRE_MOST;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "order_changes",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire_due,
     .next_at = edit_next_due},
};
const struct timer_list edit_timers = {timers, COUNT_OF(timers)};
