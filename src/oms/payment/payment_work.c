/* payment_work.c - a locked order whose payments change, from opening it to
 * handing their sums down. */
#include "oms/payment/payment_work.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/payment/payment_credit_store.h"
#include "oms/payment/payment_dispute.h"
#include "oms/payment/payment_fx.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 1024 };

err_t payment_work_open(struct ctx *ctx, order_id id, struct payment_work *ret)
{
    *ret = (struct payment_work){.count = 0};
    TRY(order_lock(ctx, id, &ret->order));
    ret->before = order_keep(ctx->arena, &ret->order);
    return payment_list(ctx, id, &ret->payments, &ret->count);
}

err_t payment_work_open_one(struct ctx *ctx, payment_id id,
                            struct payment_work *ret)
{
    struct payment seen;
    TRY(payment_row(ctx, id, &seen));
    TRY(payment_work_open(ctx, seen.order, ret));
    for (size_t i = 0; i < ret->count; i++)
        if (ret->payments[i].id.v == id.v)
            ret->pay = &ret->payments[i];
    ASSERT(ret->pay);
    return OK;
}

/* ---- what follows each change ---- */

static const char *const told[PAYMENT_TYPES] = {
    "payment.authorized", "payment.captured",     "payment.voided",
    "payment.refunded",   "payment.charged_back", "payment.chargeback_reversed",
    "payment.expired",    "payment.failed",       "payment.dispute_lost"};

/* It had been said, or settled, that the gateway would not do it; or that it
 * did. */
static bool is_contrary(struct ctx *ctx, const struct payment *pay,
                        const struct payment_transaction *tx)
{
    for (size_t i = 0; i < pay->call_count; i++) {
        str key = payment_call_reference(ctx->arena, pay->calls[i].id);
        if ((pay->calls[i].state == CALL_REFUSED ||
             pay->calls[i].state == CALL_CANCELLED) &&
            tx->origin == PAYMENT_OF_OUTSIDE && tx->type != PAYMENT_FAIL &&
            str_starts(tx->event_key, key))
            return true;
        if (pay->calls[i].state == CALL_DONE && tx->type == PAYMENT_FAIL &&
            str_starts(tx->event_key, key))
            return true;
    }
    return false;
}

bool payment_is_needed(const struct order *order)
{
    return !order->is_history && order_balance(order) > 0 &&
           (order->status == ORDER_PENDING ||
            order->status == ORDER_CONFIRMED ||
            order->status == ORDER_COMPLETED);
}

static struct order_pay sum_up(const struct payment *payments, size_t count)
{
    struct order_pay pay = {0};
    for (size_t i = 0; i < count; i++) {
        const struct payment_now *now = &payments[i].now;
        pay.pending += now->pending;
        pay.authorized += now->authorized;
        pay.captured += now->captured;
        pay.refunded += now->refunded;
        pay.disputed += now->disputed;
    }
    return pay;
}

/* What runs out, or is not promised anew, may be missed. What was paid in this
 * transaction stands with the payments alone: the order learns it when the work
 * is closed. */
static err_t put_needed(struct ctx *ctx, struct json_out *out,
                        const struct payment *pay)
{
    struct order order;
    struct payment *payments;
    size_t count;
    TRY(order_get(ctx, pay->order, &order));
    TRY(payment_list(ctx, pay->order, &payments, &count));
    order.pay = sum_up(payments, count);
    json_put_bool(out, "is_needed", payment_is_needed(&order));
    return OK;
}

