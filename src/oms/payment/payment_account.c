/* payment_account.c - rows of accounts with gateways. */
#include "oms/payment/payment_account.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_account_sql.h"
#include "oms/vendor.h"
#include "store/sql.h"

static err_t read_account(struct ctx *ctx, const struct sql_rows *rows,
                          size_t i, struct pay_account *ret)
{
    *ret = (struct pay_account){
        .id.v = sql_int(rows, i, 0),
        .code = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .gateway = gateway_find(sql_str(rows, i, 3)),
        .settings = sql_str(rows, i, 4),
        .sealed = sql_str(rows, i, 5),
        .is_active = sql_int(rows, i, 6) != 0,
        .version = sql_int(rows, i, 7),
        .created_at = sql_int(rows, i, 8),
        .updated_at = sql_int(rows, i, 9),
        .renew_hours = sql_int(rows, i, 10),
    };
    if (!ret->gateway) /* Of a program that knew more gateways. */
        return fail_as(ctx, ERR_STATE, "gateway_unknown", "gateway",
                       "this program has no gateway %.*s",
                       STR_ARG(sql_str(rows, i, 3)));
    return OK;
}

err_t pay_account_page(struct ctx *ctx, gateway_account_id after, size_t limit,
                       struct pay_account **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_PAY_ACCOUNT_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct pay_account, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(read_account(ctx, &rows, i, &(*ret)[i]));
    return OK;
}

err_t pay_account_get(struct ctx *ctx, gateway_account_id id,
                      struct pay_account *ret)
{
    struct pay_account *rows;
    size_t count;
    TRY(pay_account_page(ctx, (gateway_account_id){id.v - 1}, 1, &rows,
                         &count));
    if (count == 0 || rows[0].id.v != id.v)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such account");
    *ret = rows[0];
    return OK;
}

err_t pay_account_by_code(struct ctx *ctx, str code, struct pay_account *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code)};
    TRY(sql_list(ctx, SQL_PAY_ACCOUNT_BY_CODE, args, COUNT_OF(args), &rows));
    if (rows.count > 0)
        TRY(read_account(ctx, &rows, 0, ret));
    if (rows.count == 0 || !ret->is_active)
        return fail_as(ctx, ERR_INVALID, "account_unknown", "gateway",
                       "there is no active gateway account %.*s",
                       STR_ARG(code));
    return OK;
}

static struct vendor_place place_of(gateway_account_id id)
{
    return (struct vendor_place){"gateway", "gwa", id.v};
}

static err_t check_account(struct ctx *ctx, const struct pay_account *a)
{
    TRY(check_code(ctx, "code", a->code));
    TRY(check_line(ctx, "name", a->name, 0, LIMIT_NAME_BYTES));
    if (a->gateway->needs_secret && a->sealed.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "secret",
                       "%s wants a secret", a->gateway->title);
    return a->gateway->check ? a->gateway->check(ctx, a->settings) : OK;
}

static err_t add_account(struct ctx *ctx, const struct pay_account *a)
{
    struct sql_arg args[] = {
        sql_i(a->id.v),        sql_s(a->code),
        sql_s(a->name),        sql_s(str_from_cstr(a->gateway->name)),
        sql_s(a->settings),    sql_s_or_null(a->sealed),
        sql_i(a->is_active),   sql_i(ctx->now),
        sql_i(a->renew_hours),
    };
    err_t err = sql_run(ctx, SQL_PAY_ACCOUNT_ADD, args, COUNT_OF(args), NULL);
    TRY(vendor_code_taken(ctx, err, a->code));
    return vendor_tell(ctx, "gateway_account.created", "gateway_account",
                       a->id.v, 1, a->code);
}

err_t pay_account_save(struct ctx *ctx, struct pay_account *a, str secret)
{
    int64_t changed;
    bool is_new = a->id.v == 0;
    if (is_new) {
        TRY(vendor_check_count(ctx, SQL_PAY_ACCOUNT_COUNT,
                               LIMIT_VENDOR_ACCOUNTS));
        a->id.v = id_next(ctx->ids, ctx->now, 0);
        a->version = 1;
        a->created_at = ctx->now;
    }
    if (secret.len)
        TRY(vendor_seal(ctx, place_of(a->id), secret, &a->sealed));
    TRY(check_account(ctx, a));
    a->updated_at = ctx->now;
    if (is_new)
        return add_account(ctx, a);
    struct sql_arg args[] = {
        sql_s(a->name),      sql_s(a->settings),    sql_s_or_null(a->sealed),
        sql_i(a->is_active), sql_i(a->renew_hours), sql_i(ctx->now),
        sql_i(a->id.v),      sql_i(a->version),
    };
    TRY(sql_run(ctx, SQL_PAY_ACCOUNT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    a->version++;
    return vendor_tell(ctx, "gateway_account.changed", "gateway_account",
                       a->id.v, a->version, a->code);
}

err_t pay_account_open(struct ctx *ctx, const struct pay_account *account,
                       struct gateway_account *ret)
{
    *ret = (struct gateway_account){.code = account->code,
                                    .settings = account->settings};
    return vendor_unseal(ctx, place_of(account->id), account->sealed,
                         &ret->secret);
}
