/* payment_outcome.c - what gateways said: transactions, each once.
 *
 * A step of ours has its call's id as event id, whichever way its outcome comes
 * (an answer, a look-up, a webhook); what nobody here asked for has the
 * gateway's. So nothing that is told twice counts twice.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_call_store.h"
#include "oms/payment/payment_hook.h"
#include "oms/payment/payment_refund.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/epoch.h"
#include "store/sql.h"

/* ---- one call ---- */

static void end(struct payment_call *call, str error)
{
    call->owner = 0;
    call->lease_until = 0;
    call->error = error.len > LIMIT_REASON_BYTES
                      ? STR("the gateway's answer is too long")
                      : error;
}

/* When the next of its promises ends, and when it is looked at for that. */
static err_t set_end(struct ctx *ctx, struct payment *pay, utc_ms at)
{
    struct pay_account account;
    pay->expires_at = pay->watch_at = at;
    if (at == 0)
        return OK;
    TRY(pay_account_get(ctx, pay->account, &account));
    bool can_renew =
        account.gateway->caps & GATEWAY_CAN_RENEW && account.is_active;
    pay->watch_at =
        payment_watch_at(ctx->now, at, can_renew ? account.renew_hours : 0);
    return OK;
}

/* Until when all that is promised stands, and how the gateway calls it. */
static err_t keep_terms(struct ctx *ctx, struct payment *pay,
                        const struct gateway_fact *fact)
{
    if (fact->gateway_ref.len)
        pay->gateway_ref = fact->gateway_ref;
    if (pay->gateway_ref.len)
        pay->token = STR_NONE;
    if (fact->type != PAYMENT_AUTHORIZE)
        return OK;
    bool is_beside = pay->now.authorized > 0 && pay->expires_at > 0;
    bool is_earlier =
        fact->expires_at > 0 && fact->expires_at < pay->expires_at;
    if (is_beside && !is_earlier)
        return OK;
    return set_end(ctx, pay, fact->expires_at);
}

static struct payment_transaction
transaction_of(const struct ctx *ctx, const struct gateway_fact *fact,
               int64_t amount)
{
    bool has_time = fact->occurred_at > 0 && fact->occurred_at <= ctx->now;
    return (struct payment_transaction){
        .type = (enum payment_type)fact->type,
        .origin = PAYMENT_OF_COMMAND,
        .amount = amount,
        .reference = fact->id,
        .terms = {fact->dispute, fact->text, fact->due_at},
        .expires_at = fact->expires_at,
        .occurred_at = has_time ? fact->occurred_at : ctx->now,
    };
}

/* What was promised until then lapses as the new promise takes its place; 0:
 * all of it. The others go on. */
static err_t lapse(struct ctx *ctx, struct payment *pay, str reference,
                   utc_ms until)
{
    utc_ms next_at = 0;
    int64_t open = pay->now.authorized;
    int64_t beyond = until ? payment_promised_beyond(pay, until, &next_at) : 0;
    if (open == 0)
        return OK;
    struct payment_transaction tx = {
        .type = PAYMENT_EXPIRE,
        .origin = PAYMENT_OF_COMMAND,
        .amount = open > beyond ? open - beyond : 0,
        .event_key = str_printf(ctx->arena, "%.*s" PAYMENT_REPLACED_KEY,
                                STR_ARG(reference)),
        .expires_at = until,
        .occurred_at = ctx->now};
    TRY(set_end(ctx, pay, next_at));
    return payment_work_put(ctx, pay, tx);
}

static bool is_matched(const struct payment *pay,
                       const struct payment_transaction *tx)
{
    for (size_t i = 0; i < pay->call_count; i++)
        if (pay->calls[i].transaction_n == tx->n)
            return true;
    return false;
}

/* What was recorded as from outside and is this step: told in the gateway's
 * own words before. Where a person settles it there is no id: then it is what
 * was told of that amount since it was asked. NULL: it was not told. */
static const struct payment_transaction *
find_told(const struct payment *pay, const struct payment_call *call,
          const struct gateway_fact *fact)
{
    const struct payment_transaction *ret = NULL;
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        bool is_it = fact->id.len ? str_equal(tx->reference, fact->id)
                                  : tx->amount == call->amount &&
                                        tx->received_at >= call->asked_at;
        if (tx->type == call->type && tx->origin == PAYMENT_OF_OUTSIDE &&
            is_it && !is_matched(pay, tx))
            ret = tx;
    }
    return ret;
}

