/* shipping_call.c - calls taken by the worker, and what came of them. */
#include "oms/shipping/shipping_call.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_label_sql.h"
#include "oms/shipping/shipping_orphan.h"
#include "oms/shipping/shipping_poll.h"
#include "oms/shipping/shipping_shop_int.h"
#include "store/epoch.h"
#include "store/sql.h"

/* ---- rows ---- */

static void read_call(const struct sql_rows *rows, size_t i, struct call *ret)
{
    *ret = (struct call){
        .id = {sql_int(rows, i, 0)},
        .op = (enum carrier_op)sql_int(rows, i, 1),
        .subject = sql_int(rows, i, 2),
        .account = {sql_int(rows, i, 3)},
        .state = (enum call_state)sql_int(rows, i, 4),
        .epoch = sql_str(rows, i, 5),
        .tries = sql_int(rows, i, 6),
        .lookups = sql_int(rows, i, 7),
        .next_at = sql_int(rows, i, 8),
        .asked_at = sql_int(rows, i, 9),
        .owner = sql_int(rows, i, 10),
        .lease_until = sql_int(rows, i, 11),
        .error = sql_str(rows, i, 12),
        .created_at = sql_int(rows, i, 13),
    };
}

err_t call_want(struct ctx *ctx, enum carrier_op op, int64_t subject,
                carrier_account_id account)
{
    return call_want_at(ctx, op, subject, account, ctx->now);
}

static err_t add(struct ctx *ctx, enum carrier_op op, int64_t subject,
                 carrier_account_id account, utc_ms at, str epoch)
{
    int bucket = id_bucket(subject);
    struct sql_arg args[] = {
        sql_i(id_next(ctx->ids, ctx->now, bucket)),
        sql_i(bucket),
        sql_i(op),
        sql_i(subject),
        sql_i(account.v),
        sql_s(epoch),
        sql_i(at),
        sql_i(ctx->now),
    };
    return sql_run(ctx, SQL_CALL_ADD, args, COUNT_OF(args), NULL);
}

err_t call_want_at(struct ctx *ctx, enum carrier_op op, int64_t subject,
                   carrier_account_id account, utc_ms at)
{
    struct epoch epoch;
    TRY(epoch_get(ctx, &epoch));
    return add(ctx, op, subject, account, at, epoch.text);
}

err_t call_want_again(struct ctx *ctx, enum carrier_op op, int64_t subject,
                      carrier_account_id account, utc_ms made_at)
{
    struct epoch epoch;
    TRY(epoch_get(ctx, &epoch));
    bool is_old = epoch.restored_at > 0 && made_at <= epoch.restored_at;
    return add(ctx, op, subject, account, ctx->now,
               is_old ? STR("") : epoch.text);
}

static err_t call_one(struct ctx *ctx, int stmt, const struct sql_arg *args,
                      size_t count, struct call *ret)
{
    struct sql_rows rows;
    TRY(sql_one(ctx, stmt, args, count, "call", &rows));
    read_call(&rows, 0, ret);
    return OK;
}

err_t call_lock(struct ctx *ctx, carrier_call_id id, struct call *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    return call_one(ctx, SQL_CALL_LOCK, args, COUNT_OF(args), ret);
}

err_t call_last(struct ctx *ctx, int64_t subject, struct call *ret)
{
    struct call last;
    struct sql_arg args[] = {sql_i(subject)};
    TRY(call_one(ctx, SQL_CALL_LAST, args, COUNT_OF(args), &last));
    return call_lock(ctx, last.id, ret);
}

err_t call_save(struct ctx *ctx, const struct call *row)
{
    struct sql_arg args[] = {
        sql_i(row->state),   sql_s(row->epoch),           sql_i(row->tries),
        sql_i(row->lookups), sql_i(row->next_at),         sql_i(row->asked_at),
        sql_i(row->owner),   sql_i(row->lease_until),     sql_s(row->error),
        sql_i(ctx->now),     sql_i(id_bucket(row->id.v)), sql_i(row->id.v),
    };
    return sql_run(ctx, SQL_CALL_SAVE, args, COUNT_OF(args), NULL);
}

/* So that what cannot be asked leaves others their turn. */
err_t call_rest(struct ctx *ctx, struct call *row)
{
    enum { REST_MS = 15 * 60 * 1000 };
    row->next_at = ctx->now + REST_MS;
    return call_save(ctx, row);
}

err_t call_move(struct ctx *ctx, struct call *row, enum call_event event)
{
    TRY(machine_allow(ctx, &call_machine, row->state, event));
    row->state = call_next(row->state, event);
    return call_save(ctx, row);
}

