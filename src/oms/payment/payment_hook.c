/* payment_hook.c - what gateways told by themselves: rows, and what becomes of
 * them. */
#include "oms/payment/payment_hook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_call_store.h"
#include "oms/payment/payment_hook_sql.h"
#include "oms/payment/payment_work.h"
#include "store/event.h"
#include "store/sql.h"

enum {
    PARKED_MS = 3 * DAY_MS, /* So long a payment may take to appear. */
    KEPT_DAYS = 30,
    FORGET_BATCH = 500,
    TOLD_MAX = 500 /* Transactions of a payment, whoever told them. */
};

/* ---- rows ---- */

static void read_event(const struct sql_rows *rows, size_t i,
                       struct gateway_event *ret)
{
    *ret = (struct gateway_event){
        .id = {sql_int(rows, i, 0)},
        .account = {sql_int(rows, i, 1)},
        .event_id = sql_str(rows, i, 2),
        .state = (enum gateway_event_state)sql_int(rows, i, 3),
        .payment = {sql_int(rows, i, 4)},
        .transaction_n = sql_int(rows, i, 5),
        .awaits = sql_str(rows, i, 6),
        .tries = sql_int(rows, i, 7),
        .next_at = sql_int(rows, i, 8),
        .error = sql_str(rows, i, 9),
        .received_at = sql_int(rows, i, 10),
        .ended_at = sql_int(rows, i, 11),
    };
}

static err_t lock(struct ctx *ctx, gateway_event_id id,
                  struct gateway_event *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_GATEWAY_EVENT_LOCK, args, COUNT_OF(args), "event",
                &rows));
    read_event(&rows, 0, ret);
    ret->body = sql_str(&rows, 0, 12);
    return OK;
}

static err_t move(struct ctx *ctx, struct gateway_event *row,
                  enum gateway_event_move event)
{
    TRY(machine_allow(ctx, &gateway_event_machine, (int)row->state,
                      (int)event));
    row->state = (enum gateway_event_state)machine_next(
        &gateway_event_machine, (int)row->state, (int)event);
    bool is_waiting = row->state == GATEWAY_EVENT_PARKED ||
                      row->state == GATEWAY_EVENT_RECEIVED;
    row->ended_at = is_waiting ? 0 : ctx->now;
    struct sql_arg args[] = {
        sql_i(row->state),
        sql_i_or_null(row->payment.v),
        sql_i_or_null(row->transaction_n),
        sql_s_or_null(row->awaits),
        sql_i(row->tries),
        sql_i(row->next_at),
        sql_s(row->error),
        sql_i_or_null(row->ended_at),
        sql_i(row->id.v),
    };
    return sql_run(ctx, SQL_GATEWAY_EVENT_SAVE, args, COUNT_OF(args), NULL);
}

/* About the account: what it told is no thing of its own to anybody. */
static err_t tell(struct ctx *ctx, const char *type, gateway_account_id account,
                  gateway_event_id id)
{
    enum { EVENT_BYTES = 100 };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "event", "gev", id.v);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return event_add(ctx, type, "gateway_account", account.v, buf_str(&buf),
                     NULL);
}

err_t gateway_event_take(struct ctx *ctx, gateway_account_id account,
                         str event_id, str body, bool *ret_is_known)
{
    ASSERT(ctx->tx && ctx->ids && event_id.len > 0);
    int64_t added;
    gateway_event_id id = {id_next(ctx->ids, ctx->now, 0)};
    struct sql_arg args[] = {sql_i(id.v), sql_i(account.v), sql_s(event_id),
                             sql_s(body), sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_GATEWAY_EVENT_ADD, args, COUNT_OF(args), &added));
    *ret_is_known = added == 0;
    return added ? tell(ctx, "gateway_account.told", account, id) : OK;
}