/* The call is over, and its deed is known. */
static err_t match(struct ctx *ctx, struct payment *pay,
                   struct payment_call *call,
                   const struct payment_transaction *tx)
{
    end(call, STR(""));
    call->transaction_n = tx->n;
    TRY(payment_call_move(ctx, call, CALL_EVENT_DONE));
    TRY(payment_work_say(ctx, "payment.matched", pay, call));
    return refund_answered(ctx, call, REFUND_SUCCEEDED, tx->amount);
}

/* It was done, as the gateway says. */
static err_t done(struct ctx *ctx, struct payment *pay,
                  struct payment_call *call, const struct gateway_fact *fact)
{
    const struct payment_transaction *told = find_told(pay, call, fact);
    if (told)
        return match(ctx, pay, call, told);
    struct payment_transaction tx =
        transaction_of(ctx, fact, fact->amount ? fact->amount : call->amount);
    tx.event_key = payment_call_reference(ctx->arena, call->id);
    tx.type = call->type;
    end(call, STR(""));
    TRY(payment_call_move(ctx, call, CALL_EVENT_DONE));
    if (call->is_renewal)
        TRY(lapse(ctx, pay, tx.event_key, pay->expires_at));
    TRY(keep_terms(ctx, pay, fact));
    TRY(payment_work_note(ctx, pay, tx));
    return refund_answered(ctx, call, REFUND_SUCCEEDED, tx.amount);
}

/* It was not done and will not be. */
static err_t refuse(struct ctx *ctx, struct payment *pay,
                    struct payment_call *call, str why)
{
    struct payment_transaction tx = {
        .type = PAYMENT_FAIL,
        .origin = PAYMENT_OF_COMMAND,
        .event_key = payment_call_reference(ctx->arena, call->id),
        .occurred_at = ctx->now};
    end(call, why);
    TRY(payment_call_move(ctx, call, CALL_EVENT_REFUSE));
    TRY(payment_work_put(ctx, pay, tx));
    TRY(payment_work_say(ctx, "payment.failed", pay, call));
    return refund_answered(ctx, call, REFUND_FAILED, call->amount);
}

/* Nobody will be asked for it. */
static err_t withdraw(struct ctx *ctx, struct payment *pay,
                      struct payment_call *call)
{
    end(call, STR("what the gateway did before was recorded first"));
    TRY(payment_call_move(ctx, call, CALL_EVENT_CANCEL));
    TRY(payment_work_say(ctx, "payment.withdrawn", pay, call));
    return refund_answered(ctx, call, REFUND_CANCELLED, call->amount);
}

/* ---- what a gateway knows ---- */

static bool is_denial(const struct gateway_fact *fact)
{
    return fact->status == GATEWAY_FACT_REFUSED || fact->type == PAYMENT_FAIL;
}

/* What it is known by: our reference, or the gateway's id. What was denied and
 * was done after all is another thing, and so is the other way round. */
static str key_of(struct ctx *ctx, const struct payment *pay,
                  const struct gateway_fact *fact, bool is_undone)
{
    str key = fact->reference.len ? fact->reference : fact->id;
    if (is_undone)
        return str_printf(ctx->arena, "%.*s-failed", STR_ARG(key));
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (pay->transactions[i].type == PAYMENT_FAIL && !is_denial(fact) &&
            str_equal(pay->transactions[i].event_key, key))
            return str_printf(ctx->arena, "%.*s-done", STR_ARG(key));
    return key;
}

static bool is_known(const struct payment *pay, str key,
                     const struct gateway_fact *fact)
{
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        int type = is_denial(fact) ? PAYMENT_FAIL : fact->type;
        if (str_equal(tx->event_key, key) ||
            ((int)tx->type == type && fact->id.len > 0 &&
             str_equal(tx->reference, fact->id)))
            return true;
    }
    return false;
}

bool payment_is_of(const struct payment *pay, const struct gateway_fact *fact)
{
    return fact->currency[0] == 0 ||
           memcmp(fact->currency, pay->currency, sizeof fact->currency) == 0;
}

