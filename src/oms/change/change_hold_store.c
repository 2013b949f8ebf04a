/* change_hold_store.c - holds of orders as rows. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_hold.h"
#include "oms/change/change_hold_sql.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t i,
                     struct order_hold *ret)
{
    *ret = (struct order_hold){
        .id = {sql_int(rows, i, 0)},
        .order = {sql_int(rows, i, 1)},
        .line = sql_int(rows, i, 2),
        .state = (enum order_hold_state)sql_int(rows, i, 3),
        .reason = (enum order_hold_reason)sql_int(rows, i, 4),
        .note = sql_str(rows, i, 5),
        .until = sql_int(rows, i, 6),
        .version = sql_int(rows, i, 7),
        .created_at = sql_int(rows, i, 8),
        .updated_at = sql_int(rows, i, 9),
    };
    ret->actor.kind = (enum actor_kind)sql_int(rows, i, 10);
    ret->actor.id = sql_int(rows, i, 11);
}

err_t order_hold_get(struct ctx *ctx, order_hold_id id, struct order_hold *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_ORDER_HOLD_ROW, args, 1, "hold", &rows));
    from_row(&rows, 0, ret);
    return OK;
}

static err_t list(struct ctx *ctx, int stmt, const struct sql_arg *args,
                  size_t arg_count, struct order_hold **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, arg_count, &rows));
    *ret = arena_array(ctx->arena, struct order_hold, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        from_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t order_hold_list(struct ctx *ctx, order_id id, struct order_hold **ret,
                      size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id.v)};
    return list(ctx, SQL_ORDER_HOLD_OF_ORDER, args, 1, ret, ret_count);
}

err_t order_hold_page(struct ctx *ctx, const struct order_hold_query *query,
                      struct order_hold **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(query->state), sql_i(query->after.v),
                             sql_i((int64_t)query->limit)};
    return list(ctx, SQL_ORDER_HOLD_PAGE, args, COUNT_OF(args), ret, ret_count);
}

err_t order_hold_insert(struct ctx *ctx, const struct order_hold *hold)
{
    struct sql_arg args[] = {
        sql_i(hold->id.v),          sql_i(id_bucket(hold->id.v)),
        sql_i(hold->order.v),       sql_i(hold->line),
        sql_i(hold->reason),        sql_s_or_null(hold->note),
        sql_i_or_null(hold->until), sql_i(ctx->now),
        sql_i(hold->actor.kind),    sql_i(hold->actor.id),
    };
    return sql_run(ctx, SQL_ORDER_HOLD_INSERT, args, COUNT_OF(args), NULL);
}

err_t order_hold_update(struct ctx *ctx, struct order_hold *hold)
{
    struct sql_arg args[] = {sql_i(hold->state), sql_i(ctx->now),
                             sql_i(hold->id.v), sql_i(hold->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_ORDER_HOLD_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the hold was changed");
    hold->version++;
    hold->updated_at = ctx->now;
    return OK;
}

err_t order_hold_due(struct ctx *ctx, size_t limit, order_hold_id **ret,
                     size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_ORDER_HOLD_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, order_hold_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t order_hold_next_due(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_HOLD_NEXT_DUE, NULL, 0, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}
