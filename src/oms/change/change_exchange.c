/* change_exchange.c - the commands that draft, confirm and cancel exchanges.
 *
 * What an exchange adds is worked out and carried out as a change of the order;
 * here stands when its units may leave, and what of the money is settled.
 */
#include "oms/change/change_exchange.h"

#include <string.h>

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
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_refund.h"
#include "oms/room.h"
#include "store/event.h"

enum { EVENT_BYTES = 2048 };

static const char *const told[EXCHANGE_EVENT_CANCEL] = {
    "exchange.drafted",          "exchange.confirmed",
    "exchange.awaiting_payment", "exchange.awaiting_return",
    "exchange.released",         "exchange.closed",
    "exchange.cancelled"};

/* ---- what is known of it ---- */

static bool is_live(const struct exchange *at)
{
    return at->state >= EXCHANGE_CONFIRMED && at->state <= EXCHANGE_RELEASED;
}

/* What the rest of the order owes or is owed is none of its business: it has
 * the worth of what comes back. */
static void look_at_goods(struct exchange_facts *facts)
{
    facts->balance = 0;
    if (!facts->is_missing && facts->due_now > 0)
        facts->due_now = 0;
}

/* Each exchange counts on a return of its own, so all of them are looked at,
 * one after the other on the same order. */