/* The call of this payment that a fact is about; false: none. */
static err_t find_call(struct ctx *ctx, const struct payment *pay,
                       const struct gateway_fact *fact,
                       struct payment_call *ret, bool *ret_found)
{
    int64_t id;
    *ret_found = false;
    if (!id_from_text("gcl", fact->reference, &id))
        return OK;
    for (size_t i = 0; i < pay->call_count; i++)
        if (pay->calls[i].id.v == id) {
            *ret_found = true;
            return payment_call_lock(ctx, pay->calls[i].id, ret);
        }
    return OK;
}

/* The clock said so before the gateway did, of the promise that it speaks of.
 */
static bool is_lapsed(const struct ctx *ctx, const struct payment *pay,
                      const struct gateway_fact *fact)
{
    bool is_so = false;
    utc_ms at = fact->occurred_at ? fact->occurred_at : ctx->now;
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        is_so |= tx->type == PAYMENT_EXPIRE &&
                 str_starts(tx->event_key, STR(PAYMENT_LAPSE_KEY));
        is_so &= tx->type != PAYMENT_AUTHORIZE || tx->occurred_at > at;
    }
    return is_so && fact->type == PAYMENT_EXPIRE;
}

/* What nobody here asked for, or asked for in a life that a restore undid. */
static err_t record_outside(struct ctx *ctx, struct payment *pay,
                            const struct gateway_fact *fact, str key)
{
    bool is_none = is_denial(fact) || fact->type == PAYMENT_DISPUTE_LOST ||
                   is_lapsed(ctx, pay, fact);
    int64_t left = payment_room_for((enum payment_type)fact->type, pay->amount,
                                    pay->transactions, pay->transaction_count);
    struct payment_transaction tx = transaction_of(ctx, fact,
                                                   is_none        ? 0
                                                   : fact->amount ? fact->amount
                                                                  : left);
    tx.origin = PAYMENT_OF_OUTSIDE;
    tx.event_key = key;
    if (is_denial(fact)) {
        tx.type = PAYMENT_FAIL;
        return payment_work_note(ctx, pay, tx);
    }
    if (fact->type == PAYMENT_AUTHORIZE && fact->is_renewal)
        TRY(lapse(ctx, pay, key, fact->renews_until));
    TRY(keep_terms(ctx, pay, fact));
    return payment_work_note(ctx, pay, tx);
}

static err_t learn(struct ctx *ctx, struct payment *pay,
                   const struct gateway_fact *fact, bool *ret_is_news)
{
    struct payment_call call;
    bool is_ours, is_no = is_denial(fact);
    if (fact->status == GATEWAY_FACT_PENDING || !payment_is_of(pay, fact))
        return OK;
    TRY(find_call(ctx, pay, fact, &call, &is_ours));
    bool is_undone = is_no && is_ours && call.state == CALL_DONE;
    str key = key_of(ctx, pay, fact, is_undone);
    if (is_ours && payment_call_is_live(&call))
        return is_no ? refuse(ctx, pay, &call, fact->text)
                     : done(ctx, pay, &call, fact);
    if (is_known(pay, key, fact) ||
        (is_no && !is_undone && fact->type != PAYMENT_FAIL))
        return OK;
    *ret_is_news |= !is_no;
    return record_outside(ctx, pay, fact, key);
}

/* What the gateway did in a life that a restore undid, or while it gave no
 * answer, whoever wanted something more did not know. */
err_t payment_learn(struct ctx *ctx, struct payment *pay,
                    const struct gateway_fact *facts, size_t count, bool is_all)
{
    struct epoch epoch;
    bool is_news = false;
    for (size_t i = 0; i < count; i++)
        TRY(learn(ctx, pay, &facts[i], &is_news));
    TRY(epoch_get(ctx, &epoch));
    if (is_news && (is_all || !str_equal(pay->epoch, epoch.text)))
        TRY(payment_call_overtake(ctx, pay->id));
    return OK;
}

/* ---- what came of a task ---- */

/* Whether the call waits for this very answer. What comes later than its lease
 * may tell what was done, but not that the call is open: somebody else has it,
 * and may be asking by now. */
