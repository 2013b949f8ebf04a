/* payment_ask.c - the one way to move money of a payment: by hand it is done, a
 * gateway is asked. */
#include "base/arena.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_call_store.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/epoch.h"

err_t payment_set_account(struct ctx *ctx, struct payment *pay, str code)
{
    struct pay_account account;
    struct epoch epoch;
    if (code.len == 0 && (pay->token.len || pay->method.len))
        return fail_as(ctx, ERR_INVALID, "missing_field", "gateway",
                       "a token or a method is of a gateway account");
    if (code.len == 0)
        return OK;
    TRY(pay_account_by_code(ctx, code, &account));
    if (account.gateway->needs_token && pay->token.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "token",
                       "%s wants a token of what the buyer pays with",
                       account.gateway->title);
    TRY(epoch_get(ctx, &epoch));
    pay->account = account.id;
    pay->epoch = epoch.text;
    return OK;
}

err_t payment_check_steps(struct ctx *ctx, const struct payment *pay)
{
    size_t steps = pay->transaction_count;
    for (size_t i = 0; i < pay->call_count; i++)
        steps += payment_call_is_live(&pay->calls[i]);
    if (steps >= LIMIT_TRANSACTIONS)
        return fail_as(ctx, ERR_STATE, "too_many_transactions", "id",
                       "a payment has %d transactions at most",
                       LIMIT_TRANSACTIONS);
    return OK;
}

/* ---- how much there is ---- */

static int64_t asked_for(const struct payment *pay, enum payment_type type)
{
    int64_t amount = 0;
    for (size_t i = 0; i < pay->call_count; i++)
        if (pay->calls[i].type == type && payment_call_is_live(&pay->calls[i]))
            amount += pay->calls[i].amount;
    return amount;
}

int64_t payment_left(const struct payment *pay, enum payment_type type)
{
    int64_t room = payment_room_for(type, pay->amount, pay->transactions,
                                    pay->transaction_count);
    int64_t left = room - asked_for(pay, type);
    return left > 0 ? left : 0;
}

/* What promises, takes and gives up waits for one another: how much there is to
 * it depends on the outcome. Captures alone may follow one another. */
static err_t check_busy(struct ctx *ctx, const struct payment *pay,
                        const struct payment_wish *wish)
{
    bool is_busy = false;
    for (size_t i = 0; i < pay->call_count; i++) {
        const struct payment_call *call = &pay->calls[i];
        bool is_apart =
            call->type == PAYMENT_REFUND || wish->type == PAYMENT_REFUND ||
            (call->type == PAYMENT_CAPTURE && wish->type == PAYMENT_CAPTURE);
        bool is_same =
            call->type == wish->type && str_equal(call->step, wish->reference);
        is_busy |= payment_call_is_live(call) && (!is_apart || is_same);
    }
    if (is_busy)
        return fail_as(ctx, ERR_STATE, "payment_busy", "id",
                       "its gateway is asked already; wait for what it says");
    return OK;
}

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
    case PAYMENT_FAIL:
    case PAYMENT_DISPUTE_LOST: break;
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

static err_t check_wish(struct ctx *ctx, const struct payment *pay,
                        const struct payment_wish *wish, int64_t *ret_amount)
{
    int64_t left =
        wish->is_renewal ? pay->now.authorized : payment_left(pay, wish->type);
    int64_t amount = wish->amount ? wish->amount : left;
    TRY(machine_allow(ctx, &payment_machine, (int)pay->now.state,
                      (int)event_of(wish->type, amount >= left)));
    TRY(check_busy(ctx, pay, wish));
    if (amount > left || amount == 0)
        return fail_over(ctx, wish->type, money_make(left, pay->currency));
    *ret_amount = amount;
    return payment_check_steps(ctx, pay);
}

/* ---- asking ---- */

static err_t by_hand(struct ctx *ctx, struct payment *pay,
                     const struct payment_wish *wish, int64_t amount)
{
    struct payment_transaction tx = {.type = wish->type,
                                     .origin = PAYMENT_OF_COMMAND,
                                     .amount = amount,
                                     .reference = wish->reference,
                                     .occurred_at = ctx->now};
    return payment_work_add(ctx, pay, tx);
}

static err_t ask_gateway(struct ctx *ctx, struct payment *pay,
                         const struct payment_wish *wish, int64_t amount,
                         gateway_call_id *ret)
{
    struct payment_call *all =
        arena_array(ctx->arena, struct payment_call, pay->call_count + 1);
    struct payment_call *call = &all[pay->call_count];
    if (pay->call_count > 0)
        memcpy(all, pay->calls, pay->call_count * sizeof *all);
    *call = (struct payment_call){.payment = pay->id,
                                  .account = pay->account,
                                  .type = wish->type,
                                  .amount = amount,
                                  .step = wish->reference,
                                  .is_renewal = wish->is_renewal};
    TRY(payment_call_want(ctx, call));
    pay->calls = all;
    pay->call_count++;
    *ret = call->id;
    return payment_work_say(ctx, "payment.asked", pay, call);
}

err_t payment_work_ask(struct ctx *ctx, struct payment *pay,
                       const struct payment_wish *wish,
                       struct payment_asked *ret)
{
    int64_t amount;
    struct payment_asked asked = {.is_done = pay->account.v == 0};
    TRY(check_wish(ctx, pay, wish, &amount));
    if (asked.is_done)
        TRY(by_hand(ctx, pay, wish, amount));
    else
        TRY(ask_gateway(ctx, pay, wish, amount, &asked.call));
    *ret = asked;
    return OK;
}
