/* payment_refund.c - the commands that give money back.
 *
 * One transaction: worth off the order, the refund with its event, and where
 * the payments are kept by hand, their transactions.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/customer/customer.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/payment/payment_credit_store.h"
#include "oms/payment/payment_refund_store.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_work.h"
#include "store/event.h"

/* ---- what is known ---- */

/* What its gateway is asked to give back for no refund's part. */
static int64_t asked_alone(const struct payment *pay)
{
    int64_t sum = 0, id;
    for (size_t i = 0; i < pay->call_count; i++) {
        const struct payment_call *call = &pay->calls[i];
        if (call->type == PAYMENT_REFUND && payment_call_is_live(call) &&
            !id_from_text("rfd", call->step, &id))
            sum += call->amount;
    }
    return sum;
}

/* What a payment can still give back, less what is on its way. */
static int64_t room_of(const struct payment *pay,
                       const struct refund_pending *pending, size_t count)
{
    int64_t room = payment_room_for(PAYMENT_REFUND, pay->amount,
                                    pay->transactions, pay->transaction_count);
    room -= asked_alone(pay);
    for (size_t i = 0; i < count; i++)
        if (pending[i].payment.v == pay->id.v)
            room -= pending[i].amount;
    return room > 0 ? room : 0;
}

static err_t read_facts(struct ctx *ctx, const struct payment_work *work,
                        struct refund_facts *ret)
{
    struct refund_pending *pending;
    size_t count;
    TRY(refund_pending_list(ctx, work->order.id, &pending, &count));
    struct refund_tender *tenders =
        arena_array(ctx->arena, struct refund_tender, work->count);
    for (size_t i = 0; i < work->count; i++)
        tenders[i] = (struct refund_tender){
            work->payments[i].id, work->payments[i].tender,
            room_of(&work->payments[i], pending, count)};
    *ret = (struct refund_facts){.tenders = tenders, .count = work->count};
    for (size_t i = 0; i < count; i++)
        ret->pending += pending[i].amount;
    for (size_t i = 0; i < work->count; i++)
        ret->pending += asked_alone(&work->payments[i]);
    return OK;
}

/* ---- what is told ---- */

static void put(struct json_out *out, const char *key,
                const struct refund *refund, int64_t minor)
{
    if (minor > 0)
        json_put_money(out, key, money_make(minor, refund->currency));
}

/* What was taken off, as members of an open object. */
static void write_worth(struct json_out *out, const void *arg)
{
    const struct refund *refund = arg;
    json_put_id(out, "refund", "rfd", refund->id.v);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < refund->line_count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "n", refund->lines[i].n);
        json_put_i64(out, "quantity", refund->lines[i].qty);
        put(out, "amount", refund, refund->lines[i].amount);
        json_end_object(out);
    }
    json_end_list(out);
    put(out, "shipping", refund, refund->shipping);
    put(out, "fees", refund, refund->fees);
    put(out, "allowance", refund, refund->allowance);
}

static err_t tell(struct ctx *ctx, const char *type,
                  const struct refund *refund)
{
    enum { EVENT_BYTES = 32 * 1024 };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", refund->order.v);
    json_put_cstr(&out, "state", refund_state_name(refund->state));
    json_put_i64(&out, "version", refund->version);
    json_put_money(&out, "amount",
                   money_make(refund->amount, refund->currency));
    json_begin_list(&out, "tenders");
    for (size_t i = 0; i < refund->part_count; i++) {
        json_begin(&out, NULL);
        json_put_id(&out, "payment", "pay", refund->parts[i].payment.v);
        json_put_cstr(&out, "tender",
                      payment_tender_names[refund->parts[i].tender - 1]);
        put(&out, "amount", refund, refund->parts[i].amount);
        json_end_object(&out);
    }
    json_end_list(&out);
    json_put_id_or_null(&out, "store_credit_of", "cus", refund->credit_to.v);
    json_put_str_or_null(&out, "reason", refund->reason);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return event_add(ctx, type, "refund", refund->id.v, buf_str(&buf), NULL);
}

/* The order with what is off it; then the payments change it further. */
static err_t save_worth(struct ctx *ctx, struct payment_work *work,
                        const struct refund *refund)
{
    struct order_note note = {.type = "order.worth_changed",
                              .event_id = event_id(ctx, work->order.id.v),
                              .write = write_worth,
                              .arg = refund};
    TRY(order_note(ctx, &work->before, &work->order, &note));
    work->before = order_keep(ctx->arena, &work->order);
    return OK;
}

/* ---- ends ---- */

static struct payment *find_payment(const struct payment_work *work,
                                    payment_id id)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->payments[i].id.v == id.v)
            return &work->payments[i];
    UNREACHABLE("a refund pays what the order was paid with");
}