static bool is_awaited(const struct payment_call *call,
                       const struct payment_task *task)
{
    bool is_lookup = task->request.op == GATEWAY_LOOKUP;
    return call->state == (is_lookup ? CALL_LOOKING : CALL_ASKED) &&
           call->lease_until == task->lease_until;
}

static err_t wait(struct ctx *ctx, struct payment_call *call,
                  enum call_event event, const struct gateway_outcome *outcome)
{
    int64_t times = call->state == CALL_LOOKING ? call->lookups : call->tries;
    int64_t wait_ms = call_backoff_ms(times);
    if (outcome->retry_after_s * 1000 > wait_ms)
        wait_ms = outcome->retry_after_s * 1000;
    end(call, outcome->text);
    call->next_at = ctx->now + wait_ms;
    return payment_call_move(ctx, call, event);
}

/* All that was done before a restore is known once the gateway was looked up
 * so long after it that nothing can be under way any more. */
static err_t sync(struct ctx *ctx, struct payment *pay,
                  const struct payment_task *task, bool *ret_is_synced)
{
    struct epoch epoch;
    TRY(epoch_get(ctx, &epoch));
    bool is_behind = !str_equal(pay->epoch, epoch.text);
    *ret_is_synced =
        !is_behind || call_is_settled(epoch.made_at, task->lease_until);
    if (!is_behind || !*ret_is_synced)
        return OK;
    pay->epoch = epoch.text;
    return payment_work_say(ctx, "payment.synced", pay, NULL);
}

/* The gateway does not know our reference. A request may still be under way to
 * it: where it does no reference twice it is asked again at once, else only
 * after a while that counts. What a restore undid comes first. */
static err_t not_found(struct ctx *ctx, struct payment *pay,
                       struct payment_call *call, bool is_idempotent,
                       bool is_synced)
{
    bool is_settled =
        call->is_overtaken
            ? call_is_settled(call->asked_at, call->lease_until)
            : is_synced && (is_idempotent ||
                            call_is_settled(call->asked_at, call->lease_until));
    end(call, STR(""));
    call->next_at = is_settled ? ctx->now : ctx->now + CALL_SETTLE_MS / 4;
    call->lookups = is_settled ? 0 : call->lookups;
    TRY(payment_call_move(ctx, call,
                          is_settled ? CALL_EVENT_ABSENT : CALL_EVENT_LATER));
    return call->is_overtaken && is_settled ? withdraw(ctx, pay, call) : OK;
}

static const struct gateway_fact *fact_of(const struct gateway_outcome *outcome,
                                          str reference)
{
    for (size_t i = 0; i < outcome->fact_count; i++)
        if (str_equal(outcome->facts[i].reference, reference))
            return &outcome->facts[i];
    return NULL;
}

static err_t looked_up(struct ctx *ctx, struct payment *pay,
                       const struct payment_task *task,
                       const struct gateway_outcome *outcome)
{
    bool is_synced;
    struct payment_call call;
    str reference = payment_call_reference(ctx->arena, task->id);
    TRY(payment_learn(ctx, pay, outcome->facts, outcome->fact_count, true));
    TRY(sync(ctx, pay, task, &is_synced));
    TRY(payment_call_lock(ctx, task->id, &call));
    if (!is_awaited(&call, task))
        return OK; /* It has been told, or this answer comes late. */
    const struct gateway_fact *fact = fact_of(outcome, reference);
    if (!fact)
        return not_found(ctx, pay, &call,
                         task->gateway->caps & GATEWAY_IS_IDEMPOTENT,
                         is_synced);
    /* It knows of it and cannot say yet, or says it of another currency. */
    struct gateway_outcome pending = {
        .text = fact->text.len ? fact->text
                               : STR("the gateway has not decided yet")};
    return wait(ctx, &call, CALL_EVENT_LOSE, &pending);
}

/* An answer to what is over. */
static err_t late(struct ctx *ctx, struct payment *pay,
                  const struct payment_call *call,
                  const struct gateway_outcome *outcome)
{
    const struct gateway_fact no = {
        .type = (int)call->type,
        .status = GATEWAY_FACT_REFUSED,
        .reference = payment_call_reference(ctx->arena, call->id),
        .id = STR(""),
        .text = outcome->text};
    if (outcome->result == GATEWAY_REFUSED)
        return payment_learn(ctx, pay, &no, 1, false);
    return outcome->result == GATEWAY_DONE
               ? payment_learn(ctx, pay, outcome->facts, outcome->fact_count,
                               false)
               : OK;
}

