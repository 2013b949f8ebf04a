/* change_replace_store.c - replacements as rows, and what must hold of them. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_replace.h"
#include "oms/change/change_replace_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

err_t replacement_list(struct ctx *ctx, order_id order,
                       struct replacement **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_REPLACEMENT_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct replacement, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct replacement){
            .n = sql_int(&rows, i, 0),
            .of = sql_int(&rows, i, 1),
            .qty = sql_int(&rows, i, 2),
            .cause = (enum replace_cause)sql_int(&rows, i, 3),
            .at = sql_int(&rows, i, 4),
            .live = sql_int(&rows, i, 5),
            .exchange = {sql_int(&rows, i, 6)},
            .rma = {sql_int(&rows, i, 7)},
            .state = (int)sql_int(&rows, i, 8),
        };
    return OK;
}

err_t replacement_add(struct ctx *ctx, order_id order,
                      const struct replacement *at)
{
    struct sql_arg args[] = {
        sql_i(order.v), sql_i(at->n),   sql_i(id_bucket(order.v)),
        sql_i(at->of),  sql_i(at->qty), sql_i(at->cause),
        sql_i(at->at)};
    return sql_run(ctx, SQL_REPLACEMENT_ADD, args, COUNT_OF(args), NULL);
}

/* ---- verify ---- */

static err_t check_lines(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "replacements", "ord",
                           "a replacement is no line of it, or of another SKU "
                           "than what it replaces"};
    TRY(verify_none(ctx, SQL_REPLACEMENT_VERIFY_LINE, check));
    check.what = "more units of a line are replaced than left";
    TRY(verify_none(ctx, SQL_REPLACEMENT_VERIFY_LIMIT, check));
    check.what = "it waits for a return of something else";
    return verify_none(ctx, SQL_REPLACEMENT_VERIFY_RETURN, check);
}

static const struct verify_check checks[] = {
    {"replacements", "no more is replaced than was shipped", check_lines},
};
const struct verify_list replace_verify = {checks, COUNT_OF(checks)};
