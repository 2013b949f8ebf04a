/* returns_request.c - goods are asked back; somebody says yes or no. */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_worth.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_work.h"
#include "oms/shipping/shipping_back.h"

/* ---- what is asked for ---- */

static err_t check_order(struct ctx *ctx, const struct return_work *work)
{
    const struct order *order = &work->order;
    if (order->is_history ||
        (order->status != ORDER_CONFIRMED && order->status != ORDER_COMPLETED))
        return fail_as(ctx, ERR_STATE, "order_not_returnable", "status",
                       "goods of confirmed and completed orders come back, "
                       "not of one that is %s or was over before it came",
                       order_status_name(order->status));
    if (work->other_count >= LIMIT_RETURNS)
        return fail_as(ctx, ERR_STATE, "limit_reached", "id",
                       "an order has %d returns at most", LIMIT_RETURNS);
    return OK;
}

static err_t check_reason(struct ctx *ctx, const struct return_policy *policy,
                          const struct return_ask *ask)
{
    const struct return_reason *reason =
        return_policy_reason(policy, ask->reason);
    if (!reason)
        return fail_as(ctx, ERR_INVALID, "reason_unknown", "reason",
                       "the channel knows no such reason");
    if (reason->needs_note && ask->note.len == 0)
        return fail_as(ctx, ERR_INVALID, "note_required", "note",
                       "this reason needs a note");
    if (reason->needs_photo && ask->photo.len == 0)
        return fail_as(ctx, ERR_INVALID, "photo_required", "photo",
                       "this reason needs a photo");
    return OK;
}

static err_t check_allowed(struct ctx *ctx, const struct return_request *cmd,
                           const struct return_facts *facts)
{
    enum return_verdict verdict = return_judge(facts, ctx->now);
    switch (verdict) {
    case RETURN_ALLOWED:
    case RETURN_NOTHING_LEFT: return OK; /* The order says how many. */
    case RETURN_FINAL_SALE:
        if (cmd->is_exception)
            return OK;
        return fail_as(ctx, ERR_STATE, "final_sale", "line",
                       "it was sold as final");
    case RETURN_WINDOW_OVER:
        if (cmd->is_exception)
            return OK;
        return fail_as(ctx, ERR_STATE, "window_over", "line",
                       "it could come back for %lld days",
                       (long long)facts->window_days);
    }
    UNREACHABLE("not a verdict");
}

/* After it was asked for: the order does not know of those that are held. */
static err_t check_with_buyer(struct ctx *ctx, const struct order_line *line,
                              int64_t qty, const struct return_facts *facts)
{
    int64_t more = facts->held - order_line_returnable(line);
    if (more <= 0)
        return OK;
    return fail_as(ctx, ERR_INVALID, "over_return_requested", "quantity",
                   "line %lld has %lld such units; %lld were rejected and are "
                   "not with the buyer",
                   (long long)line->n, (long long)(qty - more),
                   (long long)facts->held);
}

static err_t ask_for(struct ctx *ctx, struct return_work *work,
                     const struct return_request *cmd,
                     const struct return_facts *facts, size_t at)
{
    const struct return_ask *ask = &cmd->items[at];
    const struct order *order = &work->order;
    if (ask->n > (int64_t)order->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the order has lines 1 to %zu", order->line_count);
    TRY(check_reason(ctx, &work->policy, ask));
    TRY(check_allowed(ctx, cmd, &facts[ask->n - 1]));
    TRY(order_worth_return_ask(ctx, &work->order, ask->n, ask->qty));
    TRY(check_with_buyer(ctx, &order->lines[ask->n - 1], ask->qty,
                         &facts[ask->n - 1]));
    work->rma.lines[at] = (struct return_line){.i = (int64_t)at + 1,
                                               .n = ask->n,
                                               .qty = ask->qty,
                                               .reason = ask->reason,
                                               .note = ask->note,
                                               .photo = ask->photo};
    return OK;
}

static void add_unit(struct rma *rma, const struct return_line *line,
                     sku_id sku, int64_t per)
{
    ASSERT(rma->unit_count < rma->unit_room);
    rma->units[rma->unit_count] =
        (struct return_unit){.u = (int64_t)rma->unit_count + 1,
                             .i = line->i,
                             .sku = sku,
                             .per = per,
                             .qty = line->qty * per,
                             .reception = RECEPTION_AWAITING,
                             .acceptance = ACCEPTANCE_PENDING};
    rma->unit_count++;
}

/* Of a kit, what it was sold as. */
static err_t make_units(struct ctx *ctx, struct return_work *work)
{
    struct rma *rma = &work->rma;
    size_t count = 0;
    for (size_t i = 0; i < rma->line_count; i++) {
        size_t parts = work->order.lines[rma->lines[i].n - 1].part_count;
        count += parts > 0 ? parts : 1;
    }
    if (count > LIMIT_RETURN_UNITS)
        return fail_as(ctx, ERR_STATE, "limit_reached", "items",
                       "a return has %d components at most",
                       LIMIT_RETURN_UNITS);
    rma->unit_room = count;
    rma->units = arena_array(ctx->arena, struct return_unit, count);
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct return_line *line = &rma->lines[i];
        const struct order_line *of = &work->order.lines[line->n - 1];
        if (of->part_count == 0)
            add_unit(rma, line, of->sku, 1);
        for (size_t j = 0; j < of->part_count; j++)
            add_unit(rma, line, of->parts[j].sku, of->parts[j].quantity);
    }
    return OK;
}