static err_t answered(struct ctx *ctx, struct payment *pay,
                      const struct payment_task *task,
                      const struct gateway_outcome *outcome)
{
    struct payment_call call;
    struct gateway_outcome strange = {
        .text = STR("the answer is in another currency")};
    bool is_done = outcome->result == GATEWAY_DONE &&
                   outcome->fact_count == 1 &&
                   payment_is_of(pay, outcome->facts);
    TRY(payment_call_lock(ctx, task->id, &call));
    if (!payment_call_is_live(&call)) /* Told before, or given up. */
        return late(ctx, pay, &call, outcome);
    if (is_done)
        return done(ctx, pay, &call, outcome->facts);
    if (outcome->result != GATEWAY_REFUSED && !is_awaited(&call, task))
        return OK;
    switch (outcome->result) {
    case GATEWAY_DONE: return wait(ctx, &call, CALL_EVENT_LOSE, &strange);
    case GATEWAY_REFUSED: return refuse(ctx, pay, &call, outcome->text);
    case GATEWAY_LATER: return wait(ctx, &call, CALL_EVENT_LATER, outcome);
    case GATEWAY_UNKNOWN: return wait(ctx, &call, CALL_EVENT_LOSE, outcome);
    }
    UNREACHABLE("not a result of gateways");
}

/* A look-up that told nothing. */
static err_t not_told(struct ctx *ctx, const struct payment_task *task,
                      const struct gateway_outcome *outcome)
{
    struct payment_call call;
    TRY(payment_call_lock(ctx, task->id, &call));
    if (!is_awaited(&call, task))
        return OK;
    return wait(ctx, &call,
                outcome->result == GATEWAY_LATER ? CALL_EVENT_LATER
                                                 : CALL_EVENT_LOSE,
                outcome);
}

err_t payment_call_record(struct ctx *ctx, const struct payment_task *task,
                          const struct gateway_outcome *outcome)
{
    struct payment_call seen;
    struct payment_work work;
    TRY(payment_call_get(ctx, task->id, &seen));
    TRY(payment_work_open_one(ctx, seen.payment, &work));
    if (task->request.op != GATEWAY_LOOKUP)
        TRY(answered(ctx, work.pay, task, outcome));
    else if (outcome->result != GATEWAY_DONE)
        TRY(not_told(ctx, task, outcome));
    else
        TRY(looked_up(ctx, work.pay, task, outcome));
    TRY(gateway_event_wake(ctx, work.pay));
    return payment_work_close(ctx, &work);
}

/* ---- by hand ---- */

err_t payment_settle(struct ctx *ctx, gateway_call_id id, int64_t version,
                     enum payment_truth truth, struct payment *ret)
{
    struct payment_call call;
    struct payment_work work;
    TRY(payment_call_get(ctx, id, &call));
    TRY(payment_work_open_one(ctx, call.payment, &work));
    TRY(check_version(ctx, version, work.pay->version));
    TRY(payment_call_lock(ctx, id, &call));
    if (call.state != CALL_STUCK)
        return fail_as(ctx, ERR_STATE, "call_not_stuck", "call",
                       "the call is %s; a person settles what is stuck",
                       call_state_names[call.state - 1]);
    struct gateway_fact fact = {
        .type = (int)call.type, .status = GATEWAY_FACT_DONE, .id = STR("")};
    switch (truth) {
    case PAYMENT_WAS_DONE: TRY(done(ctx, work.pay, &call, &fact)); break;
    case PAYMENT_NOT_DONE:
        TRY(refuse(ctx, work.pay, &call, STR("a person says it was not done")));
        break;
    case PAYMENT_ASK_AGAIN:
        call.lookups = 0;
        call.next_at = ctx->now;
        TRY(payment_call_move(ctx, &call, CALL_EVENT_RETRY));
        TRY(payment_work_say(ctx, "payment.asked", work.pay, &call));
        break;
    }
    TRY(gateway_event_wake(ctx, work.pay));
    TRY(payment_work_close(ctx, &work));
    return payment_get(ctx, work.pay->id, ret);
}