err_t exchange_look(struct ctx *ctx, const struct exchange *at,
                    const struct order *order, struct exchange_outlook *ret)
{
    struct exchange *all;
    size_t count;
    struct return_outlook own, other;
    struct order ahead = order_keep(ctx->arena, order);
    TRY(return_look_ahead(ctx, &ahead, at->rma, &own));
    TRY(exchange_list(ctx, order->id, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (is_live(&all[i]) && all[i].rma.v != at->rma.v)
            TRY(return_look_ahead(ctx, &ahead, all[i].rma, &other));
    int64_t promised = order->pay.authorized;
    ret->worth = own.worth;
    ret->facts = (struct exchange_facts){
        .balance = order_balance(order),
        .due_now = order_balance(order) - promised,
        .due_after = order_balance(&ahead) - promised,
        .may_leave = own.may_leave,
        .is_over = own.is_over,
        .is_settled = at->settled_at != 0 && !at->is_unsettled,
        .is_replacement = at->is_replacement,
        .is_missing = own.missing > 0,
        .left = 1,
        .open = 1,
    };
    if (at->is_replacement)
        look_at_goods(&ret->facts);
    return OK;
}

/* ---- steps ---- */

err_t exchange_move(struct ctx *ctx, struct exchange *at,
                    enum exchange_event event, struct exchange_step *step)
{
    TRY(machine_allow(ctx, &exchange_machine, (int)at->state, (int)event));
    at->state = (enum exchange_state)machine_next(&exchange_machine,
                                                  (int)at->state, (int)event);
    ASSERT(step->count < COUNT_OF(step->told));
    step->told[step->count++] = told[event - 1];
    return OK;
}

/* Goods are out and the return is over: what is owed goes back, and what is
 * missing is for a person. */
static void settle(struct ctx *ctx, struct exchange *at,
                   struct exchange_facts *facts, struct exchange_step *step)
{
    bool is_due = facts->due_now > 0;
    if (at->state != EXCHANGE_RELEASED || !facts->is_over ||
        (at->settled_at != 0 && at->is_unsettled == is_due))
        return;
    step->is_owed = at->settled_at == 0 && facts->balance < 0;
    at->settled_at = at->settled_at ? at->settled_at : ctx->now;
    at->is_unsettled = is_due;
    facts->is_settled = !is_due;
    ASSERT(step->count < COUNT_OF(step->told));
    step->told[step->count++] =
        is_due ? "exchange.unsettled" : "exchange.settled";
}

err_t exchange_advance(struct ctx *ctx, struct exchange *at,
                       struct exchange_facts *facts, struct exchange_step *step)
{
    enum exchange_event event = exchange_next(at->state, facts);
    if (event && at->state != EXCHANGE_RELEASED)
        TRY(exchange_move(ctx, at, event, step));
    settle(ctx, at, facts, step);
    event = exchange_next(at->state, facts);
    return event == EXCHANGE_EVENT_CLOSE ? exchange_move(ctx, at, event, step)
                                         : OK;
}

/* code: of a refusal, or empty. */
static err_t tell(struct ctx *ctx, const struct exchange *at, const char *type,
                  str code)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", at->edit.order.v);
    json_put_id(&out, "return", "ret", at->rma.v);
    json_put_cstr(&out, "state",
                  machine_state_name(&exchange_machine, (int)at->state));
    json_put_i64(&out, "version", at->edit.version);
    json_put_i64(&out, "lines", (int64_t)at->edit.count);
    if (code.len > 0)
        json_put_str(&out, "code", code);
    if (at->first_line > 0) {
        json_put_i64(&out, "first_line", at->first_line);
        json_put_money(&out, "total_before",
                       money_make(at->edit.total_before, at->edit.currency));
        json_put_money(&out, "total_after",
                       money_make(at->edit.total_after, at->edit.currency));
    }
    json_end_object(&out);
    return event_add(ctx, type, "exchange", at->edit.id.v, buf_str(&buf), NULL);
}

/* What cannot be given back is left to a person. */
static err_t give_back(struct ctx *ctx, const struct exchange *at,
                       const struct order *order)
{
    struct refund refund;
    bool is_made;
    str reason =
        str_printf(ctx->arena, "%.*s exchange", STR_ARG(order->number));
    err_t err = refund_settle(ctx, order->id, reason, &refund, &is_made);
    if (err != ERR_STATE && err != ERR_INVALID)
        return err;
    str code = str_copy(ctx->arena, str_from_cstr(err_name(&ctx->err)));
    err_clear(ctx);
    return tell(ctx, at, "exchange.refund_refused", code);
}

err_t exchange_refused(struct ctx *ctx, exchange_id id, str code)
{
    struct exchange at;
    TRY(exchange_get(ctx, id, &at));
    if (str_equal(at.refused, code))
        return OK;
    TRY(exchange_refuse(ctx, id, code));
    return tell(ctx, &at, "exchange.refused", code);
}

err_t exchange_keep(struct ctx *ctx, struct exchange *at,
                    const struct order *order, const struct exchange_step *step)
{
    if (step->count == 0)
        return OK;
    TRY(exchange_save(ctx, at));
    for (size_t i = 0; i < step->count; i++)
        TRY(tell(ctx, at, step->told[i], STR_NONE));
    return step->is_owed ? give_back(ctx, at, order) : OK;
}

/* ---- draft ---- */

err_t exchange_check_return(struct ctx *ctx, const struct exchange *at)
{
    struct rma rma;
    struct exchange *others;
    size_t count;
    err_t err = return_get(ctx, at->rma, &rma);
    if (err == ERR_NOT_FOUND || (err == OK && rma.order.v != at->edit.order.v))
        return fail_as(ctx, ERR_INVALID, "return_unknown", "return",
                       "the order has no such return");
    TRY(err);
    if (rma.state >= RETURN_CLOSED)
        return fail_as(
            ctx, ERR_STATE, "return_over", "return",
            "exchange is refused in a return that is %s; allowed: %.*s",
            return_state_name(rma.state),
            STR_ARG(return_allowed(ctx->arena, rma.state)));
    TRY(exchange_list(ctx, at->edit.order, &others, &count));
    for (size_t i = 0; i < count; i++)
        if (others[i].rma.v == at->rma.v &&
            others[i].edit.id.v != at->edit.id.v &&
            others[i].state != EXCHANGE_CANCELLED)
            return fail_as(
                ctx, ERR_STATE, "return_exchanged", "return",
                "the return has an exchange, which is %s",
                machine_state_name(&exchange_machine, (int)others[i].state));
    if (at->edit.id.v == 0 && count >= LIMIT_EXCHANGES)
        return fail_as(ctx, ERR_STATE, "too_many_exchanges", "id",
                       "an order has %d exchanges at most", LIMIT_EXCHANGES);
    return OK;
}

static err_t look_then(struct ctx *ctx, const struct exchange *at,
                       struct exchange_outlook *ret)
{
    struct exchange seen = *at;
    seen.state = EXCHANGE_CONFIRMED;
    TRY(exchange_look(ctx, at, &ret->look.work.order, ret));
    ret->then = (enum exchange_state)machine_next(
        &exchange_machine, EXCHANGE_CONFIRMED,
        (int)exchange_next(seen.state, &ret->facts));
    ASSERT(ret->then != EXCHANGE_NONE);
    return OK;
}

err_t exchange_preview(struct ctx *ctx, struct exchange *at,
                       struct exchange_outlook *ret)
{
    *ret = (struct exchange_outlook){.worth = 0};
    TRY(edit_preview(ctx, &at->edit, &ret->look));
    TRY(exchange_check_return(ctx, at));
    return look_then(ctx, at, ret);
}

err_t exchange_draft(struct ctx *ctx, struct exchange *at)
{
    ASSERT(ctx->tx && ctx->ids && at->edit.count > 0);
    struct exchange_outlook look;
    TRY(exchange_preview(ctx, at, &look));
    TRY(check_version(ctx, at->edit.order_version,
                      look.look.work.before.version));
    return exchange_add(ctx, at);
}

err_t exchange_add(struct ctx *ctx, struct exchange *at)
{
    struct edit *edit = &at->edit;
    edit->id.v = id_next(ctx->ids, ctx->now, id_bucket(edit->order.v));
    at->state = EXCHANGE_DRAFT;
    edit->version = 1;
    edit->created_at = edit->updated_at = ctx->now;
    TRY(exchange_insert(ctx, at));
    return tell(ctx, at, told[EXCHANGE_EVENT_DRAFT - 1], STR_NONE);
}

/* ---- confirm, cancel ---- */

/* The order's lock guards its exchanges. */
static err_t open_exchange(struct ctx *ctx, const struct edit_cmd *cmd,
                           struct edit_outlook *look, struct exchange *ret)
{
    exchange_id id = {cmd->id.v};
    *look = (struct edit_outlook){0};
    TRY(exchange_get(ctx, id, ret));
    TRY(fulfillment_change_begin(ctx, ret->edit.order, &look->work));
    TRY(exchange_get(ctx, id, ret));
    return check_version(ctx, cmd->version, ret->edit.version);
}

static void write_changed(struct json_out *out, const void *arg)
{
    const struct exchange *at = arg;
    json_put_id(out, "exchange", "exc", at->edit.id.v);
    json_put_money(out, "total_before",
                   money_make(at->edit.total_before, at->edit.currency));
    json_put_money(out, "total_after",
                   money_make(at->edit.total_after, at->edit.currency));
}

static struct order_note note_of(struct ctx *ctx, const struct exchange *at)
{
    return (struct order_note){.type = "order.changed",
                               .event_id = event_id(ctx, at->edit.order.v),
                               .write = write_changed,
                               .arg = at};
}

err_t exchange_place(struct ctx *ctx, struct exchange *at,
                     struct exchange_outlook *look,
                     const struct order_note *note)
{
    struct exchange_step step = {.count = 0};
    const struct order *before = &look->look.work.before;
    TRY(exchange_move(ctx, at, EXCHANGE_EVENT_CONFIRM, &step));
    TRY(edit_work_out(ctx, &at->edit, &look->look));
    TRY(look_then(ctx, at, look));
    at->edit.total_before = order_total_now(before);
    at->edit.total_after = order_total_now(&look->look.work.order);
    at->first_line = (int64_t)before->line_count + 1;
    look->look.plan.is_gated = look->then != EXCHANGE_RELEASED;
    TRY(edit_carry_out(ctx, &look->look, note));
    at->edit.confirmed_version = look->look.work.order.version;
    TRY(exchange_advance(ctx, at, &look->facts, &step));
    ASSERT(at->state == look->then);
    return exchange_keep(ctx, at, &look->look.work.order, &step);
}

err_t exchange_confirm(struct ctx *ctx, const struct edit_cmd *cmd,
                       struct exchange *ret, struct order *ret_order)
{
    struct exchange at;
    struct exchange_outlook look;
    ASSERT(ctx->tx && ctx->ids);
    TRY(open_exchange(ctx, cmd, &look.look, &at));
    TRY(machine_allow(ctx, &exchange_machine, (int)at.state,
                      EXCHANGE_EVENT_CONFIRM));
    TRY(check_version(
        ctx, cmd->order_version ? cmd->order_version : at.edit.order_version,
        look.look.work.before.version));
    TRY(exchange_check_return(ctx, &at));
    struct order_note note = note_of(ctx, &at);
    TRY(exchange_place(ctx, &at, &look, &note));
    *ret = at;
    return order_get(ctx, at.edit.order, ret_order);
}

/* Its lines are given up as by a change that removes them. */
static err_t take_lines_off(struct ctx *ctx, struct exchange *at,
                            struct edit_outlook *look)
{
    const struct order *order = &look->work.order;
    size_t count = at->edit.count, n = 0;
    struct edit off = at->edit;
    off.actions = arena_array(ctx->arena, struct edit_action, count);
    off.may_empty = true;
    for (size_t i = 0; i < count; i++) {
        int64_t line = at->first_line + (int64_t)i;
        if (order_line_left(&order->lines[line - 1]) > 0)
            off.actions[n++] = (struct edit_action){
                .type = EDIT_REMOVE_LINE, .line = line, .tax = EDIT_TAX_KEPT};
    }
    off.count = n;
    if (n == 0)
        return order_gate_drop(ctx, order->id, at->first_line, (int64_t)count);
    TRY(edit_work_out(ctx, &off, look)); /* Refused before anything is done. */
    TRY(edit_check_hands(ctx, &look->plan));
    TRY(order_gate_drop(ctx, order->id, at->first_line, (int64_t)count));
    struct exchange off_it = *at; /* Of this step, not of its confirmation. */
    off_it.edit.total_before = order_total_now(&look->work.before);
    off_it.edit.total_after = order_total_now(&look->work.order);
    struct order_note note = note_of(ctx, &off_it);
    return edit_carry_out(ctx, look, &note);
}

err_t exchange_cancel(struct ctx *ctx, const struct edit_cmd *cmd,
                      struct exchange *ret, struct order *ret_order)
{
    struct exchange at;
    struct edit_outlook look;
    struct exchange_step step = {.count = 0};
    ASSERT(ctx->tx && ctx->ids);
    TRY(open_exchange(ctx, cmd, &look, &at));
    bool is_draft = at.state == EXCHANGE_DRAFT;
    TRY(exchange_move(ctx, &at, EXCHANGE_EVENT_CANCEL, &step));
    if (!is_draft)
        TRY(take_lines_off(ctx, &at, &look));
    TRY(exchange_keep(ctx, &at, &look.work.order, &step));
    *ret = at;
    return order_get(ctx, at.edit.order, ret_order);
}
