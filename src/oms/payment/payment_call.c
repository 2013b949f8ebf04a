/* payment_call.c - rows of what gateways are asked; calls taken by the worker.
 */
#include "oms/payment/payment_call_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_call_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/epoch.h"
#include "store/sql.h"

/* ---- rows ---- */

static void read_call(const struct sql_rows *rows, size_t i,
                      struct payment_call *ret)
{
    *ret = (struct payment_call){
        .id = {sql_int(rows, i, 0)},
        .payment = {sql_int(rows, i, 1)},
        .account = {sql_int(rows, i, 2)},
        .type = (enum payment_type)sql_int(rows, i, 3),
        .amount = sql_int(rows, i, 4),
        .step = sql_str(rows, i, 5),
        .state = (enum call_state)sql_int(rows, i, 6),
        .epoch = sql_str(rows, i, 7),
        .tries = sql_int(rows, i, 8),
        .lookups = sql_int(rows, i, 9),
        .next_at = sql_int(rows, i, 10),
        .asked_at = sql_int(rows, i, 11),
        .owner = sql_int(rows, i, 12),
        .lease_until = sql_int(rows, i, 13),
        .error = sql_str(rows, i, 14),
        .created_at = sql_int(rows, i, 15),
        .updated_at = sql_int(rows, i, 16),
        .is_renewal = sql_int(rows, i, 17) != 0,
        .is_overtaken = sql_int(rows, i, 18) != 0,
        .transaction_n = sql_int(rows, i, 19),
    };
}

str payment_call_reference(struct arena *arena, gateway_call_id id)
{
    return id_str(arena, "gcl", id.v);
}

err_t payment_call_want(struct ctx *ctx, struct payment_call *row)
{
    struct epoch epoch;
    TRY(epoch_get(ctx, &epoch));
    int bucket = id_bucket(row->payment.v);
    row->id.v = id_next(ctx->ids, ctx->now, bucket);
    row->state = CALL_WANTED;
    row->epoch = epoch.text;
    row->error = STR("");
    row->next_at = row->created_at = row->updated_at = ctx->now;
    struct sql_arg args[] = {
        sql_i(row->id.v),       sql_i(bucket),     sql_i(row->payment.v),
        sql_i(row->account.v),  sql_i(row->type),  sql_i(row->amount),
        sql_s(row->step),       sql_s(row->epoch), sql_i(ctx->now),
        sql_i(row->is_renewal),
    };
    return sql_run(ctx, SQL_PAYMENT_CALL_ADD, args, COUNT_OF(args), NULL);
}

static err_t one(struct ctx *ctx, int stmt, gateway_call_id id,
                 struct payment_call *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "call", &rows));
    read_call(&rows, 0, ret);
    return OK;
}

err_t payment_call_get(struct ctx *ctx, gateway_call_id id,
                       struct payment_call *ret)
{
    return one(ctx, SQL_PAYMENT_CALL_ROW, id, ret);
}

err_t payment_call_lock(struct ctx *ctx, gateway_call_id id,
                        struct payment_call *ret)
{
    return one(ctx, SQL_PAYMENT_CALL_LOCK, id, ret);
}

err_t payment_read_calls(struct ctx *ctx, struct payment *pay)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(pay->id.v)};
    if (pay->account.v == 0)
        return OK;
    TRY(sql_list(ctx, SQL_PAYMENT_CALL_LIST, args, COUNT_OF(args), &rows));
    struct payment_call *at =
        arena_array(ctx->arena, struct payment_call, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        read_call(&rows, i, &at[i]);
    pay->calls = at;
    pay->call_count = rows.count;
    return OK;
}

err_t payment_call_save(struct ctx *ctx, const struct payment_call *row)
{
    struct sql_arg args[] = {
        sql_i(row->state),
        sql_s(row->epoch),
        sql_i(row->tries),
        sql_i(row->lookups),
        sql_i(row->next_at),
        sql_i(row->asked_at),
        sql_i(row->owner),
        sql_i(row->lease_until),
        sql_s(row->error),
        sql_i(ctx->now),
        sql_i_or_null(row->transaction_n),
        sql_i(id_bucket(row->id.v)),
        sql_i(row->id.v),
    };
    return sql_run(ctx, SQL_PAYMENT_CALL_SAVE, args, COUNT_OF(args), NULL);
}

err_t payment_call_overtake(struct ctx *ctx, payment_id id)
{
    struct sql_arg args[] = {sql_i(id.v)};
    return sql_run(ctx, SQL_PAYMENT_CALL_OVERTAKE, args, COUNT_OF(args), NULL);
}

err_t payment_call_move(struct ctx *ctx, struct payment_call *row,
                        enum call_event event)
{
    TRY(machine_allow(ctx, &payment_call_machine, row->state, event));
    row->state = payment_call_next(row->state, event);
    return payment_call_save(ctx, row);
}

/* ---- taking ---- */

struct taking {
    int64_t owner;
    str epoch;
    struct pay_account *accounts; /* Read once each. */
    size_t account_count;
};

static err_t account_of(struct ctx *ctx, struct taking *t,
                        gateway_account_id id, const struct pay_account **ret)
{
    for (size_t i = 0; i < t->account_count; i++)
        if (t->accounts[i].id.v == id.v) {
            *ret = &t->accounts[i];
            return OK;
        }
    struct pay_account *to = &t->accounts[t->account_count];
    TRY(pay_account_get(ctx, id, to));
    t->account_count++;
    *ret = to;
    return OK;
}

