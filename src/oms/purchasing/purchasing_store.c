/* purchasing_store.c - rows of purchase orders and their lines. */
#include "oms/purchasing/purchasing_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/purchasing/purchasing_sql.h"
#include "store/sql.h"

enum { LINE_PARAMS = 9 };

static struct purchase_order *read_rows(struct ctx *ctx,
                                        const struct sql_rows *rows)
{
    struct purchase_order *ret =
        arena_array(ctx->arena, struct purchase_order, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        ret[i] = (struct purchase_order){
            .id = {sql_int(rows, i, 0)},
            .number = sql_int(rows, i, 1),
            .supplier = {sql_int(rows, i, 2)},
            .location = {sql_int(rows, i, 3)},
            .total = sql_int(rows, i, 5),
            .note = sql_str(rows, i, 6),
            .status = (enum purchase_status)sql_int(rows, i, 7),
            .sent_at = sql_int(rows, i, 8),
            .version = sql_int(rows, i, 9),
            .created_at = sql_int(rows, i, 10),
            .updated_at = sql_int(rows, i, 11),
        };
        memcpy(ret[i].currency, sql_str(rows, i, 4).ptr, 3);
    }
    return ret;
}

static err_t row_one(struct ctx *ctx, int stmt, purchase_order_id id,
                     struct purchase_order *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "purchase order", &rows));
    *ret = *read_rows(ctx, &rows);
    return OK;
}

err_t purchase_get(struct ctx *ctx, purchase_order_id id,
                   struct purchase_order *ret)
{
    return row_one(ctx, SQL_PURCHASE_ROW, id, ret);
}

err_t purchase_lock(struct ctx *ctx, purchase_order_id id,
                    struct purchase_order *ret)
{
    return row_one(ctx, SQL_PURCHASE_LOCK, id, ret);
}

err_t purchase_page(struct ctx *ctx, const struct purchase_filter *filter,
                    struct purchase_order **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg before = sql_i(filter->before.v);
    struct sql_arg status = sql_i(filter->status);
    struct sql_arg supplier = sql_i(filter->supplier.v);
    struct sql_arg location = sql_i(filter->location.v);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg by_sku[] = {
        sql_i(filter->sku.v), before, status, supplier, location, limit};
    struct sql_arg by_supplier[] = {supplier, before, status, location, limit};
    struct sql_arg by_status[] = {status, before, location, limit};
    struct sql_arg by_location[] = {location, before, limit};
    struct sql_arg all[] = {before, limit};
    if (filter->sku.v != 0)
        TRY(sql_list(ctx, SQL_PURCHASE_PAGE_SKU, by_sku, COUNT_OF(by_sku),
                     &rows));
    else if (filter->supplier.v != 0)
        TRY(sql_list(ctx, SQL_PURCHASE_PAGE_SUPPLIER, by_supplier,
                     COUNT_OF(by_supplier), &rows));
    else if (filter->status != 0)
        TRY(sql_list(ctx, SQL_PURCHASE_PAGE_STATUS, by_status,
                     COUNT_OF(by_status), &rows));
    else if (filter->location.v != 0)
        TRY(sql_list(ctx, SQL_PURCHASE_PAGE_LOCATION, by_location,
                     COUNT_OF(by_location), &rows));
    else
        TRY(sql_list(ctx, SQL_PURCHASE_PAGE, all, COUNT_OF(all), &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t purchase_number(struct ctx *ctx, int64_t *ret)
{
    struct sql_rows rows;
    int64_t changed;
    TRY(sql_run(ctx, SQL_PURCHASE_NUMBER_NEXT, NULL, 0, &changed));
    if (changed == 0) {
        TRY(sql_run(ctx, SQL_PURCHASE_NUMBER_FIRST, NULL, 0, NULL));
        TRY(sql_run(ctx, SQL_PURCHASE_NUMBER_NEXT, NULL, 0, NULL));
    }
    TRY(sql_list(ctx, SQL_PURCHASE_NUMBER_LAST, NULL, 0, &rows));
    ASSERT(rows.count == 1);
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t purchase_add(struct ctx *ctx, const struct purchase_order *row)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_i(row->number),
        sql_i(row->supplier.v),
        sql_i(row->location.v),
        sql_s(str_from_cstr(row->currency)),
        sql_i(row->total),
        sql_s(row->note),
        sql_i(row->created_at),
    };
    return sql_run(ctx, SQL_PURCHASE_ADD, args, COUNT_OF(args), NULL);
}

err_t purchase_save(struct ctx *ctx, struct purchase_order *row)
{
    struct sql_arg args[] = {
        sql_i(row->location.v), sql_i(row->total),           sql_s(row->note),
        sql_i(row->status),     sql_i_or_null(row->sent_at), sql_i(ctx->now),
        sql_i(row->id.v),       sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PURCHASE_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

/* ---- lines ---- */

/* As pages of orders are: the newest first. */
static int compare_lines(const void *a, const void *b)
{
    const struct purchase_line *x = a, *y = b;
    if (x->order.v != y->order.v)
        return x->order.v > y->order.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

err_t purchase_line_list(struct ctx *ctx, const purchase_order_id *ids,
                         size_t count, struct purchase_line **ret,
                         size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_PURCHASE_LINE_LIST, keys, count, &rows));
    struct purchase_line *lines =
        arena_array(ctx->arena, struct purchase_line, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        lines[i] = (struct purchase_line){
            .order = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
            .unit_cost = sql_int(&rows, i, 4),
            .supplier_sku = sql_str(&rows, i, 5),
            .expected_at = sql_int(&rows, i, 6),
            .received = sql_int(&rows, i, 7),
            .supply = {sql_int(&rows, i, 8)},
        };
    if (rows.count > 1)
        qsort(lines, rows.count, sizeof *lines, compare_lines);
    *ret = lines;
    *ret_count = rows.count;
    return OK;
}

err_t purchase_line_save(struct ctx *ctx, const struct purchase_line *lines,
                         size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LINE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct purchase_line *l = &lines[i];
        struct sql_arg *at = &args[i * LINE_PARAMS];
        at[0] = sql_i(l->order.v);
        at[1] = sql_i(l->n);
        at[2] = sql_i(l->sku.v);
        at[3] = sql_i(l->qty);
        at[4] = sql_i(l->unit_cost);
        at[5] = sql_s_or_null(l->supplier_sku);
        at[6] = sql_i_or_null(l->expected_at);
        at[7] = sql_i(l->received);
        at[8] = sql_i(l->supply.v);
    }
    return sql_run_many(ctx, SQL_PURCHASE_LINE_SAVE, args, LINE_PARAMS, count,
                        NULL);
}

err_t purchase_line_drop(struct ctx *ctx, purchase_order_id id, int64_t n)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(n)};
    return sql_run(ctx, SQL_PURCHASE_LINE_DROP, args, COUNT_OF(args), NULL);
}

static int compare_ids(const void *a, const void *b)
{
    const purchase_order_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

err_t purchase_of_receipts(struct ctx *ctx, const int64_t *receipts,
                           size_t count, purchase_order_id **ret,
                           size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(receipts[i]);
    TRY(sql_list_distinct(ctx, SQL_PURCHASE_OF_RECEIPT, keys, count, &rows));
    purchase_order_id *ids =
        arena_array(ctx->arena, purchase_order_id, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        ids[i].v = sql_int(&rows, i, 0);
    if (rows.count > 1)
        qsort(ids, rows.count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < rows.count; i++)
        if (n == 0 || ids[n - 1].v != ids[i].v)
            ids[n++] = ids[i];
    *ret = ids;
    *ret_count = n;
    return OK;
}
