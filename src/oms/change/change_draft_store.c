/* change_draft_store.c - drafts as rows. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_draft_sql.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t i, struct draft *ret)
{
    *ret = (struct draft){
        .id = {sql_int(rows, i, 0)},
        .state = (enum draft_state)sql_int(rows, i, 1),
        .company = {sql_int(rows, i, 2)},
        .customer = {sql_int(rows, i, 3)},
        .order = {sql_int(rows, i, 4)},
        .quote_number = sql_int(rows, i, 5),
        .channel = sql_str(rows, i, 6),
        .total = sql_int(rows, i, 8),
        .po_number = sql_str(rows, i, 9),
        .answer = sql_str(rows, i, 10),
        .terms_days =
            sql_is_null(rows, i, 11) ? COMPANY_NONE : sql_int(rows, i, 11),
        .valid_until = sql_int(rows, i, 12),
        .body = sql_str(rows, i, 13),
        .version = sql_int(rows, i, 14),
        .created_at = sql_int(rows, i, 15),
        .updated_at = sql_int(rows, i, 16),
    };
    memcpy(ret->currency, sql_str(rows, i, 7).ptr, 3);
}

static err_t one(struct ctx *ctx, int stmt, draft_id id, struct draft *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "draft", &rows));
    from_row(&rows, 0, ret);
    return OK;
}

err_t draft_get(struct ctx *ctx, draft_id id, struct draft *ret)
{
    return one(ctx, SQL_DRAFT_ROW, id, ret);
}

err_t draft_lock(struct ctx *ctx, draft_id id, struct draft *ret)
{
    return one(ctx, SQL_DRAFT_LOCK_ROW, id, ret);
}

static void from_rows(struct ctx *ctx, const struct sql_rows *rows,
                      struct draft **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct draft, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        from_row(rows, i, &(*ret)[i]);
}

err_t draft_list(struct ctx *ctx, const struct draft_query *query,
                 struct draft **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg before = sql_i(query->before.v);
    struct sql_arg limit = sql_i((int64_t)query->limit);
    struct sql_arg all[] = {before, limit};
    struct sql_arg of[] = {
        sql_i(query->state ? (int64_t)query->state : query->company.v), before,
        limit};
    if (query->state)
        TRY(sql_list(ctx, SQL_DRAFT_PAGE_STATE, of, COUNT_OF(of), &rows));
    else if (query->company.v)
        TRY(sql_list(ctx, SQL_DRAFT_PAGE_COMPANY, of, COUNT_OF(of), &rows));
    else
        TRY(sql_list(ctx, SQL_DRAFT_PAGE, all, COUNT_OF(all), &rows));
    from_rows(ctx, &rows, ret, ret_count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].company_name = sql_str(&rows, i, 17);
    return OK;
}

err_t draft_list_customer(struct ctx *ctx, customer_id id, struct draft **ret,
                          size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_DRAFT_OF_CUSTOMER, args, COUNT_OF(args), &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

static struct sql_arg terms(const struct draft *draft)
{
    return draft->terms_days == COMPANY_NONE ? sql_null()
                                             : sql_i(draft->terms_days);
}

err_t draft_insert(struct ctx *ctx, const struct draft *draft)
{
    struct sql_arg args[] = {sql_i(draft->id.v),
                             sql_i_or_null(draft->company.v),
                             sql_i_or_null(draft->customer.v),
                             sql_s(draft->channel),
                             sql_s(str_from_cstr(draft->currency)),
                             sql_i(draft->total),
                             sql_s_or_null(draft->po_number),
                             terms(draft),
                             sql_s(draft->body),
                             sql_i(ctx->now)};
    return sql_run(ctx, SQL_DRAFT_INSERT, args, COUNT_OF(args), NULL);
}

err_t draft_save(struct ctx *ctx, struct draft *draft)
{
    struct sql_arg args[] = {sql_i(draft->state),
                             sql_i_or_null(draft->company.v),
                             sql_i_or_null(draft->customer.v),
                             sql_i_or_null(draft->order.v),
                             sql_i_or_null(draft->quote_number),
                             sql_s(draft->channel),
                             sql_s(str_from_cstr(draft->currency)),
                             sql_i(draft->total),
                             sql_s_or_null(draft->po_number),
                             sql_s_or_null(draft->answer),
                             terms(draft),
                             sql_i_or_null(draft->valid_until),
                             sql_s(draft->body),
                             sql_i(ctx->now),
                             sql_i(draft->id.v),
                             sql_i(draft->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_DRAFT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the draft was changed");
    draft->version++;
    draft->updated_at = ctx->now;
    return OK;
}

err_t draft_due(struct ctx *ctx, size_t limit, draft_id **ret,
                size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_DRAFT_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, draft_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

static err_t number(struct ctx *ctx, int stmt, int64_t *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, NULL, 0, &rows));
    ASSERT(rows.count == 1);
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t draft_next_due(struct ctx *ctx, utc_ms *ret)
{
    return number(ctx, SQL_DRAFT_NEXT_DUE, ret);
}

err_t draft_take_number(struct ctx *ctx, int64_t *ret)
{
    return number(ctx, SQL_DRAFT_TAKE_NUMBER, ret);
}

err_t draft_company_owes(struct ctx *ctx, const struct company *company,
                         int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(company->id.v),
                             sql_s(str_from_cstr(company->currency))};
    TRY(sql_list(ctx, SQL_DRAFT_COMPANY_OWES, args, COUNT_OF(args), &rows));
    ASSERT(rows.count == 1);
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t draft_settle(struct ctx *ctx, const struct company *company)
{
    struct sql_arg args[] = {sql_i(company->id.v),
                             sql_s(str_from_cstr(company->currency))};
    return sql_run(ctx, SQL_DRAFT_SETTLE, args, COUNT_OF(args), NULL);
}
