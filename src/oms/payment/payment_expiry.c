/* payment_expiry.c - promises that run out: they are asked for anew in time, or
 * they lapse by the clock. */
#include "oms/payment/payment_expiry.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/sql.h"

enum { BUSY_MS = 15 * 60 * 1000 };

static bool is_busy(const struct payment *pay)
{
    for (size_t i = 0; i < pay->call_count; i++)
        if (payment_call_is_live(&pay->calls[i]))
            return true;
    return false;
}

static err_t look_again(struct ctx *ctx, const struct payment *pay, utc_ms at)
{
    struct sql_arg args[] = {sql_i_or_null(at), sql_i(pay->id.v)};
    return sql_run(ctx, SQL_PAYMENT_WATCH_SAVE, args, COUNT_OF(args), NULL);
}

/* Of several promises that which is over: what was taken was of the one that
 * ends first. The others go on. */
static err_t lapse(struct ctx *ctx, struct payment *pay, int64_t renew_hours)
{
    utc_ms next_at;
    int64_t open = pay->now.authorized;
    int64_t beyond = payment_promised_beyond(pay, ctx->now, &next_at);
    struct payment_transaction tx = {
        .type = PAYMENT_EXPIRE,
        .origin = PAYMENT_OF_COMMAND,
        .amount = open > beyond ? open - beyond : 0,
        .event_key = str_printf(ctx->arena, PAYMENT_LAPSE_KEY "%zu",
                                pay->transaction_count + 1),
        .occurred_at = pay->expires_at};
    pay->expires_at = next_at;
    pay->watch_at =
        next_at ? payment_watch_at(ctx->now, next_at, renew_hours) : 0;
    return payment_work_note(ctx, pay, tx);
}

/* The one that ends next, so much of it as the order still has to be paid with
 * beside the others; what became of it is seen when it ends. */
static err_t renew(struct ctx *ctx, const struct order *order,
                   struct payment *pay)
{
    utc_ms next_at;
    int64_t open = pay->now.authorized;
    int64_t beyond = payment_promised_beyond(pay, pay->expires_at, &next_at);
    int64_t others = open < beyond ? open : beyond;
    int64_t due = order_balance(order) - others, own = open - others;
    struct payment_asked asked;
    struct payment_wish wish = {.type = PAYMENT_AUTHORIZE,
                                .amount = due < own ? due : own,
                                .reference = STR("renewal"),
                                .is_renewal = true};
    if (wish.amount <= 0)
        return look_again(ctx, pay, pay->expires_at);
    pay->watch_at = pay->expires_at;
    err_t err = payment_work_ask(ctx, pay, &wish, &asked);
    if (err != ERR_STATE)
        return err;
    err_clear(ctx); /* It has as many transactions as it may have. */
    return look_again(ctx, pay, pay->expires_at);
}

/* So long before its end; 0: it cannot be promised anew. */
static err_t renew_hours(struct ctx *ctx, const struct payment_work *work,
                         int64_t *ret)
{
    struct pay_account account;
    *ret = 0;
    if (!payment_is_needed(&work->order))
        return OK;
    err_t err = pay_account_get(ctx, work->pay->account, &account);
    if (err == ERR_STATE) { /* The program knows its gateway no more. */
        err_clear(ctx);
        return OK;
    }
    TRY(err);
    if (account.is_active && account.gateway->caps & GATEWAY_CAN_RENEW)
        *ret = account.renew_hours;
    return OK;
}

static err_t see(struct ctx *ctx, payment_id id)
{
    struct payment_work work;
    int64_t hours;
    TRY(payment_work_open_one(ctx, id, &work));
    struct payment *pay = work.pay;
    if (pay->watch_at == 0 || pay->watch_at > ctx->now)
        return OK; /* It was changed meanwhile. */
    if (is_busy(pay))
        return look_again(ctx, pay, ctx->now + BUSY_MS);
    TRY(renew_hours(ctx, &work, &hours));
    if (pay->expires_at <= ctx->now) {
        TRY(lapse(ctx, pay, hours));
        return payment_work_close(ctx, &work);
    }
    if (hours > 0)
        return renew(ctx, &work.order, pay);
    return look_again(ctx, pay, pay->expires_at);
}

/* One in a transaction: orders are locked in whatever order they are due. */
err_t payment_expiry_run(struct ctx *ctx, bool *ret_is_more)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now)};
    TRY(sql_list(ctx, SQL_PAYMENT_WATCH_DUE, args, COUNT_OF(args), &rows));
    *ret_is_more = rows.count > 1;
    return rows.count == 0 ? OK : see(ctx, (payment_id){sql_int(&rows, 0, 0)});
}

err_t payment_expiry_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_PAYMENT_WATCH_NEXT_AT, NULL, 0, &rows));
    *ret = sql_is_null(&rows, 0, 0) ? 0 : sql_int(&rows, 0, 0);
    return OK;
}
