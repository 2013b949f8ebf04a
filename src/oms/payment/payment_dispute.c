/* payment_dispute.c - disputes as rows, and who answered them. */
#include "oms/payment/payment_dispute.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/payment/payment_dispute_sql.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/sql.h"

/* ---- rows ---- */

static bool has_dispute(const struct payment *pay)
{
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (pay->transactions[i].dispute.v)
            return true;
    return false;
}

err_t payment_read_disputes(struct ctx *ctx, struct payment *pay)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(pay->id.v)};
    if (!has_dispute(pay))
        return OK;
    TRY(sql_list(ctx, SQL_DISPUTE_LIST, args, COUNT_OF(args), &rows));
    struct payment_dispute *at =
        arena_array(ctx->arena, struct payment_dispute, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        at[i] = (struct payment_dispute){
            .id = {sql_int(&rows,           i, 0)},
            .terms = { .ref = sql_str(&rows, i, 1),
                   .reason = sql_str(&rows, i, 2),
                   .due_at = sql_int(&rows, i, 3)},
            .answer = sql_str(&rows, i, 4),
            .answered_at = sql_int(&rows, i, 5),
            .created_at = sql_int(&rows, i, 6),
        };
    pay->disputes = at;
    pay->dispute_count = rows.count;
    return OK;
}

static err_t save(struct ctx *ctx, const struct payment_dispute *row)
{
    struct sql_arg args[] = {
        sql_s_or_null(row->terms.reason),
        sql_i_or_null(row->terms.due_at),
        sql_s_or_null(row->answer),
        sql_i_or_null(row->answered_at),
        sql_i(ctx->now),
        sql_i(row->id.v),
    };
    return sql_run(ctx, SQL_DISPUTE_SAVE, args, COUNT_OF(args), NULL);
}

/* The disputes of the payment, with room for one more. */
static struct payment_dispute *own(struct ctx *ctx, struct payment *pay)
{
    struct payment_dispute *all =
        arena_array(ctx->arena, struct payment_dispute, pay->dispute_count + 1);
    if (pay->dispute_count > 0)
        memcpy(all, pay->disputes, pay->dispute_count * sizeof *all);
    pay->disputes = all;
    return all;
}

static err_t add(struct ctx *ctx, struct payment *pay,
                 const struct dispute_terms *terms, payment_dispute_id *ret)
{
    struct payment_dispute *row = &own(ctx, pay)[pay->dispute_count];
    int bucket = id_bucket(pay->id.v);
    *row = (struct payment_dispute){
        .id = {id_next(ctx->ids, ctx->now, bucket)},
        .terms = *terms,
        .created_at = ctx->now,
    };
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_i(bucket),
        sql_i(pay->id.v),
        sql_s_or_null(terms->ref),
        sql_s_or_null(terms->reason),
        sql_i_or_null(terms->due_at),
        sql_i(ctx->now),
    };
    pay->dispute_count++;
    *ret = row->id;
    return sql_run(ctx, SQL_DISPUTE_ADD, args, COUNT_OF(args), NULL);
}

/* ---- whose it is ---- */

static bool lacks(const struct payment *pay, const struct payment_dispute *row,
                  enum payment_type type)
{
    struct dispute_now now =
        dispute_fold(pay->transactions, pay->transaction_count, row->id);
    if (type == PAYMENT_CHARGEBACK) /* Its end was told before it. */
        return now.amount < now.returned ||
               (now.amount == 0 && now.state == DISPUTE_LOST);
    if (type == PAYMENT_CHARGEBACK_REVERSED)
        return now.amount > now.returned;
    return now.state == DISPUTE_OPEN;
}

/* By the name that it has where it was told; else the oldest that lacks it.
 * Their count: none. */
static size_t find(const struct payment *pay,
                   const struct payment_transaction *tx)
{
    const struct dispute_terms *terms = &tx->terms;
    for (size_t i = 0; i < pay->dispute_count; i++)
        if (terms->ref.len > 0
                ? str_equal(pay->disputes[i].terms.ref, terms->ref)
                : lacks(pay, &pay->disputes[i], tx->type))
            return i;
    return pay->dispute_count;
}

err_t dispute_join(struct ctx *ctx, struct payment *pay,
                   struct payment_transaction *tx)
{
    const struct dispute_terms *terms = &tx->terms;
    size_t at = find(pay, tx);
    if (at == pay->dispute_count)
        return add(ctx, pay, terms, &tx->dispute);
    struct payment_dispute *row = &own(ctx, pay)[at];
    tx->dispute = row->id;
    if (terms->reason.len == 0 && terms->due_at == 0)
        return OK;
    if (terms->reason.len > 0)
        row->terms.reason = terms->reason;
    if (terms->due_at > 0)
        row->terms.due_at = terms->due_at;
    return save(ctx, row);
}

/* ---- answered ---- */

err_t dispute_answer(struct ctx *ctx, const struct dispute_answer *cmd,
                     struct payment *ret)
{
    ASSERT(ctx->tx);
    struct payment_work work;
    size_t at = 0;
    TRY(payment_work_open_one(ctx, cmd->payment, &work));
    struct payment *pay = work.pay;
    TRY(check_version(ctx, cmd->version, pay->version));
    while (at < pay->dispute_count && pay->disputes[at].id.v != cmd->dispute.v)
        at++;
    if (at == pay->dispute_count)
        return fail(ctx, ERR_NOT_FOUND, "dispute",
                    "the payment has no such dispute");
    struct dispute_now now =
        dispute_fold(pay->transactions, pay->transaction_count, cmd->dispute);
    TRY(machine_allow(ctx, &dispute_machine, (int)now.state,
                      DISPUTE_EVENT_ANSWER));
    struct payment_dispute *row = &own(ctx, pay)[at];
    row->answer = cmd->reference;
    row->answered_at = ctx->now;
    TRY(save(ctx, row));
    TRY(payment_save(ctx, pay));
    struct payment_transaction about = {.type = PAYMENT_CHARGEBACK,
                                        .origin = PAYMENT_OF_COMMAND,
                                        .amount = now.amount - now.returned,
                                        .dispute = cmd->dispute};
    *ret = *pay;
    return payment_tell(ctx, "payment.dispute_answered", pay, &about);
}