/* By the first line, and where the order went. */
static err_t route(struct ctx *ctx, const struct return_work *work, str *ret)
{
    const struct return_line *first = &work->rma.lines[0];
    struct order_route_facts to;
    TRY(order_destination(ctx, &work->order, &to));
    *ret =
        return_policy_route(&work->policy, to.country, to.region, first->reason,
                            work->order.lines[first->n - 1].sku_code);
    return OK;
}

static err_t choose_place(struct ctx *ctx, struct return_work *work, str code)
{
    struct location at;
    if (code.len == 0)
        TRY(route(ctx, work, &code));
    if (code.len > 0) {
        TRY(named_location_get(ctx, "location", code, &at));
        work->rma.location = at.id;
        return OK;
    }
    TRY(return_left_from(ctx, work->order.id, work->rma.lines[0].n,
                         &work->rma.location));
    if (work->rma.location.v == 0)
        return fail_as(ctx, ERR_INVALID, "location_required", "location",
                       "say where the goods shall go");
    return OK;
}

/* Handed over a counter. */
static void receive_now(struct ctx *ctx, struct return_work *work,
                        const struct return_request *cmd)
{
    struct rma *rma = &work->rma;
    for (size_t i = 0; i < rma->unit_count; i++) {
        struct return_unit *unit = &rma->units[i];
        work->item = (size_t)unit->i - 1;
        unit->reception = RECEPTION_RECEIVED;
        unit->location = rma->location;
        unit->disposition = cmd->items[work->item].disposition;
        return_note_move(ctx, work, unit, STOCK_OUTSIDE,
                         return_unit_bucket(unit));
    }
}

static err_t let_in(struct ctx *ctx, struct return_work *work,
                    const struct return_request *cmd)
{
    if (!cmd->is_approved && !cmd->is_received &&
        (!work->policy.is_auto || cmd->is_exception))
        return OK;
    TRY(return_let_in(ctx, work));
    if (cmd->is_received) {
        receive_now(ctx, work, cmd);
        if (work->policy.refund <= REFUND_ON_RECEIPT)
            return_accept(work, RECEPTION_RECEIVED);
    } else if (return_need_not_come(work)) {
        return_drop(work, RECEPTION_EVENT_GIVE);
        return_accept(work, RECEPTION_GIVEN_TO_CUSTOMER);
    }
    return OK;
}

