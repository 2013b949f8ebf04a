/* customer_company.c - companies: rows and commands. */
#include "oms/customer/customer_company.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/words.h"
#include "oms/customer/customer_company_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 512 };

static int64_t int_or_none(const struct sql_rows *rows, size_t i, size_t column)
{
    return sql_is_null(rows, i, column) ? COMPANY_NONE
                                        : sql_int(rows, i, column);
}

static struct sql_arg arg_or_null(int64_t value)
{
    return value == COMPANY_NONE ? sql_null() : sql_i(value);
}

static void from_row(const struct sql_rows *rows, size_t i, struct company *ret)
{
    *ret = (struct company){
        .id = {sql_int(rows, i, 0)},
        .name = sql_str(rows, i, 1),
        .tax_id = sql_str(rows, i, 2),
        .credit_limit = int_or_none(rows, i, 4),
        .terms_days = int_or_none(rows, i, 5),
        .approval_over = int_or_none(rows, i, 6),
        .version = sql_int(rows, i, 7),
        .created_at = sql_int(rows, i, 8),
        .updated_at = sql_int(rows, i, 9),
    };
    memcpy(ret->currency, sql_str(rows, i, 3).ptr, 3);
}

static err_t one(struct ctx *ctx, int stmt, company_id id, struct company *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "company", &rows));
    from_row(&rows, 0, ret);
    return OK;
}

err_t company_get(struct ctx *ctx, company_id id, struct company *ret)
{
    return one(ctx, SQL_COMPANY_ROW, id, ret);
}

err_t company_lock(struct ctx *ctx, company_id id, struct company *ret)
{
    return one(ctx, SQL_COMPANY_LOCK_ROW, id, ret);
}

err_t company_list(struct ctx *ctx, company_id before, size_t limit,
                   struct company **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(before.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_COMPANY_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct company, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        from_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t company_search(struct ctx *ctx, const struct word_query *query,
                     company_id before, size_t limit, struct company **ret,
                     size_t *ret_count, company_id *ret_next)
{
    enum { PAGE = 500, PAGES = 20 };
    struct company *rows,
        *found = arena_array(ctx->arena, struct company, limit);
    size_t count = PAGE, met = 0;
    for (int page = 0; page < PAGES && count == PAGE && met < limit; page++) {
        TRY(company_list(ctx, before, PAGE, &rows, &count));
        for (size_t i = 0; i < count && met < limit; i++) {
            const str texts[] = {rows[i].name, rows[i].tax_id};
            if (words_met(ctx->arena, query, texts, COUNT_OF(texts)))
                found[met++] = rows[i];
            before = rows[i].id;
        }
    }
    *ret = found;
    *ret_count = met;
    *ret_next = count == PAGE || met == limit ? before : (company_id){0};
    return OK;
}

static void prices_from_rows(struct ctx *ctx, const struct sql_rows *rows,
                             struct company_price **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct company_price, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] =
            (struct company_price){sql_str(rows, i, 0), sql_int(rows, i, 1)};
}

err_t company_prices(struct ctx *ctx, company_id id, struct company_price **ret,
                     size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_COMPANY_PRICE_LIST, args, COUNT_OF(args), &rows));
    prices_from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

err_t company_prices_of(struct ctx *ctx, company_id id, const str *skus,
                        size_t sku_count, struct company_price **ret,
                        size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, sku_count * 2);
    for (size_t i = 0; i < sku_count; i++) {
        keys[i * 2] = sql_i(id.v);
        keys[i * 2 + 1] = sql_s(skus[i]);
    }
    TRY(sql_list_many(ctx, SQL_COMPANY_PRICE_FIND, keys, 2, sku_count, &rows));
    prices_from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

/* ---- commands ---- */

static err_t tell(struct ctx *ctx, const struct company *company,
                  const char *type)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", company->version);
    json_end_object(&out);
    return event_add(ctx, type, "company", company->id.v, buf_str(&buf), NULL);
}

err_t company_check(struct ctx *ctx, const struct company *company)
{
    TRY(check_line(ctx, "name", company->name, 1, LIMIT_NAME_BYTES));
    return check_line(ctx, "tax_id", company->tax_id, 0, LIMIT_TAX_ID_BYTES);
}

err_t company_create(struct ctx *ctx, struct company *company)
{
    ASSERT(ctx->tx && ctx->ids);
    TRY(company_check(ctx, company));
    company->id.v = id_next(ctx->ids, ctx->now, 0);
    company->version = 1;
    company->created_at = company->updated_at = ctx->now;
    struct sql_arg args[] = {sql_i(company->id.v),
                             sql_s(company->name),
                             sql_s_or_null(company->tax_id),
                             sql_s(str_from_cstr(company->currency)),
                             arg_or_null(company->credit_limit),
                             arg_or_null(company->terms_days),
                             arg_or_null(company->approval_over),
                             sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_COMPANY_ADD, args, COUNT_OF(args), NULL));
    return tell(ctx, company, "company.created");
}

static err_t save(struct ctx *ctx, struct company *company)
{
    struct sql_arg args[] = {
        sql_s(company->name),
        sql_s_or_null(company->tax_id),
        arg_or_null(company->credit_limit),
        arg_or_null(company->terms_days),
        arg_or_null(company->approval_over),
        sql_i(ctx->now),
        sql_i(company->id.v),
    };
    company->version++;
    company->updated_at = ctx->now;
    TRY(sql_run(ctx, SQL_COMPANY_SAVE, args, COUNT_OF(args), NULL));
    return tell(ctx, company, "company.changed");
}

err_t company_change(struct ctx *ctx, struct company *company)
{
    ASSERT(ctx->tx);
    struct company before;
    TRY(company_lock(ctx, company->id, &before));
    TRY(check_version(ctx, company->version, before.version));
    TRY(company_check(ctx, company));
    if (memcmp(before.currency, company->currency, sizeof before.currency) != 0)
        return fail_as(ctx, ERR_STATE, "currency_fixed", "currency",
                       "the company is kept in %s", before.currency);
    company->created_at = before.created_at;
    return save(ctx, company);
}

err_t company_set_prices(struct ctx *ctx, const struct company_prices_cmd *cmd,
                         struct company *ret)
{
    enum { PARAMS = 3 };
    ASSERT(ctx->tx && cmd->count <= LIMIT_COMPANY_PRICES);
    struct sql_arg of[] = {sql_i(cmd->id.v)};
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, cmd->count * PARAMS);
    TRY(company_lock(ctx, cmd->id, ret));
    TRY(check_version(ctx, cmd->version, ret->version));
    TRY(sql_run(ctx, SQL_COMPANY_PRICE_CLEAR, of, COUNT_OF(of), NULL));
    for (size_t i = 0; i < cmd->count; i++) {
        args[i * PARAMS] = sql_i(cmd->id.v);
        args[i * PARAMS + 1] = sql_s(cmd->at[i].sku);
        args[i * PARAMS + 2] = sql_i(cmd->at[i].unit_price);
    }
    TRY(sql_run_many(ctx, SQL_COMPANY_PRICE_ADD, args, PARAMS, cmd->count,
                     NULL));
    return save(ctx, ret);
}
