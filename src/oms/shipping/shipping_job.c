/* shipping_job.c - labels in bulk, item by item. */
#include "oms/shipping/shipping_job_store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/shipping/shipping_job_sql.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_order.h"
#include "store/epoch.h"
#include "store/event.h"
#include "store/sql.h"

/* ---- rows ---- */

static void read_job(const struct sql_rows *rows, size_t i, struct job *ret)
{
    *ret = (struct job){
        .id = {sql_int(rows, i, 0)},
        .state = (enum job_state)sql_int(rows, i, 1),
        .account = sql_str(rows, i, 2),
        .service = sql_str(rows, i, 3),
        .total = sql_int(rows, i, 4),
        .asked = sql_int(rows, i, 5),
        .bought = sql_int(rows, i, 6),
        .refused = sql_int(rows, i, 7),
        .version = sql_int(rows, i, 8),
        .created_at = sql_int(rows, i, 9),
        .updated_at = sql_int(rows, i, 10),
        .is_open = sql_int(rows, i, 11) != 0,
    };
}

static err_t job_one(struct ctx *ctx, int stmt, label_job_id id,
                     struct job *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "job", &rows));
    read_job(&rows, 0, ret);
    return OK;
}

err_t job_get(struct ctx *ctx, label_job_id id, struct job *ret)
{
    return job_one(ctx, SQL_JOB_ROW, id, ret);
}

err_t job_page(struct ctx *ctx, label_job_id after, size_t limit,
               struct job **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_JOB_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct job, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_job(&rows, i, &(*ret)[i]);
    return OK;
}

static err_t items(struct ctx *ctx, int stmt, const struct sql_arg *args,
                   size_t arg_count, struct job_item **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, arg_count, &rows));
    *ret = arena_array(ctx->arena, struct job_item, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct job_item){
            .job = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .fo = {sql_int(&rows, i, 2)},
            .package = {sql_int(&rows, i, 3)},
            .state = (enum job_item_state)sql_int(&rows, i, 4),
            .code = sql_str(&rows, i, 5),
            .field = sql_str(&rows, i, 6),
            .detail = sql_str(&rows, i, 7),
        };
    return OK;
}

err_t job_item_page(struct ctx *ctx, label_job_id id, int64_t after,
                    size_t limit, struct job_item **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(after), sql_i((int64_t)limit)};
    return items(ctx, SQL_JOB_ITEM_PAGE, args, COUNT_OF(args), ret, ret_count);
}

err_t job_bought_page(struct ctx *ctx, label_job_id id, int64_t after,
                      size_t limit, struct job_item **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(after), sql_i((int64_t)limit)};
    return items(ctx, SQL_JOB_BOUGHT_PAGE, args, COUNT_OF(args), ret,
                 ret_count);
}

static err_t save_item(struct ctx *ctx, const struct job_item *item)
{
    struct sql_arg args[] = {
        sql_i_or_null(item->package.v),
        sql_i(item->state),
        sql_s(item->code),
        sql_s(item->field),
        sql_s(item->detail),
        sql_i(item->job.v),
        sql_i(item->n),
    };
    return sql_run(ctx, SQL_JOB_ITEM_SAVE, args, COUNT_OF(args), NULL);
}

/* Progress raises no version: only its beginning and end have their event. */
static err_t save_job(struct ctx *ctx, const struct job *job)
{
    struct sql_arg args[] = {
        sql_i(job->state),   sql_i(job->total),   sql_i(job->asked),
        sql_i(job->bought),  sql_i(job->refused), sql_i(ctx->now),
        sql_i(job->version), sql_i(job->is_open), sql_i(job->id.v),
    };
    return sql_run(ctx, SQL_JOB_SAVE, args, COUNT_OF(args), NULL);
}

static err_t tell(struct ctx *ctx, const char *type, const struct job *job)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "total", job->total);
    json_put_i64(&out, "bought", job->bought);
    json_put_i64(&out, "refused", job->refused);
    json_put_i64(&out, "version", job->version);
    json_end_object(&out);
    return event_add(ctx, type, "label_job", job->id.v, buf_str(&buf), NULL);
}

/* ---- commands ---- */

