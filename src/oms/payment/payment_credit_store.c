/* payment_credit_store.c - accounts and entries as rows. */
#include "oms/payment/payment_credit_store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/payment/payment_credit_sql.h"
#include "store/event.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t row,
                     struct credit *ret)
{
    str currency = sql_str(rows, row, 2);
    *ret = (struct credit){
        .id = {sql_int(rows, row, 0)},
        .kind = (enum credit_kind)sql_int(rows, row, 1),
        .balance = sql_int(rows, row, 3),
        .code_end = sql_str(rows, row, 4),
        .customer = {sql_int(rows, row, 5)},
        .expires_at = sql_int(rows, row, 6),
        .disabled_at = sql_int(rows, row, 7),
        .version = sql_int(rows, row, 8),
        .created_at = sql_int(rows, row, 9),
        .updated_at = sql_int(rows, row, 10),
    };
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

static err_t one(struct ctx *ctx, int stmt, credit_id id, struct credit *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, 1, "account", &rows));
    from_row(&rows, 0, ret);
    return OK;
}

err_t credit_get(struct ctx *ctx, credit_id id, struct credit *ret)
{
    return one(ctx, SQL_CREDIT_ACCOUNT_ROW, id, ret);
}

err_t credit_lock(struct ctx *ctx, credit_id id, struct credit *ret)
{
    ASSERT(ctx->tx);
    return one(ctx, SQL_CREDIT_ACCOUNT_LOCK, id, ret);
}

err_t credit_find_code(struct ctx *ctx, str code_hash, bool *ret_found,
                       struct credit *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code_hash)};
    TRY(sql_list(ctx, SQL_CREDIT_ACCOUNT_BY_CODE, args, 1, &rows));
    *ret_found = rows.count > 0;
    if (*ret_found)
        from_row(&rows, 0, ret);
    return OK;
}