/* The step that its gateway is asked for. */
static str step_of(struct ctx *ctx, const struct refund *refund)
{
    return id_str(ctx->arena, "rfd", refund->id.v);
}

/* By hand it is given at once; a gateway is asked, and says so later. */
static err_t give(struct ctx *ctx, struct payment_work *work,
                  const struct refund *refund, struct refund_part *part)
{
    struct payment_asked asked;
    struct payment *pay = find_payment(work, part->payment);
    struct payment_wish wish = {
        .type = PAYMENT_REFUND,
        .amount = part->amount,
        .reference = pay->account.v ? step_of(ctx, refund) : refund->reference};
    int64_t room = payment_left(pay, PAYMENT_REFUND);
    if (part->amount > room)
        return fail_as(ctx, ERR_INVALID, "over_refunded", "amount",
                       "%lld minor units are the most that a payment of this "
                       "refund can still give back",
                       (long long)room);
    if (refund->credit_to.v) {
        TRY(payment_check_steps(ctx, pay));
        TRY(payment_work_note(
            ctx, pay,
            (struct payment_transaction){.type = PAYMENT_REFUND,
                                         .origin = PAYMENT_OF_COMMAND,
                                         .amount = part->amount,
                                         .reference = refund->reference,
                                         .occurred_at = ctx->now}));
        part->state = REFUND_SUCCEEDED;
        return credit_from_refund(
            ctx, refund->credit_to, refund->currency,
            (struct credit_entry){.amount = part->amount,
                                  .order = refund->order,
                                  .payment = part->payment,
                                  .refund = refund->id});
    }
    TRY(payment_work_ask(ctx, pay, &wish, &asked));
    if (asked.is_done)
        part->state = REFUND_SUCCEEDED;
    return OK;
}

/* What its gateway is asked for it is not over. */
static err_t check_asked(struct ctx *ctx, const struct payment_work *work,
                         const struct refund *refund)
{
    str step = step_of(ctx, refund);
    for (size_t i = 0; i < refund->part_count; i++) {
        const struct payment *pay =
            find_payment(work, refund->parts[i].payment);
        for (size_t j = 0; j < pay->call_count; j++)
            if (payment_call_is_live(&pay->calls[j]) &&
                str_equal(pay->calls[j].step, step))
                return fail_as(ctx, ERR_STATE, "payment_busy", "id",
                               "a gateway is asked for it; wait for what it "
                               "says");
    }
    return OK;
}

static const char *told_of(enum refund_state state)
{
    switch (state) {
    case REFUND_SUCCEEDED: return "refund.succeeded";
    case REFUND_FAILED: return "refund.failed";
    case REFUND_CANCELLED: return "refund.cancelled";
    case REFUND_NONE:
    case REFUND_PENDING: break;
    }
    return "refund.asked";
}

/* All parts that are pending end in that way, but for those that a gateway is
 * asked for. */
static err_t finish(struct ctx *ctx, struct payment_work *work,
                    enum refund_event event, struct refund *refund)
{
    enum refund_state next = (enum refund_state)machine_next(
        &refund_machine, REFUND_PENDING, (int)event);
    for (size_t i = 0; i < refund->part_count; i++) {
        struct refund_part *part = &refund->parts[i];
        if (part->state != REFUND_PENDING)
            continue;
        if (next == REFUND_SUCCEEDED)
            TRY(give(ctx, work, refund, part));
        else
            part->state = next;
    }
    refund->state = refund->part_count > 0
                        ? refund_fold(refund->parts, refund->part_count)
                        : next;
    TRY(refund_save(ctx, refund));
    TRY(tell(ctx, told_of(refund->state), refund));
    return payment_work_close(ctx, work);
}

err_t refund_answered(struct ctx *ctx, const struct payment_call *call,
                      enum refund_state state, int64_t amount)
{
    struct refund refund;
    refund_id id;
    if (call->type != PAYMENT_REFUND || !id_from_text("rfd", call->step, &id.v))
        return OK;
    err_t err = refund_get(ctx, id, &refund);
    if (err == ERR_NOT_FOUND) { /* A person gave it that name. */
        err_clear(ctx);
        return OK;
    }
    TRY(err);
    for (size_t i = 0; i < refund.part_count; i++) {
        struct refund_part *part = &refund.parts[i];
        if (part->payment.v != call->payment.v || part->state != REFUND_PENDING)
            continue;
        part->state = state;
        refund.amount += amount - part->amount;
        part->amount = amount;
        refund.state = refund_fold(refund.parts, refund.part_count);
        TRY(refund_save(ctx, &refund));
        TRY(tell(ctx, told_of(refund.state), &refund));
    }
    return OK;
}

/* ---- commands ---- */