err_t return_request(struct ctx *ctx, const struct return_request *cmd,
                     struct rma *ret)
{
    struct return_work work;
    struct return_facts *facts;
    ASSERT(cmd->count > 0 && cmd->count <= LIMIT_RETURN_LINES);
    if (cmd->is_exception && cmd->note.len == 0)
        return fail_as(ctx, ERR_INVALID, "note_required", "note",
                       "an exception needs a note");
    TRY(return_begin(ctx, cmd->order, &work));
    TRY(check_order(ctx, &work));
    struct return_known known = {&work.order, &work.policy, work.others,
                                 work.other_count};
    TRY(return_facts_of(ctx, &known, &facts));
    work.rma = (struct rma){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(cmd->order.v))},
        .order = cmd->order,
        .channel = work.order.channel,
        .n = (int64_t)work.other_count + 1,
        .origin = cmd->origin,
        .note = cmd->note,
        .lines = arena_array(ctx->arena, struct return_line, cmd->count),
        .line_count = cmd->count,
    };
    for (size_t i = 0; i < cmd->count; i++)
        TRY(fail_in(ctx, ask_for(ctx, &work, cmd, facts, i), "items", i));
    TRY(make_units(ctx, &work));
    TRY(choose_place(ctx, &work, cmd->location));
    TRY(return_move(ctx, &work.rma, RETURN_EVENT_REQUEST));
    TRY(let_in(ctx, &work, cmd));
    TRY(return_finish(ctx, &work,
                      work.rma.state == RETURN_REQUESTED ? "return.requested"
                      : cmd->is_received                 ? "return.received"
                                                         : "return.opened"));
    *ret = work.rma;
    return OK;
}

/* ---- yes, no, never mind ---- */

static err_t approve(struct ctx *ctx, struct return_work *work, str location)
{
    if (location.len > 0)
        TRY(choose_place(ctx, work, location));
    TRY(return_let_in(ctx, work));
    if (return_need_not_come(work)) {
        return_drop(work, RECEPTION_EVENT_GIVE);
        return_accept(work, RECEPTION_GIVEN_TO_CUSTOMER);
    }
    return return_finish(ctx, work, "return.opened");
}

/* Nobody sends anything with them any more. One that its carrier is asked for
 * right now holds a person up, and no clock. */
static err_t void_labels(struct ctx *ctx, const struct rma *rma,
                         enum return_event event)
{
    struct return_parcel *parcels;
    size_t count;
    TRY(return_parcel_list(ctx, rma, 1, &parcels, &count));
    for (size_t i = 0; i < count; i++) {
        if (parcels[i].state != PARCEL_AWAITED)
            continue;
        err_t err = shipping_back_void(ctx, parcels[i].package);
        if (err != ERR_STATE || event != RETURN_EVENT_EXPIRE)
            TRY(err);
        else
            err_clear(ctx);
    }
    return OK;
}

static err_t end(struct ctx *ctx, struct return_work *work,
                 enum return_event event, str why)
{
    static const enum reception_event drop[] = {
        [RETURN_EVENT_DECLINE] = RECEPTION_EVENT_CANCEL,
        [RETURN_EVENT_CANCEL] = RECEPTION_EVENT_CANCEL,
        [RETURN_EVENT_EXPIRE] = RECEPTION_EVENT_EXPIRE};
    static const char *const told[] = {
        [RETURN_EVENT_DECLINE] = "return.declined",
        [RETURN_EVENT_CANCEL] = "return.cancelled",
        [RETURN_EVENT_EXPIRE] = "return.expired"};
    ASSERT(event >= RETURN_EVENT_DECLINE && event <= RETURN_EVENT_EXPIRE);
    TRY(return_move(ctx, &work->rma, event));
    return_drop(work, drop[event]);
    work->rma.why = why;
    work->rma.closed_at = ctx->now;
    TRY(return_finish(ctx, work, told[event]));
    return void_labels(ctx, &work->rma, event);
}

err_t return_do(struct ctx *ctx, const struct return_step *step,
                struct rma *ret)
{
    struct return_work work;
    TRY(return_open(ctx, step->id, step->version, &work));
    if (step->event == RETURN_EVENT_APPROVE)
        TRY(approve(ctx, &work, step->location));
    else
        TRY(end(ctx, &work, step->event, step->why));
    *ret = work.rma;
    return OK;
}

/* Nothing where it was seen to be due before its order was locked. */
static err_t expire_one(struct ctx *ctx, return_id id)
{
    struct return_work work;
    TRY(return_open(ctx, id, 0, &work));
    if (work.rma.state != RETURN_OPEN || work.rma.expires_at > ctx->now)
        return OK;
    return end(ctx, &work, RETURN_EVENT_EXPIRE, STR_NONE);
}

err_t return_expire(struct ctx *ctx, size_t limit, bool *ret_is_more)
{
    return_id *due;
    size_t count;
    TRY(return_list_due(ctx, limit, &due, &count));
    for (size_t i = 0; i < count; i++)
        TRY(expire_one(ctx, due[i]));
    *ret_is_more = count == limit;
    return OK;
}