err_t store_credit_list(struct ctx *ctx, customer_id id, struct credit **ret,
                        size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CREDIT_ACCOUNT_BY_CUSTOMER, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct credit, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        from_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t credit_find_customer(struct ctx *ctx, customer_id id,
                           const char *currency, bool *ret_found,
                           struct credit *ret)
{
    struct credit *all;
    size_t count;
    TRY(store_credit_list(ctx, id, &all, &count));
    *ret_found = false;
    for (size_t i = 0; i < count; i++)
        if (memcmp(all[i].currency, currency, 4) == 0) {
            *ret = all[i];
            *ret_found = true;
        }
    return OK;
}

err_t credit_entries(struct ctx *ctx, credit_id id, struct credit_entry **ret,
                     size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_i(LIMIT_CREDIT_ENTRIES)};
    TRY(sql_list(ctx, SQL_CREDIT_ACCOUNT_ENTRY_LIST, args, COUNT_OF(args),
                 &rows));
    struct credit_entry *at =
        arena_array(ctx->arena, struct credit_entry, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        at[i] = (struct credit_entry){
            .n = sql_int(&rows, i, 0),
            .kind = (enum credit_entry_kind)sql_int(&rows, i, 1),
            .amount = sql_int(&rows, i, 2),
            .order = {sql_int(&rows, i, 3)},
            .payment = {sql_int(&rows, i, 4)},
            .refund = {sql_int(&rows, i, 5)},
            .reference = sql_str(&rows, i, 6),
            .at = sql_int(&rows, i, 7),
        };
    *ret = at;
    *ret_count = rows.count;
    return OK;
}

err_t credit_insert(struct ctx *ctx, const struct credit *credit, str code_hash)
{
    struct sql_arg args[] = {
        sql_i(credit->id.v),
        sql_i(id_bucket(credit->id.v)),
        sql_i(credit->kind),
        sql_s(str_from_cstr(credit->currency)),
        sql_s_or_null(code_hash),
        sql_s_or_null(credit->code_end),
        sql_i_or_null(credit->customer.v),
        sql_i_or_null(credit->expires_at),
        sql_i(ctx->now),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_CREDIT_ACCOUNT_INSERT, args, COUNT_OF(args),
                &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "", "another writer made the account");
    return OK;
}

err_t credit_tell(struct ctx *ctx, const struct credit *credit,
                  const char *what, int64_t amount, order_id order)
{
    enum { EVENT_BYTES = 1024 };
    bool is_card = credit->kind == CREDIT_GIFT_CARD;
    const char *kind = is_card ? "gift_card" : "store_credit";
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", credit->version);
    if (!is_card)
        json_put_id(&out, "customer", "cus", credit->customer.v);
    json_put_id_or_null(&out, "order", "ord", order.v);
    json_put_money(&out, "amount", money_make(amount, credit->currency));
    json_put_money(&out, "balance",
                   money_make(credit->balance, credit->currency));
    json_end_object(&out);
    str type = str_printf(ctx->arena, "%s.%s", kind, what);
    return event_add(ctx, str_to_cstr(ctx->arena, type), kind, credit->id.v,
                     buf_str(&buf), NULL);
}

static err_t add_row(struct ctx *ctx, const struct credit *credit,
                     const struct credit_entry *entry)
{
    struct sql_rows next;
    struct sql_arg key[] = {sql_i(credit->id.v)};
    TRY(sql_list(ctx, SQL_CREDIT_ACCOUNT_ENTRY_NEXT, key, 1, &next));
    struct sql_arg args[] = {
        sql_i(credit->id.v),
        sql_i(sql_int(&next, 0, 0)),
        sql_i(id_bucket(credit->id.v)),
        sql_i(entry->kind),
        sql_i(entry->amount),
        sql_i_or_null(entry->order.v),
        sql_i_or_null(entry->payment.v),
        sql_i_or_null(entry->refund.v),
        sql_s_or_null(entry->reference),
        sql_i(ctx->now),
    };
    return sql_run(ctx, SQL_CREDIT_ACCOUNT_ENTRY_ADD, args, COUNT_OF(args),
                   NULL);
}

static err_t fail_balance(struct ctx *ctx, const struct credit *credit)
{
    money most = money_make(credit->balance, credit->currency);
    return fail_as(ctx, ERR_INVALID, "over_balance", "amount",
                   "%.*s %s is the most that can be taken",
                   STR_ARG(money_to_decimal(ctx->arena, most)), most.currency);
}

static const char *const told[CREDIT_REFUNDED] = {
    "issued", "adjusted", "debited", "credited", "credited"};

err_t credit_sum(struct ctx *ctx, const struct credit *credit, int64_t amount,
                 int64_t *ret)
{
    if (!i64_add(credit->balance, amount, ret) || *ret > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "amount",
                       "the balance would be too large");
    return *ret < 0 ? fail_balance(ctx, credit) : OK;
}

err_t credit_add(struct ctx *ctx, struct credit *credit,
                 struct credit_entry entry)
{
    int64_t after;
    ASSERT(ctx->tx && entry.amount != 0);
    TRY(credit_sum(ctx, credit, entry.amount, &after));
    struct sql_arg args[] = {sql_i(entry.amount), sql_i(ctx->now),
                             sql_i(credit->id.v), sql_i(credit->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_CREDIT_ACCOUNT_MOVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the account was changed");
    TRY(add_row(ctx, credit, &entry));
    credit->balance = after;
    credit->version++;
    credit->updated_at = ctx->now;
    return credit_tell(ctx, credit, told[entry.kind - 1], entry.amount,
                       entry.order);
}

err_t credit_save_disabled(struct ctx *ctx, struct credit *credit)
{
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(credit->id.v),
                             sql_i(credit->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_CREDIT_ACCOUNT_DISABLE, args, COUNT_OF(args),
                &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the account was changed");
    credit->disabled_at = credit->updated_at = ctx->now;
    credit->version++;
    return credit_tell(ctx, credit, "disabled", 0, (order_id){0});
}
