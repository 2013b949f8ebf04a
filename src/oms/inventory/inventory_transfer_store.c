/* inventory_transfer_store.c - rows of transfers, their lines and lots. */
#include "oms/inventory/inventory_transfer_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "oms/inventory/inventory_transfers_sql.h"
#include "store/sql.h"

enum { LINE_PARAMS = 9, LOT_PARAMS = 5 };

static void read_row(const struct sql_rows *rows, size_t i,
                     struct transfer *ret)
{
    *ret = (struct transfer){
        .id = {sql_int(rows, i, 0)},
        .from = {sql_int(rows, i, 1)},
        .to = {sql_int(rows, i, 2)},
        .reference = sql_str(rows, i, 3),
        .state = (enum transfer_state)sql_int(rows, i, 4),
        .expected_at = sql_int(rows, i, 5),
        .version = sql_int(rows, i, 6),
        .created_at = sql_int(rows, i, 7),
        .updated_at = sql_int(rows, i, 8),
    };
}

static err_t row_one(struct ctx *ctx, int stmt, transfer_id id,
                     struct transfer *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "transfer", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

err_t transfer_get(struct ctx *ctx, transfer_id id, struct transfer *ret)
{
    return row_one(ctx, SQL_TRANSFER_ROW, id, ret);
}

err_t transfer_lock(struct ctx *ctx, transfer_id id, struct transfer *ret)
{
    return row_one(ctx, SQL_TRANSFER_LOCK, id, ret);
}

err_t transfer_page(struct ctx *ctx, enum transfer_state state,
                    transfer_id before, size_t limit, struct transfer **ret,
                    size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(state), sql_i(before.v),
                             sql_i((int64_t)limit)};
    if (state)
        TRY(sql_list(ctx, SQL_TRANSFER_PAGE_STATE, args, 3, &rows));
    else
        TRY(sql_list(ctx, SQL_TRANSFER_PAGE, &args[1], 2, &rows));
    *ret = arena_array(ctx->arena, struct transfer, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t transfer_add(struct ctx *ctx, const struct transfer *row)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_i(row->from.v),
        sql_i(row->to.v),
        sql_s(row->reference),
        sql_i_or_null(row->expected_at),
        sql_i(row->created_at),
    };
    return sql_run(ctx, SQL_TRANSFER_ADD, args, COUNT_OF(args), NULL);
}

err_t transfer_save(struct ctx *ctx, struct transfer *row)
{
    struct sql_arg args[] = {
        sql_s(row->reference),
        sql_i(row->state),
        sql_i_or_null(row->expected_at),
        sql_i(ctx->now),
        sql_i(row->id.v),
        sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_TRANSFER_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

/* ---- lines ---- */

/* As pages of transfers are: the newest first. */
static int compare_lines(const void *a, const void *b)
{
    const struct transfer_line *x = a, *y = b;
    if (x->transfer.v != y->transfer.v)
        return x->transfer.v > y->transfer.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static err_t list_of(struct ctx *ctx, int stmt, const transfer_id *ids,
                     size_t count, struct sql_rows *ret)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    return sql_list_distinct(ctx, stmt, keys, count, ret);
}

err_t transfer_line_list(struct ctx *ctx, const transfer_id *ids, size_t count,
                         struct transfer_line **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(list_of(ctx, SQL_TRANSFER_LINE_LIST, ids, count, &rows));
    struct transfer_line *lines =
        arena_array(ctx->arena, struct transfer_line, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        lines[i] = (struct transfer_line){
            .transfer = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
            .shipped = sql_int(&rows, i, 4),
            .received = sql_int(&rows, i, 5),
            .damaged = sql_int(&rows, i, 6),
            .lost = sql_int(&rows, i, 7),
            .supply = {sql_int(&rows, i, 8)},
        };
    if (rows.count > 1)
        qsort(lines, rows.count, sizeof *lines, compare_lines);
    *ret = lines;
    *ret_count = rows.count;
    return OK;
}

err_t transfer_line_save(struct ctx *ctx, const struct transfer_line *lines,
                         size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LINE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct transfer_line *l = &lines[i];
        struct sql_arg *at = &args[i * LINE_PARAMS];
        at[0] = sql_i(l->transfer.v);
        at[1] = sql_i(l->n);
        at[2] = sql_i(l->sku.v);
        at[3] = sql_i(l->qty);
        at[4] = sql_i(l->shipped);
        at[5] = sql_i(l->received);
        at[6] = sql_i(l->damaged);
        at[7] = sql_i(l->lost);
        at[8] = sql_i(l->supply.v);
    }
    return sql_run_many(ctx, SQL_TRANSFER_LINE_SAVE, args, LINE_PARAMS, count,
                        NULL);
}

err_t transfer_line_drop(struct ctx *ctx, transfer_id id, int64_t n)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(n)};
    return sql_run(ctx, SQL_TRANSFER_LINE_DROP, args, COUNT_OF(args), NULL);
}

err_t transfer_is_moving(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(sku.v)};
    TRY(sql_list(ctx, SQL_TRANSFER_IN_TRANSIT, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

/* ---- lots and numbered units ---- */

static int compare_lots(const void *a, const void *b)
{
    const struct transfer_lot *x = a, *y = b;
    if (x->transfer.v != y->transfer.v)
        return x->transfer.v > y->transfer.v ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->lot.v > y->lot.v) - (x->lot.v < y->lot.v);
}

err_t transfer_lot_list(struct ctx *ctx, const transfer_id *ids, size_t count,
                        struct transfer_lot **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(list_of(ctx, SQL_TRANSFER_LOT_LIST, ids, count, &rows));
    struct transfer_lot *lots =
        arena_array(ctx->arena, struct transfer_lot, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        lots[i] = (struct transfer_lot){
            .transfer = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .lot = {sql_int(&rows, i, 2)},
            .shipped = sql_int(&rows, i, 3),
            .received = sql_int(&rows, i, 4),
        };
    if (rows.count > 1)
        qsort(lots, rows.count, sizeof *lots, compare_lots);
    *ret = lots;
    *ret_count = rows.count;
    return OK;
}

err_t transfer_lot_save(struct ctx *ctx, const struct transfer_lot *lots,
                        size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOT_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * LOT_PARAMS];
        at[0] = sql_i(lots[i].transfer.v);
        at[1] = sql_i(lots[i].n);
        at[2] = sql_i(lots[i].lot.v);
        at[3] = sql_i(lots[i].shipped);
        at[4] = sql_i(lots[i].received);
    }
    return sql_run_many(ctx, SQL_TRANSFER_LOT_SAVE, args, LOT_PARAMS, count,
                        NULL);
}

err_t transfer_units_lost(struct ctx *ctx, const struct transfer_line *lines,
                          size_t count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    for (size_t i = 0; i < count; i++) {
        args[i * 2] = sql_i(lines[i].sku.v);
        args[i * 2 + 1] = sql_i(lines[i].transfer.v);
    }
    return sql_run_many(ctx, SQL_TRANSFER_UNITS_LOST, args, 2, count, NULL);
}