static err_t check_room(struct ctx *ctx, order_id order)
{
    int64_t count;
    TRY(refund_count(ctx, order, &count));
    if (count >= LIMIT_REFUNDS)
        return fail_as(ctx, ERR_STATE, "too_many_refunds", "id",
                       "an order has %d refunds at most", LIMIT_REFUNDS);
    return OK;
}

/* What it would make has room: a preview is refused as the refund would be, and
 * what is refused wrote nothing. */
static err_t check_plan(struct ctx *ctx, const struct payment_work *work,
                        const struct refund *plan)
{
    if (!refund_has_worth(plan) && plan->part_count == 0)
        return OK;
    TRY(check_room(ctx, plan->order));
    for (size_t i = 0; i < plan->part_count; i++) {
        const struct payment *pay = find_payment(work, plan->parts[i].payment);
        TRY(payment_check_steps(ctx, pay));
        TRY(credit_check_room(ctx, pay, plan->parts[i].amount));
    }
    return OK;
}

static err_t open_plan(struct ctx *ctx, const struct refund_cmd *cmd,
                       struct payment_work *work, struct refund *ret)
{
    struct refund_facts facts;
    TRY(payment_work_open(ctx, cmd->order, work));
    if (cmd->version)
        TRY(check_version(ctx, cmd->version, work->order.version));
    TRY(read_facts(ctx, work, &facts));
    TRY(refund_plan(ctx, cmd, &facts, &work->order, ret));
    return check_plan(ctx, work, ret);
}

static err_t name_customer(struct ctx *ctx, const struct refund_cmd *cmd,
                           customer_id *ret)
{
    *ret = cmd->customer;
    return ret->v ? customer_check_exists(ctx, *ret)
                  : customer_of_order(ctx, cmd->order, ret);
}

static err_t write_refund(struct ctx *ctx, const struct refund_cmd *cmd,
                          struct payment_work *work, struct refund *refund)
{
    bool is_later = cmd->is_later && refund->part_count > 0;
    if (cmd->is_to_credit && refund->part_count > 0)
        TRY(name_customer(ctx, cmd, &refund->credit_to));
    refund->id.v = id_next(ctx->ids, ctx->now, id_bucket(cmd->order.v));
    refund->created_at = refund->updated_at = ctx->now;
    if (refund_has_worth(refund))
        TRY(save_worth(ctx, work, refund));
    TRY(refund_insert(ctx, refund));
    TRY(tell(ctx, "refund.created", refund));
    return is_later ? OK : finish(ctx, work, REFUND_EVENT_SUCCEED, refund);
}

err_t refund_create(struct ctx *ctx, const struct refund_cmd *cmd,
                    struct refund *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct payment_work work;
    TRY(open_plan(ctx, cmd, &work, ret));
    if (!refund_has_worth(ret) && ret->amount == 0)
        return fail_as(ctx, ERR_INVALID, "nothing_to_refund", "amount",
                       "the order owes nothing, and nothing is taken off");
    return write_refund(ctx, cmd, &work, ret);
}

err_t refund_preview(struct ctx *ctx, const struct refund_cmd *cmd,
                     struct refund *ret)
{
    struct payment_work work;
    return open_plan(ctx, cmd, &work, ret);
}

/* A refusal that comes after the first write is a fault of ours: whoever goes
 * on after it would keep half of a refund. */
static err_t no_refusal(struct ctx *ctx, err_t err)
{
    if (err != ERR_STATE && err != ERR_INVALID && err != ERR_NOT_FOUND)
        return err;
    str text = str_copy(ctx->arena, str_from_cstr(ctx->err.text));
    return fail(ctx, ERR_INTERNAL, "", "a planned refund was refused: %.*s",
                STR_ARG(text));
}

err_t refund_settle(struct ctx *ctx, order_id order, str reason,
                    struct refund *ret, bool *ret_is_made)
{
    ASSERT(ctx->tx && ctx->ids);
    struct payment_work work;
    struct refund_cmd cmd = {
        .order = order, .amount = REFUND_AS_OWED, .reason = reason};
    TRY(open_plan(ctx, &cmd, &work, ret));
    *ret_is_made = ret->amount > 0;
    return *ret_is_made ? no_refusal(ctx, write_refund(ctx, &cmd, &work, ret))
                        : OK;
}

err_t refund_finish(struct ctx *ctx, const struct refund_end *end,
                    struct refund *ret)
{
    ASSERT(ctx->tx);
    struct payment_work work;
    TRY(refund_get(ctx, end->id, ret));
    TRY(payment_work_open(ctx, ret->order, &work));
    TRY(refund_get(ctx, end->id, ret));
    TRY(check_version(ctx, end->version, ret->version));
    TRY(machine_allow(ctx, &refund_machine, (int)ret->state, (int)end->event));
    TRY(check_asked(ctx, &work, ret));
    if (end->reference.len > 0)
        ret->reference = end->reference;
    return finish(ctx, &work, end->event, ret);
}