/* ---- taking ---- */

struct taking {
    int64_t owner;
    struct epoch epoch;
    struct account *accounts; /* Read once each. */
    size_t account_count;
    bool is_doubtful; /* Of the one at hand: it may have been done. */
};

static err_t account_of(struct ctx *ctx, struct taking *t,
                        carrier_account_id id, const struct account **ret)
{
    for (size_t i = 0; i < t->account_count; i++)
        if (t->accounts[i].id.v == id.v) {
            *ret = &t->accounts[i];
            return OK;
        }
    struct account *to = &t->accounts[t->account_count];
    TRY(account_get(ctx, id, to));
    t->account_count++;
    *ret = to;
    return OK;
}

/* Another process had it, or it stems from before a restore: what became of it
 * is not known. */
static enum call_state state_at_take(struct call *call, const struct taking *t)
{
    enum call_state state = call->state;
    bool is_old = !str_equal(call->epoch, t->epoch.text);
    if (state == CALL_ASKED || state == CALL_LOOKING)
        state = call_next(state, CALL_EVENT_LOSE);
    else if (state == CALL_WANTED && is_old)
        state = call_next(state, CALL_EVENT_DOUBT);
    if (is_old && call->asked_at < t->epoch.made_at)
        call->asked_at = t->epoch.made_at;
    call->epoch = t->epoch.text;
    return state;
}

static bool can_look_up(const struct carrier *carrier, const struct call *call)
{
    return call->op == CARRIER_LABEL && carrier->caps & 1U << CARRIER_LOOKUP;
}

/* It buys nothing and gives nothing back. */
static bool is_question(const struct call *call)
{
    return call->op == CARRIER_RATE || call->op == CARRIER_LOOKUP ||
           call->op == CARRIER_TRACK;
}

/* A void, a manifest and a question may be asked again; so may all of a carrier
 * that never does a reference twice. */
static bool is_harmless(const struct carrier *carrier, const struct call *call)
{
    return call->op == CARRIER_VOID || call->op == CARRIER_MANIFEST ||
           is_question(call) || carrier->caps & CARRIER_IS_IDEMPOTENT;
}

static err_t tell_stuck(struct ctx *ctx, const struct call *call)
{
    struct carrier_outcome outcome = {
        .result = CARRIER_REFUSED,
        .text = STR("no answer came; ask the carrier itself")};
    if (call->op == CARRIER_LABEL)
        return label_stuck(ctx, call);
    return handover_outcome(ctx, call, &outcome);
}

/* Nobody wants to know any more. */
static err_t is_idle(struct ctx *ctx, const struct call *call,
                     const struct account *account, bool *ret)
{
    *ret = false;
    switch (call->op) {
    case CARRIER_TRACK: return poll_is_over(ctx, call, account, ret);
    case CARRIER_RATE: return shop_is_over(ctx, (label_id){call->subject}, ret);
    case CARRIER_VOID: return void_is_over(ctx, call, ret);
    case CARRIER_LOOKUP: *ret = sweep_is_over(ctx, call); return OK;
    case CARRIER_PICKUP: return visit_is_over(ctx, call, ret);
    case CARRIER_LABEL:
    case CARRIER_MANIFEST: return OK;
    }
    UNREACHABLE("not an operation of carriers");
}

/* False where it cannot be asked any more: it is stuck. */
static err_t prepare(struct ctx *ctx, struct taking *t, struct call *call,
                     struct call_task *task, bool *ret_is_task)
{
    const struct account *account;
    bool is_over = false;
    *ret_is_task = t->is_doubtful = false;
    TRY(account_of(ctx, t, call->account, &account));
    const struct carrier *carrier = account->carrier;
    call->state = state_at_take(call, t);
    t->is_doubtful = call->state == CALL_UNKNOWN;
    if (call->state == CALL_UNKNOWN && !can_look_up(carrier, call) &&
        is_harmless(carrier, call))
        call->state = call_next(call->state, CALL_EVENT_ABSENT);
    TRY(is_idle(ctx, call, account, &is_over));
    if (is_over)
        return call_move(ctx, call, CALL_EVENT_CANCEL);
    if (call->state == CALL_UNKNOWN &&
        (!can_look_up(carrier, call) || call->lookups >= CALL_LOOKUPS_MAX)) {
        TRY(call_move(ctx, call, CALL_EVENT_GIVE_UP));
        return tell_stuck(ctx, call);
    }
    bool is_lookup = call->state == CALL_UNKNOWN;
    *task = (struct call_task){.id = call->id,
                               .account_id = account->id,
                               .carrier = carrier,
                               .lane = is_question(call) ? -account->id.v
                                                         : account->id.v};
    TRY(account_open(ctx, account, &task->account));
    if (call->op == CARRIER_MANIFEST || call->op == CARRIER_PICKUP)
        TRY(handover_request(ctx, call, &task->request));
    else
        TRY(label_request(ctx, call, is_lookup, &task->request));
    if (is_lookup) {
        call->lookups++;
    } else {
        call->asked_at = ctx->now;
        call->tries++;
    }
    call->owner = t->owner;
    call->lease_until = call->next_at = ctx->now + CALL_LEASE_MS;
    task->lease_until = call->lease_until;
    *ret_is_task = true;
    return call_move(ctx, call, CALL_EVENT_TAKE);
}