/* Another process had it, or it or its payment stems from before a restore:
 * what the gateway did since is not known. So it is where the gateway did
 * something that whoever wanted it did not know of. */
static enum call_state state_at_take(struct payment_call *call,
                                     const struct payment *pay,
                                     const struct taking *t)
{
    enum call_state state = call->state;
    bool is_old = !str_equal(call->epoch, t->epoch) ||
                  !str_equal(pay->epoch, t->epoch) || call->is_overtaken;
    if (state == CALL_ASKED || state == CALL_LOOKING)
        state = payment_call_next(state, CALL_EVENT_LOSE);
    else if (state == CALL_WANTED && is_old)
        state = payment_call_next(state, CALL_EVENT_DOUBT);
    call->epoch = t->epoch;
    return state;
}

static void make_request(struct ctx *ctx, const struct payment_call *call,
                         const struct payment *pay, bool is_lookup,
                         struct gateway_request *ret)
{
    bool is_first = call->type == PAYMENT_AUTHORIZE ||
                    (call->type == PAYMENT_CAPTURE && !pay->gateway_ref.len);
    *ret = (struct gateway_request){
        .op = is_lookup ? GATEWAY_LOOKUP : (enum gateway_op)call->type,
        .reference = payment_call_reference(ctx->arena, call->id),
        .payment = id_str(ctx->arena, "pay", pay->id.v),
        .order = id_str(ctx->arena, "ord", pay->order.v),
        .gateway_ref = pay->gateway_ref,
        .token = is_first ? pay->token : STR_NONE,
        .method = is_first ? pay->method : STR_NONE,
        .amount = money_make(call->amount, pay->currency),
        .is_renewal = call->is_renewal,
        .renews_until = call->is_renewal ? pay->expires_at : 0,
        .now = ctx->now,
    };
}

static err_t give_up(struct ctx *ctx, const struct payment *pay,
                     struct payment_call *call)
{
    TRY(payment_call_move(ctx, call, CALL_EVENT_GIVE_UP));
    return payment_tell_call(ctx, "payment.stuck", pay, call);
}

/* False where it cannot be asked any more: it is stuck. */
static err_t prepare(struct ctx *ctx, struct taking *t,
                     struct payment_call *call, struct payment_task *task,
                     bool *ret_is_task)
{
    const struct pay_account *account;
    struct payment pay;
    *ret_is_task = false;
    TRY(account_of(ctx, t, call->account, &account));
    TRY(payment_get(ctx, call->payment, &pay));
    const struct gateway *gateway = account->gateway;
    call->state = state_at_take(call, &pay, t);
    bool can_look = gateway->caps & 1U << GATEWAY_LOOKUP &&
                    !(gateway->caps & GATEWAY_IS_LOCAL);
    if (call->state == CALL_UNKNOWN && !can_look && !call->is_overtaken &&
        gateway->caps & GATEWAY_IS_IDEMPOTENT)
        call->state = payment_call_next(call->state, CALL_EVENT_ABSENT);
    if (call->state == CALL_UNKNOWN &&
        (!can_look || call->lookups >= CALL_LOOKUPS_MAX))
        return give_up(ctx, &pay, call);
    bool is_lookup = call->state == CALL_UNKNOWN;
    *task = (struct payment_task){
        .id = call->id, .account_id = account->id, .gateway = gateway};
    TRY(pay_account_open(ctx, account, &task->account));
    make_request(ctx, call, &pay, is_lookup, &task->request);
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
    return payment_call_move(ctx, call, CALL_EVENT_TAKE);
}

/* The secret cannot be opened, or the program knows the gateway no more: it
 * waits until somebody has seen to it. */
static err_t put_off(struct ctx *ctx, struct payment_call *call)
{
    call->error = str_copy(ctx->arena, str_from_cstr(ctx->err.text));
    call->next_at = ctx->now + call_backoff_ms(++call->tries);
    err_clear(ctx);
    return payment_call_save(ctx, call);
}

err_t payment_call_peek(struct ctx *ctx, const struct call_taker *taker,
                        utc_ms *ret_next_at)
{
    return call_next_at(ctx, SQL_PAYMENT_CALL_NEXT_AT, taker, ret_next_at);
}

err_t payment_call_take(struct ctx *ctx, const struct call_taker *taker,
                        struct payment_task **ret, size_t *ret_count)
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
    TRY(sql_list(ctx, SQL_PAYMENT_CALL_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct payment_task, rows.count + 1);
    struct taking t = {.owner = taker->owner,
                       .epoch = epoch.text,
                       .accounts = arena_array(ctx->arena, struct pay_account,
                                               rows.count + 1)};
    for (size_t i = 0; i < rows.count; i++) {
        struct payment_call call;
        bool is_task;
        read_call(&rows, i, &call);
        struct payment_task *task = &(*ret)[*ret_count];
        err_t err = prepare(ctx, &t, &call, task, &is_task);
        if (err == ERR_STATE)
            err = put_off(ctx, &call);
        else
            *ret_count += err == OK && is_task;
        TRY(err);
    }
    return OK;
}

err_t payment_call_release(struct ctx *ctx, int64_t owner, bool is_others)
{
    struct sql_arg args[] = {sql_i(owner)};
    int stmt = is_others ? SQL_PAYMENT_CALL_RELEASE_OTHERS
                         : SQL_PAYMENT_CALL_RELEASE_OWN;
    return sql_run(ctx, stmt, args, COUNT_OF(args), NULL);
}
