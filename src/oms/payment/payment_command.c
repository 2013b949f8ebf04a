/* payment_command.c - the commands that make a payment and move it.
 *
 * The order is locked first, so that payments of one order change one after
 * another; the last step hands their sums down to it.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 1024 };

/* A locked order and all of its payments, one of which changes. */
struct work {
    struct order order, before;
    struct payment *payments;
    size_t count;
    struct payment *pay;
};

static err_t open_order(struct ctx *ctx, order_id id, struct work *ret)
{
    *ret = (struct work){.count = 0};
    TRY(order_lock(ctx, id, &ret->order));
    ret->before = order_keep(ctx->arena, &ret->order);
    return payment_list(ctx, id, &ret->payments, &ret->count);
}

static err_t open_payment(struct ctx *ctx, payment_id id, struct work *ret)
{
    struct payment seen;
    TRY(payment_get(ctx, id, &seen));
    TRY(open_order(ctx, seen.order, ret));
    for (size_t i = 0; i < ret->count; i++)
        if (ret->payments[i].id.v == id.v)
            ret->pay = &ret->payments[i];
    ASSERT(ret->pay);
    return OK;
}

/* ---- what follows each change ---- */

static const char *const told[PAYMENT_FAIL] = {
    "payment.authorized", "payment.captured",     "payment.voided",
    "payment.refunded",   "payment.charged_back", "payment.chargeback_reversed",
    "payment.expired",    "payment.failed"};

static err_t tell(struct ctx *ctx, const char *type, const struct payment *pay,
                  const struct payment_transaction *tx)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", pay->order.v);
    json_put_cstr(&out, "tender", payment_tender_names[pay->tender - 1]);
    json_put_cstr(&out, "state", payment_state_name(pay->now.state));
    json_put_i64(&out, "version", pay->version);
    json_put_money(&out, "amount",
                   money_make(tx ? tx->amount : pay->amount, pay->currency));
    json_put_bool(&out, "is_outside", tx && tx->origin == PAYMENT_OF_OUTSIDE);
    json_put_bool(&out, "is_within",
                  payment_is_within(pay->amount, pay->transactions,
                                    pay->transaction_count));
    json_end_object(&out);
    return event_add(ctx, type, "payment", pay->id.v, buf_str(&buf), NULL);
}

/* The sums of all payments, where they are others now. */
static err_t hand_down(struct ctx *ctx, struct work *work)
{
    struct order_pay pay = {0};
    const struct order_pay *was = &work->before.pay;
    for (size_t i = 0; i < work->count; i++) {
        const struct payment_now *now = &work->payments[i].now;
        pay.pending += now->pending;
        pay.authorized += now->authorized;
        pay.captured += now->captured;
        pay.refunded += now->refunded;
        pay.disputed += now->disputed;
    }
    if (pay.pending == was->pending && pay.authorized == was->authorized &&
        pay.captured == was->captured && pay.refunded == was->refunded &&
        pay.disputed == was->disputed)
        return OK;
    work->order.pay = pay;
    return order_pay_save(ctx, &work->before, &work->order,
                          event_id(ctx, work->order.id.v));
}

/* Adds it behind the others; the payment is folded anew. */
static err_t add(struct ctx *ctx, struct payment *pay,
                 struct payment_transaction tx)
{
    size_t n = pay->transaction_count;
    if (n >= LIMIT_TRANSACTIONS)
        return fail_as(ctx, ERR_STATE, "too_many_transactions", "id",
                       "a payment has %d transactions at most",
                       LIMIT_TRANSACTIONS);
    struct payment_transaction *all =
        arena_array(ctx->arena, struct payment_transaction, n + 1);
    if (n > 0)
        memcpy(all, pay->transactions, n * sizeof *all);
    tx.n = (int64_t)n + 1;
    tx.received_at = ctx->now;
    all[n] = tx;
    pay->transactions = all;
    pay->transaction_count = n + 1;
    pay->now = payment_fold(pay->amount, all, n + 1);
    return payment_add_transaction(ctx, pay->id, &tx);
}

static err_t step(struct ctx *ctx, struct work *work,
                  struct payment_transaction tx, struct payment *ret)
{
    struct payment *pay = work->pay;
    TRY(add(ctx, pay, tx));
    TRY(payment_save(ctx, pay));
    TRY(tell(ctx, told[tx.type - 1], pay,
             &pay->transactions[pay->transaction_count - 1]));
    TRY(hand_down(ctx, work));
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

static err_t check_create(struct ctx *ctx, const struct work *work,
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

err_t payment_create(struct ctx *ctx, const struct payment_cmd *cmd,
                     struct payment *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct work work;
    TRY(open_order(ctx, cmd->order, &work));
    TRY(check_create(ctx, &work, cmd));
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
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    memcpy(pay->currency, cmd->currency, sizeof pay->currency);
    work.payments = all;
    work.count++;
    work.pay = pay;
    TRY(payment_insert(ctx, pay));
    TRY(tell(ctx, "payment.created", pay, NULL));
    *ret = *pay;
    if (!cmd->done)
        return hand_down(ctx, &work);
    struct payment_transaction tx = {.type = cmd->done,
                                     .origin = PAYMENT_OF_COMMAND,
                                     .amount = cmd->amount,
                                     .reference = cmd->reference,
                                     .occurred_at = ctx->now};
    return step(ctx, &work, tx, ret);
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
    struct work work;
    struct payment_transaction tx = {.type = cmd->type,
                                     .origin = PAYMENT_OF_COMMAND,
                                     .reference = cmd->reference,
                                     .occurred_at = ctx->now};
    TRY(open_payment(ctx, cmd->id, &work));
    TRY(check_version(ctx, cmd->version, work.pay->version));
    if (cmd->amount)
        TRY(check_currency(ctx, &work.order, cmd->currency));
    TRY(check_step(ctx, work.pay, cmd, &tx.amount));
    return step(ctx, &work, tx, ret);
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
    struct work work;
    TRY(open_payment(ctx, report->id, &work));
    struct payment *pay = work.pay;
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
    return step(ctx, &work, tx, ret);
}
