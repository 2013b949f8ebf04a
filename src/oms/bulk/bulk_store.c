/* bulk_store.c - rows of jobs and their items. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_sql.h"
#include "store/sql.h"

static void read_job(const struct sql_rows *rows, size_t i,
                     struct order_job *ret)
{
    *ret = (struct order_job){
        .id = {sql_int(rows,                  i, 0)},
        .action = (enum bulk_action)sql_int(rows, i, 1),
        .params = sql_str(rows, i, 2),
        .state = (enum order_job_state)sql_int(rows, i, 3),
        .actor = {(enum actor_kind)sql_int(rows, i, 4), sql_int(rows, i, 5)},
        .labels = {sql_int(rows,                            i,                           6)                            },
        .total = sql_int(rows, i, 7),
        .asked = sql_int(rows, i, 8),
        .done = sql_int(rows, i, 9),
        .failed = sql_int(rows, i, 10),
        .version = sql_int(rows, i, 11),
        .created_at = sql_int(rows, i, 12),
        .updated_at = sql_int(rows, i, 13),
    };
}

static err_t job_one(struct ctx *ctx, int stmt, order_job_id id,
                     struct order_job *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "job", &rows));
    read_job(&rows, 0, ret);
    return OK;
}

err_t order_job_get(struct ctx *ctx, order_job_id id, struct order_job *ret)
{
    return job_one(ctx, SQL_ORDER_JOB_ROW, id, ret);
}

err_t order_job_lock(struct ctx *ctx, order_job_id id, struct order_job *ret)
{
    return job_one(ctx, SQL_ORDER_JOB_LOCK, id, ret);
}

err_t order_job_page(struct ctx *ctx, order_job_id before, size_t limit,
                     struct order_job **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(before.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_ORDER_JOB_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct order_job, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_job(&rows, i, &(*ret)[i]);
    return OK;
}

err_t order_job_running(struct ctx *ctx, size_t max, size_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i((int64_t)max)};
    TRY(sql_run(ctx, SQL_ORDER_JOB_GATE, NULL, 0, NULL));
    TRY(sql_list(ctx, SQL_ORDER_JOB_RUNNING, args, COUNT_OF(args), &rows));
    *ret = rows.count;
    return OK;
}

err_t order_job_save(struct ctx *ctx, const struct order_job *job)
{
    struct sql_arg args[] = {
        sql_s(job->params),  sql_i(job->state), sql_i_or_null(job->labels.v),
        sql_i(job->asked),   sql_i(job->done),  sql_i(job->failed),
        sql_i(job->version), sql_i(ctx->now),   sql_i(job->id.v),
    };
    return sql_run(ctx, SQL_ORDER_JOB_SAVE, args, COUNT_OF(args), NULL);
}

err_t order_job_insert(struct ctx *ctx, const struct order_job *job,
                       const order_id *orders)
{
    enum { PARAMS = 3 };
    size_t count = (size_t)job->total;
    struct sql_arg row[] = {
        sql_i(job->id.v),       sql_i(job->action),   sql_s(job->params),
        sql_i(job->actor.kind), sql_i(job->actor.id), sql_i(job->total),
        sql_i(job->created_at),
    };
    TRY(sql_run(ctx, SQL_ORDER_JOB_ADD, row, COUNT_OF(row), NULL));
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(job->id.v);
        args[i * PARAMS + 1] = sql_i((int64_t)i + 1);
        args[i * PARAMS + 2] = sql_i(orders[i].v);
    }
    return sql_run_many(ctx, SQL_ORDER_JOB_ITEM_ADD, args, PARAMS, count, NULL);
}

/* ---- items ---- */

static void read_items(struct ctx *ctx, const struct sql_rows *rows,
                       struct order_job_item **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct order_job_item, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] = (struct order_job_item){
            .job = {sql_int(rows, i, 0)},
            .n = sql_int(rows, i, 1),
            .order = {sql_int(rows, i, 2)},
            .state = (enum order_job_item_state)sql_int(rows, i, 3),
            .code = sql_str(rows, i, 4),
            .field = sql_str(rows, i, 5),
            .detail = sql_str(rows, i, 6),
        };
}

err_t order_job_items(struct ctx *ctx, const struct order_job_item_query *query,
                      struct order_job_item **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg any[] = {sql_i(query->job.v), sql_i(query->after),
                            sql_i((int64_t)query->limit)};
    struct sql_arg some[] = {any[0], any[1], sql_i(query->state), any[2]};
    TRY(query->state ? sql_list(ctx, SQL_ORDER_JOB_ITEM_PAGE_STATE, some,
                                COUNT_OF(some), &rows)
                     : sql_list(ctx, SQL_ORDER_JOB_ITEM_PAGE, any,
                                COUNT_OF(any), &rows));
    read_items(ctx, &rows, ret, ret_count);
    return OK;
}

err_t order_job_next(struct ctx *ctx, size_t limit, struct order_job_item **ret,
                     size_t *ret_count)
{
    struct sql_rows rows;
    *ret_count = 0;
    TRY(sql_list(ctx, SQL_ORDER_JOB_NEXT, NULL, 0, &rows));
    if (rows.count == 0)
        return OK;
    struct order_job_item_query query = {.job = {sql_int(&rows, 0, 0)},
                                         .state = ORDER_JOB_ITEM_WAITING,
                                         .limit = limit};
    return order_job_items(ctx, &query, ret, ret_count);
}

err_t order_job_item_find(struct ctx *ctx, const struct order_job_item *item,
                          enum order_job_item_state state,
                          struct order_job_item *ret, bool *found)
{
    struct order_job_item *rows;
    size_t count;
    struct order_job_item_query query = {
        .job = item->job, .after = item->n - 1, .limit = 1};
    TRY(order_job_items(ctx, &query, &rows, &count));
    ASSERT(count == 1 && rows[0].n == item->n);
    *found = rows[0].state == state;
    *ret = rows[0];
    return OK;
}

err_t order_job_asked(struct ctx *ctx, const int64_t *orders, size_t count,
                      struct order_job_item **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i]);
    TRY(sql_list_distinct(ctx, SQL_ORDER_JOB_ITEM_ASKED, keys, count, &rows));
    read_items(ctx, &rows, ret, ret_count);
    return OK;
}

err_t order_job_item_save(struct ctx *ctx, const struct order_job_item *item)
{
    struct sql_arg args[] = {
        sql_i(item->state),  sql_s(item->code),  sql_s(item->field),
        sql_s(item->detail), sql_i(item->job.v), sql_i(item->n),
    };
    return sql_run(ctx, SQL_ORDER_JOB_ITEM_SAVE, args, COUNT_OF(args), NULL);
}

err_t order_job_remove_old(struct ctx *ctx, utc_ms before, bool *ret_is_removed)
{
    struct sql_rows rows;
    struct sql_arg old[] = {sql_i(before), sql_i(1)};
    TRY(sql_list(ctx, SQL_ORDER_JOB_OLD, old, COUNT_OF(old), &rows));
    *ret_is_removed = rows.count > 0;
    if (rows.count == 0)
        return OK;
    struct sql_arg id[] = {sql_i(sql_int(&rows, 0, 0))};
    TRY(sql_run(ctx, SQL_ORDER_JOB_ITEMS_REMOVE, id, COUNT_OF(id), NULL));
    return sql_run(ctx, SQL_ORDER_JOB_REMOVE, id, COUNT_OF(id), NULL);
}
