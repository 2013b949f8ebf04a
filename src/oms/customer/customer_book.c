/* customer_book.c - what is written down about a customer: addresses, consents
 * and notes. Consents and notes are only ever added to. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/customer/customer_change.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

err_t customer_set_addresses(struct ctx *ctx, customer_id id,
                             const struct customer_book *book,
                             struct customer *ret)
{
    enum { PARAMS = 5 };
    ASSERT(ctx->tx != NULL && book->version > 0);
    struct customer customer;
    struct sql_arg of[] = {sql_i(id.v)};
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, book->count * PARAMS);
    struct sql_arg *to = args;
    TRY(customer_lock(ctx, id, book->version, &customer));
    TRY(sql_run(ctx, SQL_CUSTOMER_ADDRESS_CLEAR, of, COUNT_OF(of), NULL));
    for (size_t i = 0; i < book->count; i++) {
        *to++ = sql_i(id.v);
        *to++ = sql_i((int64_t)i + 1);
        *to++ = sql_i(book->at[i].is_shipping);
        *to++ = sql_i(book->at[i].is_billing);
        *to++ = sql_s(book->at[i].doc);
    }
    TRY(sql_run_many(ctx, SQL_CUSTOMER_ADDRESS_ADD, args, PARAMS, book->count,
                     NULL));
    TRY(customer_save(ctx, &customer, "customer.changed"));
    *ret = customer;
    return OK;
}

err_t customer_add_consent(struct ctx *ctx, customer_id id,
                           const struct consent_cmd *cmd, int64_t *ret_id)
{
    ASSERT(ctx->tx != NULL);
    struct customer customer;
    TRY(customer_lock(ctx, id, 0, &customer));
    int64_t consent = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {
        sql_i(id.v),
        sql_i(consent),
        sql_s(cmd->purpose),
        sql_i(cmd->channel),
        sql_i(cmd->state),
        sql_s(cmd->source),
        sql_i(cmd->given_at ? cmd->given_at : ctx->now),
        sql_i(ctx->now),
        sql_i(ctx->actor.kind),
        sql_i(ctx->actor.id),
    };
    TRY(sql_run(ctx, SQL_CUSTOMER_CONSENT_ADD, args, COUNT_OF(args), NULL));
    TRY(customer_tell(ctx, &customer, "customer.consent_changed"));
    *ret_id = consent;
    return OK;
}

err_t customer_add_note(struct ctx *ctx, customer_id id, str text,
                        int64_t *ret_id)
{
    ASSERT(ctx->tx != NULL);
    struct customer customer;
    TRY(customer_lock(ctx, id, 0, &customer));
    int64_t note = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {sql_i(id.v),
                             sql_i(note),
                             sql_s(text),
                             sql_i(ctx->now),
                             sql_i(ctx->actor.kind),
                             sql_i(ctx->actor.id)};
    TRY(sql_run(ctx, SQL_CUSTOMER_NOTE_ADD, args, COUNT_OF(args), NULL));
    TRY(customer_tell(ctx, &customer, "customer.noted"));
    *ret_id = note;
    return OK;
}
