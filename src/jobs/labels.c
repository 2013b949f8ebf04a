/* labels.c - what the worker asks carriers, and labels asked for in bulk. */
#include "jobs/labels.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "jobs/batch.h"
#include "jobs/bulk.h"
#include "jobs/releases.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_hook.h"
#include "oms/shipping/shipping_job.h"
#include "oms/shipping/shipping_shop.h"

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
        tasks[i] =
            (struct task){.head.account = calls[i].lane, .call = calls[i]};
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
    call_look(ctx, &outcome);
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
    return call_record(ctx, &task->call, &task->outcome);
}

/* ---- jobs: labels asked for in bulk ---- */

struct jobs {
    struct job_item *items;
};

static err_t read_jobs(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct jobs *jobs = arg;
    return job_next(ctx, JOB_BATCH, &jobs->items, ret_count);
}

static err_t run_item(struct ctx *ctx, void *arg, size_t at)
{
    const struct jobs *jobs = arg;
    return job_item_run(ctx, &jobs->items[at]);
}

static err_t refuse_item(struct ctx *ctx, void *arg, size_t at,
                         const struct err_detail *why)
{
    const struct jobs *jobs = arg;
    return job_item_refuse(ctx, &jobs->items[at], why);
}

static const struct batch_kind jobs_kind = {.name = "labels",
                                            .read = read_jobs,
                                            .run = run_item,
                                            .refuse = refuse_item};

/* ---- what carriers tell us by themselves ---- */

struct hooks {
    int64_t *ids;
};

static err_t read_hooks(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct hooks *hooks = arg;
    return hook_next(ctx, HOOK_BATCH, &hooks->ids, ret_count);
}

static err_t run_hook(struct ctx *ctx, void *arg, size_t at)
{
    const struct hooks *hooks = arg;
    return hook_read(ctx, hooks->ids[at]);
}

static err_t spoil_hook(struct ctx *ctx, void *arg, size_t at,
                        const struct err_detail *why)
{
    const struct hooks *hooks = arg;
    log_line(LOG_WARN, "labels", "a carrier's message: %s", why->text);
    return hook_spoil(ctx, hooks->ids[at]);
}

static const struct batch_kind hooks_kind = {.name = "labels",
                                             .read = read_hooks,
                                             .run = run_hook,
                                             .refuse = spoil_hook};

struct facts {
    struct fact_key *keys;
};

static err_t read_facts(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct facts *facts = arg;
    return fact_next(ctx, HOOK_BATCH, &facts->keys, ret_count);
}

static err_t apply_facts(struct ctx *ctx, void *arg, size_t at)
{
    const struct facts *facts = arg;
    return fact_apply(ctx, &facts->keys[at]);
}

static err_t refuse_facts(struct ctx *ctx, void *arg, size_t at,
                          const struct err_detail *why)
{
    const struct facts *facts = arg;
    log_line(LOG_WARN, "labels", "a carrier's word: %s", why->text);
    return fact_refuse(ctx, &facts->keys[at], why);
}

/* Orders and parcels are locked one after the other: never many at once. */
static const struct batch_kind facts_kind = {.name = "labels",
                                             .is_one_by_one = true,
                                             .read = read_facts,
                                             .run = apply_facts,
                                             .refuse = refuse_facts};

/* ---- labels that wait for prices ---- */

struct shoppers {
    label_id *labels;
};

static err_t read_shoppers(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct shoppers *shoppers = arg;
    return shop_due(ctx, SHOP_BATCH, &shoppers->labels, ret_count);
}

static err_t end_shopping(struct ctx *ctx, void *arg, size_t at)
{
    const struct shoppers *shoppers = arg;
    return shop_end(ctx, shoppers->labels[at]);
}

static err_t postpone(struct ctx *ctx, void *arg, size_t at,
                      const struct err_detail *why)
{
    const struct shoppers *shoppers = arg;
    log_line(LOG_WARN, "labels", "the best rate: %s", why->text);
    return shop_postpone(ctx, shoppers->labels[at]);
}

static const struct batch_kind shoppers_kind = {.name = "labels",
                                                .is_one_by_one = true,
                                                .read = read_shoppers,
                                                .run = end_shopping,
                                                .refuse = postpone};

static bool besides(struct store *store, struct arena *arena,
                    struct arena *scratch)
{
    struct jobs jobs = {NULL};
    struct bulk_items items = {0};
    struct shoppers shoppers = {NULL};
    struct releases releases = {NULL};
    struct hooks hooks = {NULL};
    struct facts facts = {NULL};
    struct batch_part parts[] = {
        {.kind = &jobs_kind,     .arg = &jobs    },
        {.kind = &bulk_kind,     .arg = &items   },
        {.kind = &shoppers_kind, .arg = &shoppers},
        {.kind = &releases_kind, .arg = &releases},
        {.kind = &hooks_kind,    .arg = &hooks   },
        {.kind = &facts_kind,    .arg = &facts   },
    };
    return batch_run_all(store, parts, COUNT_OF(parts), arena, scratch);
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
    .besides = besides,
};