static err_t tell(struct ctx *ctx, const char *type, const struct payment *pay,
                  const struct payment_transaction *tx,
                  const struct payment_call *call)
{
    struct buf buf;
    struct json_out out;
    int64_t amount = call ? call->amount : tx ? tx->amount : pay->amount;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", pay->order.v);
    json_put_cstr(&out, "tender", payment_tender_names[pay->tender - 1]);
    json_put_cstr(&out, "state", payment_state_name(pay->now.state));
    json_put_i64(&out, "version", pay->version);
    json_put_money(&out, "amount", money_make(amount, pay->currency));
    json_put_bool(&out, "is_outside", tx && tx->origin == PAYMENT_OF_OUTSIDE);
    json_put_bool(&out, "is_contrary", tx && is_contrary(ctx, pay, tx));
    json_put_bool(&out, "is_within",
                  payment_is_within(pay->amount, pay->transactions,
                                    pay->transaction_count));
    if (call) {
        json_put_id(&out, "call", "gcl", call->id.v);
        json_put_cstr(&out, "step", payment_type_names[call->type - 1]);
        json_put_bool(&out, "is_renewal", call->is_renewal);
    }
    if (tx && tx->dispute.v) {
        json_put_id(&out, "dispute", "dsp", tx->dispute.v);
        json_put_bool(&out, "is_disputed", payment_is_disputed(pay));
    }
    if ((tx && tx->type == PAYMENT_EXPIRE && tx->amount > 0) ||
        (call && call->is_renewal && call->state == CALL_REFUSED))
        TRY(put_needed(ctx, &out, pay));
    json_end_object(&out);
    return event_add(ctx, type, "payment", pay->id.v, buf_str(&buf), NULL);
}

err_t payment_tell(struct ctx *ctx, const char *type, const struct payment *pay,
                   const struct payment_transaction *tx)
{
    return tell(ctx, type, pay, tx, NULL);
}

err_t payment_tell_call(struct ctx *ctx, const char *type,
                        const struct payment *pay,
                        const struct payment_call *call)
{
    return tell(ctx, type, pay, NULL, call);
}

err_t payment_work_say(struct ctx *ctx, const char *type, struct payment *pay,
                       const struct payment_call *call)
{
    TRY(payment_save(ctx, pay));
    return tell(ctx, type, pay, NULL, call);
}

/* The sums of all payments, where they are others now. */
err_t payment_work_close(struct ctx *ctx, struct payment_work *work)
{
    struct order_pay pay = sum_up(work->payments, work->count);
    const struct order_pay *was = &work->before.pay;
    if (pay.pending == was->pending && pay.authorized == was->authorized &&
        pay.captured == was->captured && pay.refunded == was->refunded &&
        pay.disputed == was->disputed)
        return OK;
    work->order.pay = pay;
    return order_pay_save(ctx, &work->before, &work->order,
                          event_id(ctx, work->order.id.v));
}

/* Adds it behind the others; the payment is folded anew. */
err_t payment_work_put(struct ctx *ctx, struct payment *pay,
                       struct payment_transaction tx)
{
    size_t n = pay->transaction_count;
    struct payment_transaction *all =
        arena_array(ctx->arena, struct payment_transaction, n + 1);
    if (payment_is_of_dispute(tx.type))
        TRY(dispute_join(ctx, pay, &tx));
    if (n > 0)
        memcpy(all, pay->transactions, n * sizeof *all);
    tx.n = (int64_t)n + 1;
    tx.received_at = ctx->now;
    all[n] = tx;
    pay->transactions = all;
    pay->transaction_count = n + 1;
    pay->now = payment_fold(pay->amount, all, n + 1);
    TRY(payment_add_transaction(ctx, pay->id, &tx));
    return fx_follow(ctx, pay);
}

err_t payment_work_note(struct ctx *ctx, struct payment *pay,
                        struct payment_transaction tx)
{
    TRY(payment_work_put(ctx, pay, tx));
    TRY(payment_save(ctx, pay));
    return payment_tell(ctx, told[tx.type - 1], pay,
                        &pay->transactions[pay->transaction_count - 1]);
}

err_t payment_work_add(struct ctx *ctx, struct payment *pay,
                       struct payment_transaction tx)
{
    TRY(payment_check_steps(ctx, pay));
    TRY(credit_follow(ctx, pay, &tx));
    return payment_work_note(ctx, pay, tx);
}
