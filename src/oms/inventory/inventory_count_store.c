/* inventory_count_store.c - rows of counts. */
#include "base/arena.h"
#include "oms/inventory/inventory_count.h"
#include "oms/inventory/inventory_counts_sql.h"
#include "store/sql.h"

enum { LINE_PARAMS = 8 };

static void read_row(const struct sql_rows *rows, size_t i, struct count *ret)
{
    *ret = (struct count){
        .id = {sql_int(rows, i, 0)},
        .location = {sql_int(rows, i, 1)},
        .name = sql_str(rows, i, 2),
        .is_all = sql_int(rows, i, 3) != 0,
        .state = (enum count_state)sql_int(rows, i, 4),
        .version = sql_int(rows, i, 5),
        .created_at = sql_int(rows, i, 6),
        .updated_at = sql_int(rows, i, 7),
    };
}

static err_t row_one(struct ctx *ctx, int stmt, count_id id, struct count *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "count", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

err_t count_get(struct ctx *ctx, count_id id, struct count *ret)
{
    return row_one(ctx, SQL_STOCKTAKE_ROW, id, ret);
}

err_t count_lock(struct ctx *ctx, count_id id, struct count *ret)
{
    return row_one(ctx, SQL_STOCKTAKE_LOCK, id, ret);
}

err_t count_add(struct ctx *ctx, const struct count *row)
{
    struct sql_arg args[] = {sql_i(row->id.v), sql_i(row->location.v),
                             sql_s(row->name), sql_i(row->is_all),
                             sql_i(row->created_at)};
    return sql_run(ctx, SQL_STOCKTAKE_ADD, args, COUNT_OF(args), NULL);
}

err_t count_save(struct ctx *ctx, struct count *row)
{
    struct sql_arg args[] = {sql_i(row->state), sql_i(ctx->now),
                             sql_i(row->id.v), sql_i(row->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_STOCKTAKE_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

err_t count_page(struct ctx *ctx, enum count_state state, count_id after,
                 size_t limit, struct count **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after.v), sql_i(state),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_STOCKTAKE_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct count, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t count_scope_add(struct ctx *ctx, count_id id, const sku_id *skus,
                      size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    for (size_t i = 0; i < count; i++) {
        args[i * 2] = sql_i(id.v);
        args[i * 2 + 1] = sql_i(skus[i].v);
    }
    return sql_run_many(ctx, SQL_STOCKTAKE_SCOPE_ADD, args, 2, count, NULL);
}

err_t count_scope_list(struct ctx *ctx, count_id id, sku_id **ret,
                       size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_STOCKTAKE_SCOPE_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, sku_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t count_line_save(struct ctx *ctx, count_id id,
                      const struct count_line *lines, size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LINE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct count_line *l = &lines[i];
        struct sql_arg *at = &args[i * LINE_PARAMS];
        at[0] = sql_i(id.v);
        at[1] = sql_i(l->sku.v);
        at[2] = sql_i(l->lot.v);
        at[3] = sql_i(l->counted);
        at[4] = sql_i(l->expected);
        at[5] = sql_i(l->counted_at);
        at[6] = sql_i(l->state);
        at[7] = sql_i(l->unclaimed);
    }
    return sql_run_many(ctx, SQL_STOCKTAKE_LINE_SAVE, args, LINE_PARAMS, count,
                        NULL);
}

err_t count_line_list(struct ctx *ctx, count_id id,
                      const struct count_line *after, size_t limit,
                      struct count_line **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_i(after->sku.v),
                             sql_i(after->lot.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_STOCKTAKE_LINE_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct count_line, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct count_line){
            .sku = {sql_int(&rows, i, 0)},
            .lot = {sql_int(&rows, i, 1)},
            .counted = sql_int(&rows, i, 2),
            .expected = sql_int(&rows, i, 3),
            .counted_at = sql_int(&rows, i, 4),
            .state = (enum count_line_state)sql_int(&rows, i, 5),
            .unclaimed = sql_int(&rows, i, 6),
        };
    return OK;
}

err_t count_uncounted(struct ctx *ctx, const struct count *count, sku_id after,
                      size_t limit, struct count_line **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg all[] = {sql_i(count->id.v), sql_i(count->location.v),
                            sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_arg some[] = {sql_i(count->location.v), sql_i(count->id.v),
                             sql_i(after.v), sql_i((int64_t)limit)};
    if (count->is_all)
        TRY(sql_list(ctx, SQL_STOCKTAKE_UNCOUNTED_ALL, all, COUNT_OF(all),
                     &rows));
    else
        TRY(sql_list(ctx, SQL_STOCKTAKE_UNCOUNTED, some, COUNT_OF(some),
                     &rows));
    *ret = arena_array(ctx->arena, struct count_line, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct count_line){.sku = {sql_int(&rows, i, 0)},
                                        .expected = sql_int(&rows, i, 1)};
    return OK;
}