/* From number `first` on. */
static err_t add_items(struct ctx *ctx, label_job_id id, int64_t first,
                       const struct job_cmd *cmd)
{
    enum { PARAMS = 5 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, cmd->count * PARAMS);
    for (size_t i = 0; i < cmd->count; i++) {
        struct sql_arg *at = &args[i * PARAMS];
        at[0] = sql_i(id.v);
        at[1] = sql_i(first + (int64_t)i);
        at[2] = sql_i_or_null(cmd->fos ? cmd->fos[i].v : 0);
        at[3] = sql_i_or_null(cmd->packages ? cmd->packages[i].v : 0);
        at[4] = sql_i(JOB_ITEM_WAITING);
    }
    return sql_run_many(ctx, SQL_JOB_ITEM_ADD, args, PARAMS, cmd->count, NULL);
}

err_t job_create(struct ctx *ctx, const struct job_cmd *cmd, label_job_id *ret)
{
    struct job job = {.id = {id_next(ctx->ids, ctx->now, 0)},
                      .state = JOB_RUNNING,
                      .total = (int64_t)cmd->count,
                      .version = 1};
    struct sql_arg row[] = {sql_i(job.id.v),     sql_s(cmd->account),
                            sql_s(cmd->service), sql_i(job.total),
                            sql_i(cmd->is_open), sql_i(ctx->now)};
    ASSERT(cmd->count > 0 && cmd->count <= LIMIT_JOB_ITEMS);
    TRY(sql_run(ctx, SQL_JOB_ADD, row, COUNT_OF(row), NULL));
    TRY(add_items(ctx, job.id, 1, cmd));
    *ret = job.id;
    return tell(ctx, "label_job.created", &job);
}

/* Nothing waits and nothing is asked any more. */
static err_t settle(struct ctx *ctx, struct job *job)
{
    ASSERT(job->bought + job->refused <= job->total);
    if (job->state != JOB_RUNNING || job->is_open ||
        job->bought + job->refused < job->total)
        return save_job(ctx, job);
    job->state = JOB_DONE;
    job->version++;
    TRY(save_job(ctx, job));
    return tell(ctx, "label_job.done", job);
}

err_t job_close(struct ctx *ctx, label_job_id id)
{
    struct job job;
    TRY(job_one(ctx, SQL_JOB_LOCK, id, &job));
    job.is_open = false;
    return settle(ctx, &job);
}

static err_t check_running(struct ctx *ctx, const struct job *job)
{
    if (job->state != JOB_RUNNING)
        return fail_as(ctx, ERR_STATE, "job_over", "", "the job is over");
    return OK;
}

err_t job_cancel(struct ctx *ctx, label_job_id id, int64_t version)
{
    struct job job;
    TRY(job_one(ctx, SQL_JOB_LOCK, id, &job));
    TRY(check_version(ctx, version, job.version));
    TRY(check_running(ctx, &job));
    job.state = JOB_CANCELLED;
    job.version++;
    TRY(save_job(ctx, &job));
    return tell(ctx, "label_job.cancelled", &job);
}

err_t shipping_label_state(struct ctx *ctx, label_job_id job, order_id order,
                           struct label_order_state *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(job.v), sql_i(order.v)};
    TRY(sql_list(ctx, SQL_JOB_ORDER_STATES, args, COUNT_OF(args), &rows));
    *ret = (struct label_order_state){.pending = (size_t)sql_int(&rows, 0, 0),
                                      .refused = (size_t)sql_int(&rows, 0, 1)};
    return OK;
}

err_t job_note(struct ctx *ctx, label_job_id id, package_id package,
               bool is_bought, str field, str detail)
{
    struct job job;
    struct job_item *rows;
    size_t count;
    struct sql_arg args[] = {sql_i(id.v), sql_i(package.v)};
    TRY(job_one(ctx, SQL_JOB_LOCK, id, &job));
    TRY(items(ctx, SQL_JOB_ITEM_OF_PACKAGE, args, COUNT_OF(args), &rows,
              &count));
    if (count == 0)
        return OK;
    rows[0].state = is_bought ? JOB_ITEM_BOUGHT : JOB_ITEM_REFUSED;
    rows[0].code = !is_bought  ? STR("label_refused")
                   : field.len ? STR("label_unreadable")
                               : STR("");
    rows[0].field = field;
    rows[0].detail = detail;
    TRY(save_item(ctx, &rows[0]));
    job.bought += is_bought;
    job.refused += !is_bought;
    return settle(ctx, &job);
}

