/* bulk_job.c - jobs over orders: made, done item by item, cancelled. */
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/perm.h"
#include "base/str.h"
#include "oms/shipping/shipping_order.h"
#include "oms/user/user_grant.h"
#include "store/event.h"

static err_t tell(struct ctx *ctx, const char *type,
                  const struct order_job *job)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "action", bulk_action_names[job->action - 1]);
    json_put_i64(&out, "total", job->total);
    json_put_i64(&out, "done", job->done);
    json_put_i64(&out, "failed", job->failed);
    json_put_i64(&out, "version", job->version);
    json_end_object(&out);
    return event_add(ctx, type, "order_job", job->id.v, buf_str(&buf), NULL);
}

/* ---- made ---- */

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const order_id *)a)->v, y = ((const order_id *)b)->v;
    return (x > y) - (x < y);
}

/* In order of id, as others lock them, each once. */
static void put_in_order(struct order_job_cmd *cmd)
{
    size_t n = 0;
    qsort(cmd->orders, cmd->count, sizeof *cmd->orders, by_id);
    for (size_t i = 0; i < cmd->count; i++)
        if (n == 0 || cmd->orders[n - 1].v != cmd->orders[i].v)
            cmd->orders[n++] = cmd->orders[i];
    cmd->count = n;
}

static err_t filter_failed(struct ctx *ctx, err_t err)
{
    char field[sizeof ctx->err.field];
    if (err != ERR_INVALID)
        return err;
    memcpy(field, ctx->err.field, sizeof field);
    str path = str_printf(ctx->arena, "filter.%s", field);
    size_t len = path.len < sizeof field ? path.len : sizeof field - 1;
    memcpy(ctx->err.field, path.ptr, len);
    ctx->err.field[len] = '\0';
    return err;
}

err_t order_job_choose(struct ctx *ctx, struct order_job_cmd *cmd)
{
    if (!cmd->is_filtered)
        return OK;
    err_t err = order_select(ctx, &cmd->filter, LIMIT_ORDER_JOB_ITEMS + 1,
                             &cmd->orders, &cmd->count);
    return err == OK ? OK : filter_failed(ctx, err);
}

/* Not as they are chosen: who asks again under a key gets the first answer,
 * whatever the filter finds by then. */
static err_t check_count(struct ctx *ctx, const struct order_job_cmd *cmd)
{
    if (cmd->count == 0)
        return fail_as(ctx, ERR_INVALID, "no_orders", "filter",
                       "there is no such order");
    if (cmd->count > LIMIT_ORDER_JOB_ITEMS)
        return fail_as(ctx, ERR_INVALID, "too_many_orders", "filter",
                       "a job takes %d orders; narrow it",
                       LIMIT_ORDER_JOB_ITEMS);
    return OK;
}

