/* payment_command.c - the commands that make a payment and move it.
 *
 * The order is locked first, so that payments of one order change one after
 * another; the last step hands their sums down to it.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/customer/customer.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_credit_store.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"

/* ---- create ---- */

static err_t check_currency(struct ctx *ctx, const struct order *order,
                            const char *currency)
{
    if (memcmp(order->currency, currency, sizeof order->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "amount",
                       "the order is in %s", order->currency);
    return OK;
}

static err_t check_create(struct ctx *ctx, const struct payment_work *work,
                          const struct payment_cmd *cmd)
{
    const struct order *order = &work->order;
    if (order->is_history ||
        (order->status != ORDER_PENDING && order->status != ORDER_CONFIRMED &&
         order->status != ORDER_COMPLETED))
        return fail_as(ctx, ERR_STATE, "order_not_payable", "status",
                       "the order is %s; it is paid while it is pending, "
                       "confirmed or completed, and not where it was over "
                       "before it came",
                       order_status_name(order->status));
    if (work->count >= LIMIT_PAYMENTS)
        return fail_as(ctx, ERR_STATE, "too_many_payments", "id",
                       "an order has %d payments at most", LIMIT_PAYMENTS);
    TRY(check_currency(ctx, order, cmd->currency));
    return check_range(ctx, "amount.amount", cmd->amount, 1, LIMIT_MINOR);
}

static bool is_kept_here(enum payment_tender tender)
{
    return tender == TENDER_GIFT_CARD || tender == TENDER_STORE_CREDIT;
}

/* What is kept here is taken at once, by a payment that names its account. */
static err_t name_credit(struct ctx *ctx, struct payment_cmd *cmd,
                         credit_id *ret)
{
    *ret = (credit_id){0};
    if (!is_kept_here(cmd->tender))
        return OK;
    if (cmd->gateway.len > 0)
        return fail_as(ctx, ERR_INVALID, "payment_kept_here", "gateway",
                       "no gateway has gift cards and store credit");
    if (cmd->tender == TENDER_STORE_CREDIT && !cmd->customer.v)
        TRY(customer_of_order(ctx, cmd->order, &cmd->customer));
    cmd->done = PAYMENT_CAPTURE;
    return credit_for_payment(ctx, cmd, ret);
}

/* Puts the payment behind the order's others. */
static err_t append(struct ctx *ctx, struct payment_work *work,
                    const struct payment_cmd *cmd, credit_id credit)
{
    struct payment *all =
        arena_array(ctx->arena, struct payment, work->count + 1);
    if (work->count > 0)
        memcpy(all, work->payments, work->count * sizeof *all);
    struct payment *pay = &all[work->count];
    *pay = (struct payment){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(cmd->order.v))},
        .order = cmd->order,
        .tender = cmd->tender,
        .amount = cmd->amount,
        .now = payment_fold(cmd->amount, NULL, 0),
        .reference = cmd->reference,
        .credit = credit,
        .token = cmd->token,
        .method = cmd->method,
        .due_at = cmd->due_at,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    memcpy(pay->currency, cmd->currency, sizeof pay->currency);
    work->payments = all;
    work->count++;
    work->pay = pay;
    return payment_set_account(ctx, pay, cmd->gateway);
}

err_t payment_create(struct ctx *ctx, const struct payment_cmd *said,
                     struct payment *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct payment_work work;
    struct payment_asked asked;
    struct payment_cmd named = *said;
    const struct payment_cmd *cmd = &named;
    credit_id credit;
    TRY(payment_work_open(ctx, cmd->order, &work));
    TRY(check_create(ctx, &work, cmd));
    TRY(name_credit(ctx, &named, &credit));
    struct payment_wish wish = {
        .type = cmd->done, .amount = cmd->amount, .reference = cmd->reference};
    TRY(append(ctx, &work, cmd, credit));
    TRY(payment_insert(ctx, work.pay));
    TRY(payment_tell(ctx, "payment.created", work.pay, NULL));
    if (cmd->done)
        TRY(payment_work_ask(ctx, work.pay, &wish, &asked));
    *ret = *work.pay;
    return payment_work_close(ctx, &work);
}

/* ---- what a person wants ---- */

err_t payment_do(struct ctx *ctx, const struct payment_step *cmd,
                 struct payment *ret)
{
    ASSERT(ctx->tx);
    struct payment_work work;
    struct payment_asked asked;
    struct payment_wish wish = {
        .type = cmd->type, .amount = cmd->amount, .reference = cmd->reference};
    TRY(payment_work_open_one(ctx, cmd->id, &work));
    TRY(check_version(ctx, cmd->version, work.pay->version));
    if (cmd->amount)
        TRY(check_currency(ctx, &work.order, cmd->currency));
    TRY(payment_work_ask(ctx, work.pay, &wish, &asked));
    *ret = *work.pay;
    return payment_work_close(ctx, &work);
}

/* ---- what happened outside ---- */

/* The transaction that told the same event before; NULL: none. */
static const struct payment_transaction *find_event(const struct payment *pay,
                                                    str key)
{
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (str_equal(pay->transactions[i].event_key, key))
            return &pay->transactions[i];
    return NULL;
}

err_t payment_record(struct ctx *ctx, const struct payment_report *report,
                     struct payment *ret)
{
    ASSERT(ctx->tx && report->event_key.len > 0);
    struct payment_work work;
    TRY(payment_work_open_one(ctx, report->id, &work));
    struct payment *pay = work.pay;
    if (pay->credit.v)
        return fail_as(ctx, ERR_STATE, "payment_kept_here", "id",
                       "nothing happens elsewhere to a payment by gift card "
                       "or store credit");
    if (report->amount)
        TRY(check_currency(ctx, &work.order, report->currency));
    const struct payment_transaction *known =
        find_event(pay, report->event_key);
    if (known && (known->type != report->type ||
                  (report->amount && known->amount != report->amount)))
        return fail_as(ctx, ERR_CONFLICT, "event_id_reused", "event_id",
                       "another event of this payment has that id");
    *ret = *pay;
    if (known)
        return OK;
    struct payment_transaction tx = {.type = report->type,
                                     .origin = PAYMENT_OF_OUTSIDE,
                                     .amount = report->amount,
                                     .event_key = report->event_key,
                                     .reference = report->reference,
                                     .terms = report->terms,
                                     .occurred_at = report->occurred_at};
    if (tx.type != PAYMENT_FAIL && tx.amount == 0)
        tx.amount = payment_room_for(tx.type, pay->amount, pay->transactions,
                                     pay->transaction_count);
    TRY(payment_work_add(ctx, pay, tx));
    *ret = *pay;
    return payment_work_close(ctx, &work);
}