err_t gateway_event_page(struct ctx *ctx,
                         const struct gateway_event_query *query,
                         struct gateway_event **ret, size_t *ret_count)
{
    struct sql_rows rows;
    int64_t before = query->before.v ? query->before.v : INT64_MAX;
    struct sql_arg args[] = {sql_i(query->account.v), sql_i(before),
                             sql_i(query->state), sql_i((int64_t)query->limit)};
    TRY(sql_list(ctx, SQL_GATEWAY_EVENT_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct gateway_event, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_event(&rows, i, &(*ret)[i]);
    return OK;
}

err_t gateway_event_retry(struct ctx *ctx, gateway_account_id account,
                          gateway_event_id id, struct gateway_event *ret)
{
    ASSERT(ctx->tx);
    TRY(lock(ctx, id, ret));
    if (ret->account.v != account.v)
        return fail(ctx, ERR_NOT_FOUND, "event", "there is no such event");
    ret->error = STR("");
    ret->next_at = ctx->now;
    TRY(move(ctx, ret, GATEWAY_EVENT_RETRY));
    return tell(ctx, "gateway_account.event_retried", account, id);
}

static str payment_text(struct ctx *ctx, payment_id id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("pay", id.v, text);
    return str_copy(ctx->arena, (str){text, len});
}

err_t gateway_event_wake(struct ctx *ctx, const struct payment *pay)
{
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(pay->account.v),
                             sql_s(payment_text(ctx, pay->id)),
                             sql_s(pay->gateway_ref)};
    return sql_run(ctx, SQL_GATEWAY_EVENT_WAKE, args, COUNT_OF(args), NULL);
}

/* ---- ends ---- */

static err_t give_up(struct ctx *ctx, struct gateway_event *row, str why)
{
    row->error = why;
    TRY(move(ctx, row, GATEWAY_EVENT_GIVE_UP));
    return tell(ctx, "gateway_account.misheard", row->account, row->id);
}

static err_t park(struct ctx *ctx, struct gateway_event *row, str awaits,
                  str why)
{
    if (ctx->now - row->received_at >= PARKED_MS)
        return give_up(ctx, row, why);
    row->awaits = awaits;
    row->error = why;
    row->next_at = ctx->now + call_backoff_ms(++row->tries);
    return move(ctx, row, GATEWAY_EVENT_PARK);
}

err_t gateway_event_put_off(struct ctx *ctx, gateway_event_id id,
                            const struct err_detail *why)
{
    struct gateway_event row;
    TRY(lock(ctx, id, &row));
    if (row.ended_at)
        return OK;
    return park(ctx, &row, row.awaits,
                str_copy(ctx->arena, str_from_cstr(why->text)));
}

/* ---- whose it is ---- */

/* 0: it is not known, or there is more than one. */
static err_t find_payment(struct ctx *ctx, gateway_account_id account,
                          const struct gateway_fact *fact, payment_id *ret)
{
    struct sql_rows rows;
    bool is_by_id = fact->payment.len > 0;
    int64_t id = 0;
    *ret = (payment_id){0};
    if (is_by_id && !id_from_text("pay", fact->payment, &id))
        return OK;
    struct sql_arg by_id[] = {sql_i(id), sql_i(account.v)};
    struct sql_arg by_ref[] = {sql_i(account.v), sql_s(fact->gateway_ref)};
    TRY(sql_list(ctx,
                 is_by_id ? SQL_GATEWAY_EVENT_PAYMENT
                          : SQL_GATEWAY_EVENT_PAYMENT_BY_REF,
                 is_by_id ? by_id : by_ref, 2, &rows));
    if (rows.count == 1)
        ret->v = sql_int(&rows, 0, 0);
    return OK;
}

/* A step of ours that may be the very thing told, where its reference is not
 * told with it: then its answer says whether it is. One that is stuck gets
 * none. */
static bool is_under_way(const struct payment *pay,
                         const struct gateway_fact *fact)
{
    for (size_t i = 0; fact->reference.len == 0 && i < pay->call_count; i++)
        if ((int)pay->calls[i].type == fact->type &&
            payment_call_is_live(&pay->calls[i]) &&
            pay->calls[i].state != CALL_STUCK)
            return true;
    return false;
}

/* ---- applying ---- */

static err_t learn(struct ctx *ctx, struct gateway_event *row,
                   struct payment_work *work, const struct gateway_fact *fact)
{
    struct payment *pay = work->pay;
    size_t before = pay->transaction_count;
    row->awaits = STR_NONE;
    row->payment = pay->id;
    if (!payment_is_of(pay, fact))
        return give_up(ctx, row, STR("it is in another currency"));
    if (before >= TOLD_MAX)
        return give_up(ctx, row, STR("the payment has too many transactions"));
    if (is_under_way(pay, fact))
        return park(ctx, row, payment_text(ctx, pay->id),
                    STR("such a step is under way, which it may be"));
    TRY(payment_learn(ctx, pay, fact, 1, false));
    row->error = STR("");
    if (pay->transaction_count == before)
        return move(ctx, row, GATEWAY_EVENT_REPEAT);
    row->transaction_n = (int64_t)pay->transaction_count;
    TRY(move(ctx, row, GATEWAY_EVENT_APPLY));
    TRY(gateway_event_wake(ctx, pay));
    return payment_work_close(ctx, work);
}

static err_t hear(struct ctx *ctx, const struct gateway_event *row,
                  struct gateway_fact *ret)
{
    struct pay_account account;
    TRY(pay_account_get(ctx, row->account, &account));
    struct gateway_account as = {
        .code = account.code, .settings = account.settings, .secret = STR("")};
    if (!account.gateway->hear)
        return fail(ctx, ERR_MALFORMED, "", "its gateway tells nothing");
    return account.gateway->hear(ctx, &as, row->body, ret);
}

err_t gateway_event_apply(struct ctx *ctx, gateway_event_id id)
{
    ASSERT(ctx->tx);
    struct gateway_event row;
    struct gateway_fact fact;
    struct payment_work work;
    payment_id payment;
    TRY(lock(ctx, id, &row));
    if (row.ended_at)
        return OK; /* Another worker did. */
    err_t err = hear(ctx, &row, &fact);
    if (err == ERR_MALFORMED) {
        str why = str_copy(ctx->arena, str_from_cstr(ctx->err.text));
        err_clear(ctx);
        return give_up(ctx, &row, why);
    }
    TRY(err);
    TRY(find_payment(ctx, row.account, &fact, &payment));
    if (!payment.v)
        return park(ctx, &row,
                    fact.payment.len ? fact.payment : fact.gateway_ref,
                    STR("there is no such payment on the account"));
    TRY(payment_work_open_one(ctx, payment, &work));
    return learn(ctx, &row, &work, &fact);
}

/* ---- for the worker ---- */

err_t gateway_event_due(struct ctx *ctx, size_t limit, gateway_event_id **ret,
                        size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_GATEWAY_EVENT_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, gateway_event_id, rows.count + 1);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t gateway_event_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_GATEWAY_EVENT_NEXT_AT, NULL, 0, &rows));
    *ret = sql_is_null(&rows, 0, 0) ? 0 : sql_int(&rows, 0, 0);
    return OK;
}

err_t gateway_event_forget(struct ctx *ctx, bool *ret_is_more)
{
    int64_t gone;
    struct sql_arg args[] = {sql_i(ctx->now - (utc_ms)KEPT_DAYS * DAY_MS),
                             sql_i(FORGET_BATCH)};
    TRY(sql_run(ctx, SQL_GATEWAY_EVENT_FORGET, args, COUNT_OF(args), &gone));
    *ret_is_more = gone == FORGET_BATCH;
    return OK;
}