/* What stands in the way of asking is told as a refusal: a person must see to
 * it. Where it may have been done, it waits until it can be asked. */
static err_t refuse_task(struct ctx *ctx, const struct taking *t,
                         struct call *call)
{
    if (t->is_doubtful)
        call->state = CALL_UNKNOWN;
    if (call->state != CALL_WANTED) {
        call->error = str_copy(ctx->arena, str_from_cstr(ctx->err.text));
        call->next_at = ctx->now + call_backoff_ms(++call->lookups);
        err_clear(ctx);
        return call_save(ctx, call);
    }
    struct carrier_outcome outcome = {
        .result = CARRIER_REFUSED,
        .field = str_copy(ctx->arena, str_from_cstr(ctx->err.field)),
        .text = str_copy(ctx->arena, str_from_cstr(ctx->err.text))};
    err_clear(ctx);
    return call_settle(ctx, call->id, &outcome);
}

err_t call_peek(struct ctx *ctx, const struct call_taker *taker,
                utc_ms *ret_next_at)
{
    return call_next_at(ctx, SQL_CALL_NEXT_AT, taker, ret_next_at);
}

err_t call_take(struct ctx *ctx, const struct call_taker *taker,
                struct call_task **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[CALL_BUSY_MAX + 2];
    struct epoch epoch;
    bool is_paused;
    *ret_count = 0;
    TRY(outbound_is_paused(ctx, &is_paused));
    if (is_paused)
        return OK;
    TRY(epoch_get(ctx, &epoch));
    args[0] = sql_i(ctx->now);
    call_put_busy(taker, args + 1);
    args[CALL_BUSY_MAX + 1] = sql_i((int64_t)taker->limit);
    TRY(sql_list(ctx, SQL_CALL_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct call_task, rows.count + 1);
    struct taking t = {
        .owner = taker->owner,
        .epoch = epoch,
        .accounts = arena_array(ctx->arena, struct account, rows.count + 1)};
    for (size_t i = 0; i < rows.count; i++) {
        struct call call;
        bool is_task;
        read_call(&rows, i, &call);
        err_t err = prepare(ctx, &t, &call, &(*ret)[*ret_count], &is_task);
        if (err == ERR_INVALID || err == ERR_STATE)
            err = refuse_task(ctx, &t, &call);
        else
            *ret_count += err == OK && is_task;
        TRY(err);
    }
    return OK;
}

err_t call_release(struct ctx *ctx, int64_t owner, bool is_others)
{
    struct sql_arg args[] = {sql_i(owner)};
    return sql_run(ctx,
                   is_others ? SQL_CALL_RELEASE_OTHERS : SQL_CALL_RELEASE_OWN,
                   args, COUNT_OF(args), NULL);
}

/* ---- outcomes ---- */

static err_t apply(struct ctx *ctx, const struct call *call,
                   const struct carrier_outcome *outcome)
{
    switch (call->op) {
    case CARRIER_LABEL: return label_outcome(ctx, call, outcome);
    case CARRIER_VOID: return void_outcome(ctx, call, outcome);
    case CARRIER_MANIFEST:
    case CARRIER_PICKUP: return handover_outcome(ctx, call, outcome);
    case CARRIER_RATE: return shop_outcome(ctx, call, outcome);
    case CARRIER_LOOKUP:
    case CARRIER_TRACK: break;
    }
    UNREACHABLE("not an operation of carriers");
}

/* The carrier does not know our reference. A request may still be under way to
 * it: only after a while that counts. */
static err_t not_found(struct ctx *ctx, struct call *call, utc_ms lease_until)
{
    bool is_settled = call_is_settled(call->asked_at, lease_until);
    call->next_at = is_settled ? ctx->now : ctx->now + CALL_SETTLE_MS / 4;
    call->lookups = is_settled ? 0 : call->lookups;
    return call_move(ctx, call,
                     is_settled ? CALL_EVENT_ABSENT : CALL_EVENT_LATER);
}

static err_t wait(struct ctx *ctx, struct call *call, enum call_event event,
                  const struct carrier_outcome *outcome)
{
    int64_t times = call->state == CALL_LOOKING ? call->lookups : call->tries;
    int64_t wait_ms = call_backoff_ms(times);
    if (outcome->retry_after_s * 1000 > wait_ms)
        wait_ms = outcome->retry_after_s * 1000;
    call->next_at = ctx->now + wait_ms;
    return call_move(ctx, call, event);
}

static bool is_over(const struct call *call)
{
    return call->state == CALL_DONE || call->state == CALL_REFUSED ||
           call->state == CALL_CANCELLED;
}

/* It was done, says an answer after the one that counted: another label was
 * sold, what was kept was voided, or a carrier comes after all. */
static err_t done_late(struct ctx *ctx, const struct call *call,
                       const struct carrier_outcome *outcome)
{
    switch (call->op) {
    case CARRIER_LABEL: return orphan_see(ctx, call, outcome);
    case CARRIER_VOID: return void_outcome(ctx, call, outcome);
    case CARRIER_MANIFEST:
    case CARRIER_PICKUP: return handover_outcome(ctx, call, outcome);
    case CARRIER_RATE:
    case CARRIER_LOOKUP:
    case CARRIER_TRACK: return OK;
    }
    UNREACHABLE("not an operation of carriers");
}

err_t call_settle(struct ctx *ctx, carrier_call_id id,
                  const struct carrier_outcome *said)
{
    struct call call;
    struct carrier_outcome kept = *said;
    const struct carrier_outcome *outcome = &kept;
    TRY(call_lock(ctx, id, &call));
    TRY(label_hush(ctx, &call, &kept));
    call.owner = 0;
    utc_ms lease_until = call.lease_until;
    call.lease_until = 0;
    call.error = outcome->text.len > LIMIT_REASON_BYTES
                     ? STR("the carrier's answer is too long")
                     : outcome->text;
    bool is_done = outcome->result == CARRIER_DONE;
    if (call.op == CARRIER_TRACK &&
        (is_done || outcome->result == CARRIER_REFUSED))
        return poll_outcome(ctx, &call, outcome);
    if (call.op == CARRIER_LOOKUP &&
        (is_done || outcome->result == CARRIER_REFUSED))
        return sweep_outcome(ctx, &call, outcome);
    if (call.state == CALL_LOOKING && is_done && !outcome->is_found)
        return not_found(ctx, &call, lease_until);
    /* An answer that came twice: that look-up is over. */
    if ((call.state == CALL_UNKNOWN || call.state == CALL_WANTED) &&
        call.op == CARRIER_LABEL && is_done && !outcome->is_found &&
        outcome->tracking.len == 0)
        return OK;
    if (is_over(&call) && is_done)
        return done_late(ctx, &call, outcome);
    switch (outcome->result) {
    case CARRIER_DONE:
        TRY(call_move(ctx, &call, CALL_EVENT_DONE));
        return apply(ctx, &call, outcome);
    case CARRIER_REFUSED:
        if (call.state == CALL_LOOKING) /* It will not even say. */
            return wait(ctx, &call, CALL_EVENT_LOSE, outcome);
        TRY(call_move(ctx, &call, CALL_EVENT_REFUSE));
        return apply(ctx, &call, outcome);
    case CARRIER_LATER: return wait(ctx, &call, CALL_EVENT_LATER, outcome);
    case CARRIER_UNKNOWN: return wait(ctx, &call, CALL_EVENT_LOSE, outcome);
    }
    UNREACHABLE("not a result of carriers");
}

/* It tells what the carrier did, or will not do; else only that nothing is
 * known. */
static bool is_telling(const struct call *call,
                       const struct carrier_outcome *outcome)
{
    bool is_found = outcome->is_found || outcome->tracking.len > 0;
    return outcome->result == CARRIER_REFUSED ||
           (outcome->result == CARRIER_DONE &&
            (is_found || call->state != CALL_LOOKING));
}

err_t call_record(struct ctx *ctx, const struct call_task *task,
                  const struct carrier_outcome *outcome)
{
    struct call call;
    TRY(call_lock(ctx, task->id, &call));
    bool is_another =
        call.lease_until != 0 && call.lease_until != task->lease_until;
    if (is_another && !is_telling(&call, outcome))
        return OK;
    return call_settle(ctx, task->id, outcome);
}
