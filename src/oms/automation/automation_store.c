/* automation_store.c - tasks as rows, and the events that tell of them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/automation/automation_sql.h"
#include "oms/automation/automation_task.h"
#include "oms/subject.h"
#include "store/event.h"
#include "store/sql.h"

static struct task *read_rows(struct ctx *ctx, const struct sql_rows *rows)
{
    struct task *ret = arena_array(ctx->arena, struct task, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        ret[i] = (struct task){
            .id = {sql_int(rows, i, 0)},
            .kind = sql_str(rows, i, 1),
            .subject_kind = sql_str(rows, i, 2),
            .subject_id = sql_int(rows, i, 3),
            .order = {sql_int(rows, i, 4)},
            .state = (enum task_state)sql_int(rows, i, 5),
            .owner_role = sql_str(rows, i, 6),
            .owner_user = {sql_int(rows, i, 7)},
            .due_at = sql_int(rows, i, 8),
            .event_id = sql_int(rows, i, 9),
            .times = sql_int(rows, i, 10),
            .resolution = (enum task_resolution)sql_int(rows, i, 11),
            .note = sql_str(rows, i, 12),
            .opened_at = sql_int(rows, i, 13),
            .updated_at = sql_int(rows, i, 14),
            .resolved_at = sql_int(rows, i, 15),
            .version = sql_int(rows, i, 16),
        };
    return ret;
}

static err_t get(struct ctx *ctx, int stmt, task_id id, struct task *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no task with this id");
    *ret = *read_rows(ctx, &rows);
    return OK;
}

err_t task_get(struct ctx *ctx, task_id id, struct task *ret)
{
    return get(ctx, SQL_TASK_GET, id, ret);
}

err_t task_lock(struct ctx *ctx, task_id id, struct task *ret)
{
    ASSERT(ctx->tx != NULL);
    return get(ctx, SQL_TASK_LOCK, id, ret);
}

err_t task_list_open(struct ctx *ctx, const int64_t *subjects, size_t count,
                     struct task **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(subjects[i]);
    TRY(sql_list_distinct(ctx, SQL_TASK_LIST_OPEN, keys, count, &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

static err_t page_open(struct ctx *ctx, const struct task_filter *f,
                       struct sql_rows *ret)
{
    struct task last = {.due_at = INT64_MIN};
    if (f->after.v)
        TRY(task_get(ctx, f->after, &last));
    struct sql_arg args[] = {
        sql_i(last.due_at),
        sql_i(last.id.v),
        sql_i(f->due_before ? f->due_before : INT64_MAX),
        sql_s(f->kind),
        sql_s(f->owner_role),
        sql_i(f->owner_user.v),
        sql_i(f->order.v),
        sql_i((int64_t)f->limit),
    };
    return sql_list(ctx, SQL_TASK_PAGE_OPEN, args, COUNT_OF(args), ret);
}

static err_t page_newest(struct ctx *ctx, const struct task_filter *f,
                         struct sql_rows *ret)
{
    struct sql_arg args[] = {
        sql_i(f->order.v),
        sql_i(f->after.v ? f->after.v : INT64_MAX),
        sql_i(f->state),
        sql_i(f->due_before ? f->due_before : INT64_MAX),
        sql_s(f->kind),
        sql_s(f->owner_role),
        sql_i(f->owner_user.v),
        sql_i((int64_t)f->limit),
    };
    /* The statement for any order begins with the second of these. */
    if (f->order.v)
        return sql_list(ctx, SQL_TASK_PAGE_ORDER, args, COUNT_OF(args), ret);
    return sql_list(ctx, SQL_TASK_PAGE, args + 1, COUNT_OF(args) - 1, ret);
}

err_t task_page(struct ctx *ctx, const struct task_filter *filter,
                struct task **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(filter->state == TASK_OPEN ? page_open(ctx, filter, &rows)
                                   : page_newest(ctx, filter, &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t task_insert(struct ctx *ctx, const struct task *task)
{
    struct sql_arg args[] = {
        sql_i(task->id.v),         sql_i(id_bucket(task->id.v)),
        sql_s(task->kind),         sql_s(task->subject_kind),
        sql_i(task->subject_id),   sql_i(task->order.v),
        sql_i(task->state),        sql_s(task->owner_role),
        sql_i(task->owner_user.v), sql_i(task->due_at),
        sql_i(task->event_id),     sql_i(task->times),
        sql_i(task->resolution),   sql_s(task->note),
        sql_i(task->opened_at),    sql_i(task->updated_at),
        sql_i(task->resolved_at),  sql_i(task->version),
    };
    return sql_run(ctx, SQL_TASK_ADD, args, COUNT_OF(args), NULL);
}

err_t task_save(struct ctx *ctx, struct task *task)
{
    task->updated_at = ctx->now;
    struct sql_arg args[] = {
        sql_i(task->state),  sql_s(task->owner_role), sql_i(task->owner_user.v),
        sql_i(task->due_at), sql_i(task->times),      sql_i(task->resolution),
        sql_s(task->note),   sql_i(task->updated_at), sql_i(task->resolved_at),
        sql_i(task->id.v),   sql_i(task->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_TASK_SAVE, args, COUNT_OF(args), &changed));
    task->version += 1;
    return changed == 1 ? OK : ERR_RETRY;
}

err_t task_tell(struct ctx *ctx, const char *type, const struct task *task)
{
    struct buf buf;
    struct json_out out;
    const char *prefix = subject_prefix(task->subject_kind);
    ASSERT(prefix);
    buf_init(&buf, ctx->arena, LIMIT_EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "kind", task->kind);
    json_put_id(&out, "subject", prefix, task->subject_id);
    if (task->order.v)
        json_put_id(&out, "order_id", "ord", task->order.v);
    json_put_cstr(&out, "state", task_state_name(task->state));
    json_put_str(&out, "owner_role", task->owner_role);
    if (task->owner_user.v)
        json_put_id(&out, "owner_user", "usr", task->owner_user.v);
    json_put_time(&out, "due_at", task->due_at);
    json_put_i64(&out, "times", task->times);
    if (task->state == TASK_RESOLVED)
        json_put_cstr(&out, "resolution",
                      task_resolution_name(task->resolution));
    json_put_i64(&out, "version", task->version);
    json_end_object(&out);
    return event_add(ctx, type, "task", task->id.v, buf_str(&buf), NULL);
}