/* ---- items ---- */

err_t job_next(struct ctx *ctx, size_t limit, struct job_item **ret,
               size_t *ret_count)
{
    bool is_paused;
    struct sql_arg args[] = {sql_i((int64_t)limit)};
    *ret_count = 0;
    TRY(outbound_is_paused(ctx, &is_paused));
    if (is_paused)
        return OK;
    return items(ctx, SQL_JOB_NEXT, args, COUNT_OF(args), ret, ret_count);
}

/* The item as it is now, its job locked; false where it waits no more. */
static err_t lock(struct ctx *ctx, const struct job_item *item,
                  struct job *ret_job, struct job_item *ret, bool *ret_waits)
{
    struct job_item *rows;
    size_t count;
    struct sql_arg args[] = {sql_i(item->job.v), sql_i(item->n)};
    TRY(job_one(ctx, SQL_JOB_LOCK, item->job, ret_job));
    TRY(items(ctx, SQL_JOB_ITEM_ROW, args, COUNT_OF(args), &rows, &count));
    *ret_waits = count == 1 && rows[0].state == JOB_ITEM_WAITING &&
                 ret_job->state == JOB_RUNNING;
    if (*ret_waits)
        *ret = rows[0];
    return OK;
}

static err_t want(struct ctx *ctx, const struct job *job, package_id package)
{
    struct label_cmd cmd = {.package = package,
                            .account = job->account,
                            .service = job->service,
                            .job_id = job->id.v};
    return label_want(ctx, &cmd);
}

/* Parcels of a fulfillment order beyond the first are items of their own. */
static err_t add_more(struct ctx *ctx, struct job *job,
                      const struct job_item *item, const package_id *ids,
                      size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sql_arg args[] = {
            sql_i(job->id.v), sql_i(++job->total),     sql_i(item->fo.v),
            sql_i(ids[i].v),  sql_i(JOB_ITEM_WAITING),
        };
        TRY(sql_run_many(ctx, SQL_JOB_ITEM_ADD, args, COUNT_OF(args), 1, NULL));
    }
    return OK;
}

err_t job_item_run(struct ctx *ctx, const struct job_item *item)
{
    struct job job;
    struct job_item now;
    bool waits;
    TRY(lock(ctx, item, &job, &now, &waits));
    if (!waits)
        return OK;
    if (now.package.v == 0) {
        package_id *ids;
        size_t count;
        TRY(shipping_pack_fo(ctx, now.fo, &ids, &count));
        now.package = ids[0];
        TRY(add_more(ctx, &job, &now, ids, count));
    }
    TRY(want(ctx, &job, now.package));
    now.state = JOB_ITEM_ASKED;
    TRY(save_item(ctx, &now));
    job.asked++;
    return save_job(ctx, &job);
}

err_t job_take(struct ctx *ctx, const struct job_cmd *cmd, label_job_id *id,
               size_t *ret_asked)
{
    struct job job;
    struct job_item item = {.n = 1};
    ASSERT(cmd->count == 1);
    if (id->v == 0) {
        struct job_cmd first = *cmd;
        first.is_open = true;
        TRY(job_create(ctx, &first, id));
    } else {
        TRY(job_one(ctx, SQL_JOB_LOCK, *id, &job));
        TRY(check_running(ctx, &job));
        item.n = ++job.total;
        TRY(add_items(ctx, *id, item.n, cmd));
        TRY(save_job(ctx, &job));
    }
    item.job = *id;
    for (job.total = item.n; item.n <= job.total; item.n++) {
        TRY(job_item_run(ctx, &item));
        TRY(job_get(ctx, *id, &job));
        (*ret_asked)++;
    }
    return OK;
}

err_t job_item_refuse(struct ctx *ctx, const struct job_item *item,
                      const struct err_detail *err)
{
    struct job job;
    struct job_item now;
    bool waits;
    TRY(lock(ctx, item, &job, &now, &waits));
    if (!waits)
        return OK;
    now.state = JOB_ITEM_REFUSED;
    now.code = str_from_cstr(err_name(err));
    now.field = str_from_cstr(err->field);
    now.detail = str_from_cstr(err->text);
    TRY(save_item(ctx, &now));
    job.refused++;
    return settle(ctx, &job);
}
