/* gateways.c - what the worker asks gateways, what it makes of it, and of what
 * they tell by themselves. */
#include "jobs/gateways.h"

#include "base/arena.h"
#include "base/str.h"
#include "jobs/batch.h"
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_hook.h"

struct task {
    struct asker_task head;
    struct payment_task call;
    struct gateway_outcome outcome;
};

static err_t take(struct ctx *ctx, const struct call_taker *taker, void **ret,
                  size_t *ret_count)
{
    struct payment_task *calls;
    TRY(payment_call_take(ctx, taker, &calls, ret_count));
    struct task *tasks = arena_array(ctx->arena, struct task, *ret_count + 1);
    for (size_t i = 0; i < *ret_count; i++)
        tasks[i] = (struct task){.head.account = calls[i].account_id.v,
                                 .call = calls[i]};
    *ret = tasks;
    return OK;
}

static void put(struct task *task, struct gateway_outcome outcome)
{
    task->outcome = outcome;
    task->head.is_unknown = outcome.result == GATEWAY_UNKNOWN;
}

static struct gateway_outcome lost(struct arena *arena, const char *why)
{
    return (struct gateway_outcome){.result = GATEWAY_UNKNOWN,
                                    .text = str_copy(arena, str_from_cstr(why)),
                                    .field = STR("")};
}

static void read_reply(struct ctx *ctx, void *at,
                       const struct outside_reply *reply)
{
    struct task *task = at;
    const struct payment_task *call = &task->call;
    struct gateway_outcome outcome;
    if (call->gateway->read(ctx, &call->account, &call->request, reply,
                            &outcome) != OK)
        outcome = lost(ctx->arena, "the answer could not be read");
    put(task, outcome);
}

static bool ask_gateway(struct ctx *ctx, void *at, struct outside_call *ret)
{
    struct task *task = at;
    const struct payment_task *call = &task->call;
    struct gateway_outcome outcome;
    if (call->gateway->answer) {
        if (call->gateway->answer(ctx, &call->account, &call->request,
                                  &outcome) != OK)
            outcome = lost(ctx->arena, ctx->err.text);
        put(task, outcome);
        return true;
    }
    if (call->gateway->ask(ctx, &call->account, &call->request, ret) == OK)
        return false;
    outcome = lost(ctx->arena, ctx->err.text); /* Nobody was asked. */
    outcome.result = GATEWAY_LATER;
    put(task, outcome);
    return true;
}

static err_t record(struct ctx *ctx, const void *at)
{
    const struct task *task = at;
    return payment_call_record(ctx, &task->call, &task->outcome);
}

/* ---- what they tell ---- */

struct told {
    gateway_event_id *ids;
};

static err_t read_told(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct told *told = arg;
    return gateway_event_due(ctx, CALL_BATCH, &told->ids, ret_count);
}

static err_t apply(struct ctx *ctx, void *arg, size_t at)
{
    const struct told *told = arg;
    return gateway_event_apply(ctx, told->ids[at]);
}

static err_t put_off(struct ctx *ctx, void *arg, size_t at,
                     const struct err_detail *why)
{
    const struct told *told = arg;
    return gateway_event_put_off(ctx, told->ids[at], why);
}

static const struct batch_kind told_kind = {.name = "gateways",
                                            .is_one_by_one = true,
                                            .read = read_told,
                                            .run = apply,
                                            .refuse = put_off};

static bool run_told(struct store *store, struct arena *arena,
                     struct arena *scratch)
{
    struct told told = {NULL};
    return batch_run(store, &told_kind, &told, arena, scratch);
}

const struct asker_kind gateways_kind = {
    .name = "gateways",
    .metrics = "wharf_gateway",
    .task_bytes = sizeof(struct task),
    .peek = payment_call_peek,
    .take = take,
    .ask = ask_gateway,
    .read = read_reply,
    .record = record,
    .release = payment_call_release,
    .besides = run_told,
};