err_t order_job_create(struct ctx *ctx, struct order_job_cmd *cmd,
                       struct order_job *ret)
{
    size_t running;
    TRY(check_count(ctx, cmd));
    TRY(order_job_running(ctx, LIMIT_ORDER_JOBS, &running));
    if (running >= LIMIT_ORDER_JOBS)
        return fail_as(ctx, ERR_LIMIT, "too_many_jobs", "",
                       "%d jobs are under way already", LIMIT_ORDER_JOBS);
    put_in_order(cmd);
    struct order_job job = {
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .action = cmd->action,
        .params = cmd->params,
        .state = ORDER_JOB_RUNNING,
        .actor = ctx->actor,
        .total = (int64_t)cmd->count,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    TRY(order_job_insert(ctx, &job, cmd->orders));
    *ret = job;
    return tell(ctx, "order_job.created", &job);
}

/* ---- moved ---- */

static err_t move(struct ctx *ctx, struct order_job *job,
                  enum order_job_event event)
{
    TRY(machine_allow(ctx, &order_job_machine, job->state, event));
    job->state = (enum order_job_state)machine_next(&order_job_machine,
                                                    job->state, event);
    job->params = STR("{}"); /* It stands in the orders now. */
    job->version++;
    return OK;
}

/* Saves a locked job that was `before`; nothing may wait any more. */
static err_t settle(struct ctx *ctx, struct order_job *job,
                    const struct order_job *before)
{
    const char *type = NULL;
    ASSERT(order_job_waiting(job) >= 0);
    if (order_job_waiting(job) == 0 && order_job_waiting(before) > 0 &&
        job->labels.v)
        TRY(shipping_label_end(ctx, job->labels));
    if (job->state == ORDER_JOB_RUNNING &&
        job->done + job->failed == job->total) {
        TRY(move(ctx, job, ORDER_JOB_EVENT_FINISH));
        type = "order_job.done";
    } else if (order_job_tells(before, job)) {
        type = "order_job.progress";
    }
    TRY(order_job_save(ctx, job));
    return type ? tell(ctx, type, job) : OK;
}

err_t order_job_cancel(struct ctx *ctx, struct order_job *job, int64_t version)
{
    TRY(check_version(ctx, version, job->version));
    TRY(move(ctx, job, ORDER_JOB_EVENT_CANCEL));
    if (job->labels.v && order_job_waiting(job) > 0)
        TRY(shipping_label_end(ctx, job->labels));
    TRY(order_job_save(ctx, job));
    return tell(ctx, "order_job.cancelled", job);
}

/* ---- item by item ---- */

/* The item as it is now, its job locked; false where it waits no more. */
static err_t lock(struct ctx *ctx, const struct order_job_item *item,
                  struct order_job *ret_job, struct order_job_item *ret,
                  bool *ret_waits)
{
    TRY(order_job_lock(ctx, item->job, ret_job));
    TRY(order_job_item_find(ctx, item, ORDER_JOB_ITEM_WAITING, ret, ret_waits));
    *ret_waits &= ret_job->state == ORDER_JOB_RUNNING;
    return OK;
}

err_t order_job_lock_orders(struct ctx *ctx, const struct order_job_item *items,
                            size_t count)
{
    struct order_job job;
    TRY(order_job_lock(ctx, items[0].job, &job));
    for (size_t i = 0; i < count; i++) {
        struct order order;
        struct arena_mark mark = arena_mark(ctx->arena);
        err_t err = order_lock(ctx, items[i].order, &order);
        if (err != OK && err != ERR_NOT_FOUND)
            return err;
        err_clear(ctx); /* Its own turn will tell. */
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

/* Who asked for it must still be allowed to. */
static err_t do_as_asked(struct ctx *ctx, struct order_job *job,
                         const struct bulk_with *with, order_id id,
                         bool *ret_is_asked)
{
    unsigned held;
    TRY(grant_held(ctx, PERM_ALL, &held));
    TRY(bulk_permit(ctx, held, bulk_perms(job->action, with)));
    return bulk_do(ctx, job, with, id, ret_is_asked);
}

/* In the name of who asked for it. */
static err_t run_as(struct ctx *ctx, struct order_job *job, order_id id,
                    bool *ret_is_asked)
{
    struct json_in *in;
    struct bulk_with with;
    struct actor worker = ctx->actor;
    TRY(json_parse(ctx, job->params, &in));
    TRY(bulk_with_from_json(ctx, in, job->action, &with));
    ctx->actor = job->actor;
    err_t err = do_as_asked(ctx, job, &with, id, ret_is_asked);
    ctx->actor = worker;
    return err;
}

err_t order_job_item_run(struct ctx *ctx, const struct order_job_item *item)
{
    struct order_job job;
    struct order_job_item now;
    bool waits, is_asked = false;
    TRY(lock(ctx, item, &job, &now, &waits));
    if (!waits)
        return OK;
    struct order_job before = job;
    TRY(run_as(ctx, &job, now.order, &is_asked));
    now.state = is_asked ? ORDER_JOB_ITEM_ASKED : ORDER_JOB_ITEM_DONE;
    TRY(order_job_item_save(ctx, &now));
    job.asked += is_asked;
    job.done += !is_asked;
    return settle(ctx, &job, &before);
}

err_t order_job_item_refuse(struct ctx *ctx, const struct order_job_item *item,
                            const struct err_detail *err)
{
    struct order_job job;
    struct order_job_item now;
    bool waits;
    TRY(lock(ctx, item, &job, &now, &waits));
    if (!waits)
        return OK;
    struct order_job before = job;
    now.state = ORDER_JOB_ITEM_FAILED;
    now.code = str_from_cstr(err_name(err));
    now.field = str_from_cstr(err->field);
    now.detail = str_from_cstr(err->text);
    TRY(order_job_item_save(ctx, &now));
    job.failed++;
    return settle(ctx, &job, &before);
}

err_t order_job_item_look(struct ctx *ctx, const struct order_job_item *item)
{
    struct order_job job;
    struct order_job_item now;
    struct label_order_state labels;
    bool is_asked;
    TRY(order_job_lock(ctx, item->job, &job));
    TRY(order_job_item_find(ctx, item, ORDER_JOB_ITEM_ASKED, &now, &is_asked));
    if (!is_asked)
        return OK;
    TRY(shipping_label_state(ctx, job.labels, now.order, &labels));
    if (labels.pending > 0)
        return OK;
    struct order_job before = job;
    now.state = labels.refused ? ORDER_JOB_ITEM_FAILED : ORDER_JOB_ITEM_DONE;
    if (labels.refused) {
        now.code = STR("label_refused");
        now.detail = str_printf(ctx->arena,
                                "%zu of its labels were refused; its packages "
                                "say why",
                                labels.refused);
    }
    TRY(order_job_item_save(ctx, &now));
    job.asked--;
    job.failed += labels.refused > 0;
    job.done += labels.refused == 0;
    return settle(ctx, &job, &before);
}
