/* payment_store.c - payments and their transactions as rows. */
#include "oms/payment/payment_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_sql.h"
#include "store/sql.h"

void payment_from_row(const struct sql_rows *rows, size_t row,
                      struct payment *ret)
{
    str currency = sql_str(rows, row, 3);
    *ret = (struct payment){
        .id = {sql_int(rows, row, 0)},
        .order = {sql_int(rows, row, 1)},
        .tender = (enum payment_tender)sql_int(rows, row, 2),
        .amount = sql_int(rows, row, 4),
        .reference = sql_str(rows, row, 11),
        .version = sql_int(rows, row, 12),
        .created_at = sql_int(rows, row, 13),
        .updated_at = sql_int(rows, row, 14),
        .credit = {sql_int(rows, row, 15)},
        .account = {sql_int(rows, row, 16)},
        .gateway_ref = sql_str(rows, row, 17),
        .token = sql_str(rows, row, 18),
        .method = sql_str(rows, row, 19),
        .expires_at = sql_int(rows, row, 20),
        .epoch = sql_str(rows, row, 21),
        .due_at = sql_int(rows, row, 22),
        .watch_at = sql_int(rows, row, 23),
    };
    ret->now.state = (enum payment_state)sql_int(rows, row, 5);
    ret->now.pending = sql_int(rows, row, 6);
    ret->now.authorized = sql_int(rows, row, 7);
    ret->now.captured = sql_int(rows, row, 8);
    ret->now.refunded = sql_int(rows, row, 9);
    ret->now.disputed = sql_int(rows, row, 10);
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

err_t payment_read_transactions(struct ctx *ctx, struct payment *pay)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(pay->id.v)};
    TRY(sql_list(ctx, SQL_PAYMENT_TRANSACTION_LIST, args, 1, &rows));
    struct payment_transaction *at =
        arena_array(ctx->arena, struct payment_transaction, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        at[i] = (struct payment_transaction){
            .n = sql_int(&rows, i, 0),
            .type = (enum payment_type)sql_int(&rows, i, 1),
            .origin = (enum payment_origin)sql_int(&rows, i, 2),
            .amount = sql_int(&rows, i, 3),
            .event_key = sql_str(&rows, i, 4),
            .reference = sql_str(&rows, i, 5),
            .occurred_at = sql_int(&rows, i, 6),
            .received_at = sql_int(&rows, i, 7),
            .dispute = {sql_int(&rows, i, 8)},
            .expires_at = sql_is_null(&rows, i, 9) ? -1 : sql_int(&rows, i, 9),
        };
    pay->transactions = at;
    pay->transaction_count = rows.count;
    return OK;
}

static err_t read_rest(struct ctx *ctx, struct payment *pay)
{
    TRY(payment_read_transactions(ctx, pay));
    TRY(payment_read_disputes(ctx, pay));
    return payment_read_calls(ctx, pay);
}

err_t payment_row(struct ctx *ctx, payment_id id, struct payment *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_PAYMENT_ROW, args, 1, "payment", &rows));
    payment_from_row(&rows, 0, ret);
    return OK;
}

err_t payment_get(struct ctx *ctx, payment_id id, struct payment *ret)
{
    TRY(payment_row(ctx, id, ret));
    return read_rest(ctx, ret);
}

err_t payment_list(struct ctx *ctx, order_id id, struct payment **ret,
                   size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_PAYMENT_OF_ORDER, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct payment, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        payment_from_row(&rows, i, &(*ret)[i]);
        TRY(read_rest(ctx, &(*ret)[i]));
    }
    return OK;
}

err_t payment_insert(struct ctx *ctx, const struct payment *payment)
{
    const struct payment_now *now = &payment->now;
    bool is_credit = payment->credit.v != 0;
    struct sql_arg args[] = {
        sql_i(payment->id.v),
        sql_i(id_bucket(payment->id.v)),
        sql_i(payment->order.v),
        sql_i(is_credit ? TENDER_EXTERNAL : payment->tender),
        sql_i(now->state),
        sql_s(str_from_cstr(payment->currency)),
        sql_i(payment->amount),
        sql_i(now->pending),
        sql_i(now->authorized),
        sql_i(now->captured),
        sql_i(now->refunded),
        sql_i(now->disputed),
        sql_s_or_null(payment->reference),
        sql_i_or_null(payment->credit.v),
        is_credit ? sql_i(payment->tender) : sql_null(),
        sql_i(ctx->now),
        sql_i_or_null(payment->account.v),
        sql_s_or_null(payment->token),
        sql_s_or_null(payment->method),
        sql_s_or_null(payment->epoch),
        sql_i_or_null(payment->due_at),
    };
    return sql_run(ctx, SQL_PAYMENT_INSERT, args, COUNT_OF(args), NULL);
}

err_t payment_save(struct ctx *ctx, struct payment *payment)
{
    const struct payment_now *now = &payment->now;
    struct sql_arg args[] = {
        sql_i(now->state),
        sql_i(now->pending),
        sql_i(now->authorized),
        sql_i(now->captured),
        sql_i(now->refunded),
        sql_i(now->disputed),
        sql_s_or_null(payment->gateway_ref),
        sql_s_or_null(payment->token),
        sql_i_or_null(payment->expires_at),
        sql_s_or_null(payment->epoch),
        sql_i_or_null(now->authorized > 0 ? payment->watch_at : 0),
        sql_i(ctx->now),
        sql_i(payment->id.v),
        sql_i(payment->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PAYMENT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the payment was changed");
    payment->version++;
    payment->updated_at = ctx->now;
    return OK;
}

err_t payment_add_transaction(struct ctx *ctx, payment_id id,
                              const struct payment_transaction *tx)
{
    struct sql_arg args[] = {
        sql_i(id.v),
        sql_i(tx->n),
        sql_i(id_bucket(id.v)),
        sql_i(tx->type),
        sql_i(tx->origin),
        sql_i(tx->amount),
        sql_s_or_null(tx->event_key),
        sql_s_or_null(tx->reference),
        sql_i(tx->occurred_at),
        sql_i(tx->received_at),
        sql_i_or_null(tx->dispute.v),
        tx->type == PAYMENT_AUTHORIZE ? sql_i(tx->expires_at)
        : tx->type == PAYMENT_EXPIRE  ? sql_i_or_null(tx->expires_at)
                                      : sql_null(),
    };
    return sql_run(ctx, SQL_PAYMENT_TRANSACTION_ADD, args, COUNT_OF(args),
                   NULL);
}
