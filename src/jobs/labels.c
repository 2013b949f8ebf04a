/* labels.c - what the worker asks carriers. */
#include "jobs/labels.h"

#include "base/arena.h"
#include "base/str.h"
#include "jobs/chores.h"
#include "oms/shipping/shipping_call.h"

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
    .besides = chores_run,
};
