/* finance_invoice_store.c - rows of invoices, series and rules. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"
#include "oms/finance/invoice_sql.h"
#include "store/sql.h"

/* ---- series ---- */

static void read_series(const struct sql_rows *rows, size_t i,
                        struct invoice_series *ret)
{
    *ret = (struct invoice_series){
        .id = {sql_int(rows, i, 0)},
        .code = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .prefix = sql_str(rows, i, 3),
        .credit_prefix = sql_str(rows, i, 4),
        .next = sql_int(rows, i, 5),
        .credit_next = sql_int(rows, i, 6),
        .seller = sql_str(rows, i, 7),
        .version = sql_int(rows, i, 8),
        .created_at = sql_int(rows, i, 9),
    };
}

err_t invoice_series_get(struct ctx *ctx, invoice_series_id id,
                         struct invoice_series *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_INVOICE_SERIES_ROW, args, 1, "invoice series", &rows));
    read_series(&rows, 0, ret);
    return OK;
}

err_t invoice_series_find(struct ctx *ctx, str code, struct invoice_series *ret,
                          bool *found)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code)};
    TRY(sql_list(ctx, SQL_INVOICE_SERIES_BY_CODE, args, 1, &rows));
    *found = rows.count == 1;
    if (*found)
        read_series(&rows, 0, ret);
    return OK;
}

err_t invoice_series_list(struct ctx *ctx, int64_t after, size_t limit,
                          struct invoice_series **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_INVOICE_SERIES_PAGE, args, 2, &rows));
    *ret = arena_array(ctx->arena, struct invoice_series, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_series(&rows, i, &(*ret)[i]);
    return OK;
}

err_t invoice_number(struct ctx *ctx, invoice_series_id series,
                     enum bill_kind kind, int64_t *ret_n, str *ret_number)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(series.v)};
    TRY(sql_list(ctx,
                 kind == BILL_INVOICE ? SQL_INVOICE_NUMBER_TAKE
                                      : SQL_CREDIT_NUMBER_TAKE,
                 args, 1, &rows));
    if (rows.count != 1)
        return fail(ctx, ERR_INTERNAL, "", "the series has no numbers");
    *ret_n = sql_int(&rows, 0, 0) - 1;
    *ret_number = str_printf(ctx->arena, "%.*s-%lld",
                             STR_ARG(sql_str(&rows, 0, 1)), (long long)*ret_n);
    return OK;
}

/* ---- rules ---- */

static void read_rule(const struct sql_rows *rows, size_t i,
                      struct invoice_rule *ret)
{
    *ret = (struct invoice_rule){{sql_int(rows, i, 0)},
                                 {sql_int(rows, i, 1)},
                                 (enum invoice_on)sql_int(rows, i, 2),
                                 sql_int(rows, i, 3)};
}

err_t invoice_rules_all(struct ctx *ctx, struct invoice_rule **ret,
                        size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_INVOICE_RULE_LIST, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct invoice_rule, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_rule(&rows, i, &(*ret)[i]);
    return OK;
}

err_t invoice_rule_get(struct ctx *ctx, channel_id channel,
                       struct invoice_rule *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(channel.v)};
    TRY(sql_list(ctx, SQL_INVOICE_RULE_ROW, args, 1, &rows));
    *ret = (struct invoice_rule){.channel = channel};
    if (rows.count == 1)
        read_rule(&rows, 0, ret);
    return OK;
}

/* ---- invoices ---- */

static void read_invoice(const struct sql_rows *rows, size_t i,
                         struct invoice *ret)
{
    *ret = (struct invoice){
        .id = {sql_int(rows, i, 0)},
        .order = {sql_int(rows, i, 1)},
        .channel = {sql_int(rows, i, 2)},
        .series = {sql_int(rows, i, 3)},
        .number = sql_str(rows, i, 4),
        .state = (enum invoice_state)sql_int(rows, i, 5),
        .tax = sql_int(rows, i, 7),
        .total = sql_int(rows, i, 8),
        .issued_at = sql_int(rows, i, 9),
        .version = sql_int(rows, i, 10),
        .created_at = sql_int(rows, i, 11),
        .updated_at = sql_int(rows, i, 12),
        .doc = sql_str(rows, i, 13),
    };
    str currency = sql_str(rows, i, 6);
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

err_t invoice_get(struct ctx *ctx, invoice_id id, struct invoice *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_INVOICE_ROW, args, 1, "invoice", &rows));
    read_invoice(&rows, 0, ret);
    return OK;
}

err_t invoice_list(struct ctx *ctx, order_id order, invoice_id before,
                   size_t limit, struct invoice **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg all[] = {sql_i(before.v), sql_i((int64_t)limit)};
    struct sql_arg own[] = {sql_i(order.v), sql_i(before.v),
                            sql_i((int64_t)limit)};
    TRY(order.v ? sql_list(ctx, SQL_INVOICE_OF_ORDER, own, 3, &rows)
                : sql_list(ctx, SQL_INVOICE_PAGE, all, 2, &rows));
    *ret = arena_array(ctx->arena, struct invoice, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_invoice(&rows, i, &(*ret)[i]);
    return OK;
}

err_t invoice_insert(struct ctx *ctx, const struct invoice *invoice)
{
    struct sql_arg args[] = {
        sql_i(invoice->id.v),
        sql_i(id_bucket(invoice->id.v)),
        sql_i(invoice->order.v),
        sql_i(invoice->channel.v),
        sql_i(invoice->series.v),
        sql_s_or_null(invoice->number),
        sql_i(invoice->state),
        sql_s(str_from_cstr(invoice->currency)),
        sql_i(invoice->tax),
        sql_i(invoice->total),
        sql_i_or_null(invoice->issued_at),
        sql_i(invoice->version),
        sql_i(invoice->created_at),
        sql_i(invoice->updated_at),
        sql_s(invoice->doc),
    };
    return sql_run(ctx, SQL_INVOICE_ADD, args, COUNT_OF(args), NULL);
}

static err_t saved(struct ctx *ctx, int64_t changed, struct invoice *invoice)
{
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the invoice was changed");
    invoice->version++;
    return OK;
}

err_t invoice_save(struct ctx *ctx, struct invoice *invoice)
{
    int64_t changed;
    struct sql_arg args[] = {
        sql_i(invoice->series.v),   sql_s_or_null(invoice->number),
        sql_i(invoice->state),      sql_i(invoice->tax),
        sql_i(invoice->total),      sql_i_or_null(invoice->issued_at),
        sql_i(invoice->updated_at), sql_s(invoice->doc),
        sql_i(invoice->id.v),       sql_i(invoice->version),
    };
    TRY(sql_run(ctx, SQL_INVOICE_SAVE, args, COUNT_OF(args), &changed));
    return saved(ctx, changed, invoice);
}

err_t invoice_save_state(struct ctx *ctx, struct invoice *invoice)
{
    int64_t changed;
    struct sql_arg args[] = {sql_i(invoice->state), sql_i(ctx->now),
                             sql_i(invoice->id.v), sql_i(invoice->version)};
    TRY(sql_run(ctx, SQL_INVOICE_MOVE, args, COUNT_OF(args), &changed));
    invoice->updated_at = ctx->now;
    return saved(ctx, changed, invoice);
}

/* ---- the ledger of documents ---- */

err_t bill_sums(struct ctx *ctx, order_id order, struct bill_part **ret,
                size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_BILL_PART_SUMS, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct bill_part, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct bill_part){sql_int(&rows, i, 0), sql_int(&rows, i, 1),
                               sql_int(&rows, i, 2), sql_int(&rows, i, 3)};
    return OK;
}
