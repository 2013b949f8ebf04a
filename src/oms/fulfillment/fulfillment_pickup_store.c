/* fulfillment_pickup_store.c - rows of pickups. */
#include "oms/fulfillment/fulfillment_pickup_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "store/sql.h"

static void read_row(const struct sql_rows *rows, size_t i, struct pickup *ret)
{
    *ret = (struct pickup){
        .id = {sql_int(rows, i, 0)},
        .fo = {sql_int(rows, i, 1)},
        .order = {sql_int(rows, i, 2)},
        .location = {sql_int(rows, i, 3)},
        .state = (enum pickup_state)sql_int(rows, i, 4),
        .code = sql_str(rows, i, 5),
        .tries = sql_int(rows, i, 6),
        .ready_at = sql_int(rows, i, 7),
        .expires_at = sql_int(rows, i, 8),
        .ended_at = sql_int(rows, i, 9),
        .version = sql_int(rows, i, 10),
        .created_at = sql_int(rows, i, 11),
        .updated_at = sql_int(rows, i, 12),
    };
}

static err_t row_one(struct ctx *ctx, int stmt, int64_t key, struct pickup *ret,
                     bool *ret_found)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(key)};
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    *ret_found = rows.count > 0;
    if (*ret_found)
        read_row(&rows, 0, ret);
    return OK;
}

static err_t row_must(struct ctx *ctx, int stmt, pickup_id id,
                      struct pickup *ret)
{
    bool found;
    TRY(row_one(ctx, stmt, id.v, ret, &found));
    if (!found)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such pickup");
    return OK;
}

err_t pickup_get(struct ctx *ctx, pickup_id id, struct pickup *ret)
{
    return row_must(ctx, SQL_PICKUP_ROW, id, ret);
}

err_t pickup_lock(struct ctx *ctx, pickup_id id, struct pickup *ret)
{
    return row_must(ctx, SQL_PICKUP_LOCK, id, ret);
}

err_t pickup_lock_fo(struct ctx *ctx, fulfillment_order_id fo,
                     struct pickup *ret, bool *ret_found)
{
    return row_one(ctx, SQL_PICKUP_LOCK_FO, fo.v, ret, ret_found);
}

err_t pickup_page(struct ctx *ctx, const struct pickup_filter *filter,
                  struct pickup **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg after = sql_i(filter->after.v);
    struct sql_arg state = sql_i(filter->state);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg all[] = {after, state, limit};
    struct sql_arg there[] = {sql_i(filter->location.v), after, state, limit};
    struct sql_arg order[] = {sql_i(filter->order.v), after, limit};
    if (filter->order.v != 0)
        TRY(sql_list(ctx, SQL_PICKUP_PAGE_ORDER, order, COUNT_OF(order),
                     &rows));
    else if (filter->location.v != 0)
        TRY(sql_list(ctx, SQL_PICKUP_PAGE_LOCATION, there, COUNT_OF(there),
                     &rows));
    else
        TRY(sql_list(ctx, SQL_PICKUP_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct pickup, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t pickup_add(struct ctx *ctx, const struct pickup *row, bool *ret_added)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),       sql_i(id_bucket(row->id.v)),
        sql_i(row->fo.v),       sql_i(row->order.v),
        sql_i(row->location.v), sql_i(row->created_at),
        sql_i(row->updated_at)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_PICKUP_ADD, args, COUNT_OF(args), &changed));
    *ret_added = changed == 1;
    return OK;
}

err_t pickup_save(struct ctx *ctx, struct pickup *row)
{
    struct sql_arg args[] = {
        sql_i(row->location.v),
        sql_i(row->state),
        sql_s_or_null(row->code),
        sql_i(row->tries),
        sql_i_or_null(row->ready_at),
        sql_i_or_null(row->expires_at),
        sql_i_or_null(row->ended_at),
        sql_i(ctx->now),
        sql_i(row->id.v),
        sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PICKUP_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

err_t pickup_list_due(struct ctx *ctx, size_t limit, pickup_id **ret,
                      size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_PICKUP_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, pickup_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t pickup_next_expiry(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_PICKUP_NEXT, NULL, 0, &rows));
    *ret = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}
