/* payment_command.c - the commands that make a payment and move it.
 *
 * The order is locked first, so that payments of one order change one after
 * another; the last step hands their sums down to it.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/customer/customer.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_credit_store.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"

static err_t open_payment(struct ctx *ctx, payment_id id,
                          struct payment_work *ret, struct payment **ret_pay)
{
    struct payment seen;
    TRY(payment_get(ctx, id, &seen));
    TRY(payment_work_open(ctx, seen.order, ret));
    *ret_pay = NULL;
    for (size_t i = 0; i < ret->count; i++)
        if (ret->payments[i].id.v == id.v)
            *ret_pay = &ret->payments[i];
    ASSERT(*ret_pay);
    return OK;
}

static err_t step(struct ctx *ctx, struct payment_work *work,
                  struct payment *pay, struct payment_transaction tx,
                  struct payment *ret)
{
    TRY(payment_work_add(ctx, pay, tx));
    TRY(payment_work_close(ctx, work));
    *ret = *pay;
    return OK;
}

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
    if (cmd->tender == TENDER_STORE_CREDIT && !cmd->customer.v)
        TRY(customer_of_order(ctx, cmd->order, &cmd->customer));
    cmd->done = PAYMENT_CAPTURE;
    return credit_for_payment(ctx, cmd, ret);
}

err_t payment_create(struct ctx *ctx, const struct payment_cmd *asked,
                     struct payment *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct payment_work work;
    struct payment_cmd named = *asked;
    const struct payment_cmd *cmd = &named;
    credit_id credit;
    TRY(payment_work_open(ctx, cmd->order, &work));
    TRY(check_create(ctx, &work, cmd));
    TRY(name_credit(ctx, &named, &credit));
    struct payment *all =
        arena_array(ctx->arena, struct payment, work.count + 1);
    if (work.count > 0)
        memcpy(all, work.payments, work.count * sizeof *all);
    struct payment *pay = &all[work.count];
    *pay = (struct payment){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(cmd->order.v))},
        .order = cmd->order,
        .tender = cmd->tender,
        .amount = cmd->amount,
        .now = payment_fold(cmd->amount, NULL, 0),
        .reference = cmd->reference,
        .credit = credit,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    memcpy(pay->currency, cmd->currency, sizeof pay->currency);
    work.payments = all;
    work.count++;
    TRY(payment_insert(ctx, pay));
    TRY(payment_tell(ctx, "payment.created", pay, NULL));
    *ret = *pay;
    if (!cmd->done)
        return payment_work_close(ctx, &work);
    struct payment_transaction tx = {.type = cmd->done,
                                     .origin = PAYMENT_OF_COMMAND,
                                     .amount = cmd->amount,
                                     .reference = cmd->reference,
                                     .occurred_at = ctx->now};
    return step(ctx, &work, pay, tx, ret);
}

/* ---- what a person did ---- */

static enum payment_event event_of(enum payment_type type, bool is_all)
{
    switch (type) {
    case PAYMENT_AUTHORIZE: return PAYMENT_EVENT_AUTHORIZE;
    case PAYMENT_CAPTURE:
        return is_all ? PAYMENT_EVENT_CAPTURE : PAYMENT_EVENT_CAPTURE_PART;
    case PAYMENT_VOID: return PAYMENT_EVENT_VOID;
    case PAYMENT_REFUND: return PAYMENT_EVENT_REFUND;
    case PAYMENT_CHARGEBACK:
    case PAYMENT_CHARGEBACK_REVERSED:
    case PAYMENT_EXPIRE:
    case PAYMENT_FAIL: break;
    }
    UNREACHABLE("nobody does that by a command");
}

/* I15, in the words of the limit. */
static err_t fail_over(struct ctx *ctx, enum payment_type type, money room)
{
    const char *slug = type == PAYMENT_AUTHORIZE ? "over_authorized"
                       : type == PAYMENT_CAPTURE ? "over_captured"
                                                 : "over_refunded";
    return fail_as(ctx, ERR_INVALID, slug, "amount",
                   "%.*s %s is the most that this payment can still %s",
                   STR_ARG(money_to_decimal(ctx->arena, room)), room.currency,
                   payment_type_names[type - 1]);
}

static err_t check_step(struct ctx *ctx, const struct payment *pay,
                        const struct payment_step *cmd, int64_t *ret_amount)
{
    int64_t room = payment_room_for(cmd->type, pay->amount, pay->transactions,
                                    pay->transaction_count);
    int64_t amount = cmd->amount ? cmd->amount : room;
    TRY(machine_allow(ctx, &payment_machine, (int)pay->now.state,
                      (int)event_of(cmd->type, amount >= room)));
    if (amount > room || amount == 0)
        return fail_over(ctx, cmd->type, money_make(room, pay->currency));
    *ret_amount = amount;
    return OK;
}

err_t payment_do(struct ctx *ctx, const struct payment_step *cmd,
                 struct payment *ret)
{
    ASSERT(ctx->tx);
    struct payment_work work;
    struct payment *pay;
    struct payment_transaction tx = {.type = cmd->type,
                                     .origin = PAYMENT_OF_COMMAND,
                                     .reference = cmd->reference,
                                     .occurred_at = ctx->now};
    TRY(open_payment(ctx, cmd->id, &work, &pay));
    TRY(check_version(ctx, cmd->version, pay->version));
    if (cmd->amount)
        TRY(check_currency(ctx, &work.order, cmd->currency));
    TRY(check_step(ctx, pay, cmd, &tx.amount));
    return step(ctx, &work, pay, tx, ret);
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
    struct payment *pay;
    TRY(open_payment(ctx, report->id, &work, &pay));
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
                                     .occurred_at = report->occurred_at};
    if (tx.type != PAYMENT_FAIL && tx.amount == 0)
        tx.amount = payment_room_for(tx.type, pay->amount, pay->transactions,
                                     pay->transaction_count);
    return step(ctx, &work, pay, tx, ret);
}
