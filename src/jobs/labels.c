/* labels.c - what the worker asks carriers, and labels asked for in bulk. */
#include "jobs/labels.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_job.h"
#include "store/call.h"
#include "store/store.h"

struct task {
    struct asker_task head;
    struct call_task call;
    struct carrier_outcome outcome;
};

static err_t take(struct ctx *ctx, const struct call_taker *taker, void **ret,
                  size_t *ret_count)
{
    struct call_task *calls;
    TRY(call_take(ctx, taker, &calls, ret_count));
    struct task *tasks = arena_array(ctx->arena, struct task, *ret_count + 1);
    for (size_t i = 0; i < *ret_count; i++)
        tasks[i] = (struct task){.head.account = calls[i].account_id.v,
                                 .call = calls[i]};
    *ret = tasks;
    return OK;
}

static void put(struct task *task, struct carrier_outcome outcome)
{
    task->outcome = outcome;
    task->head.is_unknown = outcome.result == CARRIER_UNKNOWN;
}

static struct carrier_outcome lost(struct arena *arena, const char *why)
{
    return (struct carrier_outcome){.result = CARRIER_UNKNOWN,
                                    .text = str_copy(arena, str_from_cstr(why)),
                                    .field = STR("")};
}

static void read_reply(struct ctx *ctx, void *at,
                       const struct outside_reply *reply)
{
    struct task *task = at;
    const struct call_task *call = &task->call;
    struct carrier_outcome outcome;
    if (call->carrier->read(ctx, &call->account, &call->request, reply,
                            &outcome) != OK)
        outcome = lost(ctx->arena, "the answer could not be read");
    put(task, outcome);
}

static bool ask_carrier(struct ctx *ctx, void *at, struct outside_call *ret)
{
    struct task *task = at;
    const struct call_task *call = &task->call;
    struct carrier_outcome outcome;
    if (call->carrier->answer) {
        if (call->carrier->answer(ctx, &call->account, &call->request,
                                  &outcome) != OK)
            outcome = lost(ctx->arena, ctx->err.text);
        put(task, outcome);
        return true;
    }
    if (call->carrier->ask(ctx, &call->account, &call->request, ret) == OK)
        return false;
    put(task, (struct carrier_outcome){
                  /* Nobody was asked. */
                  .result = CARRIER_REFUSED,
                  .field = str_copy(ctx->arena, str_from_cstr(ctx->err.field)),
                  .text = str_copy(ctx->arena, str_from_cstr(ctx->err.text))});
    return true;
}

static err_t record(struct ctx *ctx, const void *at)
{
    const struct task *task = at;
    return call_record(ctx, task->call.id, &task->outcome);
}

/* ---- jobs: labels asked for in bulk ---- */

static err_t try_ask(struct store *store, struct arena *arena,
                     enum work_lane lane, store_call_fn *fn, void *arg,
                     struct err_detail *ret)
{
    struct ctx ctx = {
        .arena = arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, store, lane, "labels", fn, arg);
    *ret = ctx.err;
    return err;
}

static err_t ask(struct store *store, struct arena *arena, enum work_lane lane,
                 store_call_fn *fn, void *arg)
{
    struct err_detail why;
    err_t err = try_ask(store, arena, lane, fn, arg, &why);
    if (err != OK && err != ERR_BUSY)
        log_line(LOG_ERROR, "labels", "%s", why.text);
    return err;
}

struct batch {
    struct job_item *items;
    size_t count;
    size_t at; /* Of the one that is run alone. */
    struct err_detail why;
};

static err_t read_jobs(struct ctx *ctx, void *arg)
{
    struct batch *batch = arg;
    return job_next(ctx, JOB_BATCH, &batch->items, &batch->count);
}

static err_t run_items(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    for (size_t i = 0; i < batch->count; i++)
        TRY(job_item_run(ctx, &batch->items[i]));
    return OK;
}

static err_t run_item(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    return job_item_run(ctx, &batch->items[batch->at]);
}

static err_t refuse_item(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    return job_item_refuse(ctx, &batch->items[batch->at], &batch->why);
}

/* Many in one transaction; where one of them is refused, each in its own. True
 * where there was something to do. */
static bool run_jobs(struct store *store, struct arena *arena,
                     struct arena *scratch)
{
    struct batch batch = {0};
    arena_reset(arena);
    if (ask(store, arena, LANE_READ, read_jobs, &batch) != OK ||
        batch.count == 0)
        return false;
    arena_reset(scratch);
    err_t err =
        try_ask(store, scratch, LANE_LOW, run_items, &batch, &batch.why);
    for (; err != OK && err != ERR_BUSY && batch.at < batch.count; batch.at++) {
        arena_reset(scratch);
        err_t one =
            try_ask(store, scratch, LANE_LOW, run_item, &batch, &batch.why);
        if (one == ERR_BUSY)
            return false;
        if (one != OK)
            (void)ask(store, scratch, LANE_LOW, refuse_item, &batch);
    }
    return err != ERR_BUSY;
}

const struct asker_kind labels_kind = {
    .name = "labels",
    .metrics = "wharf_carrier",
    .task_bytes = sizeof(struct task),
    .peek = call_peek,
    .take = take,
    .ask = ask_carrier,
    .read = read_reply,
    .record = record,
    .release = call_release,
    .besides = run_jobs,
};
