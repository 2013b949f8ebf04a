/* call.c - a function as a work. */
#include "store/call.h"

struct call {
    struct work work;
    struct work_kind kind;
    store_call_fn *fn;
    void *arg;
};

static err_t run_call(struct work *work)
{
    const struct call *call = work->arg;
    return call->fn(&work->ctx, call->arg);
}

static err_t run(struct ctx *ctx, struct store *store, struct call *call)
{
    call->kind.run = run_call;
    call->work.kind = &call->kind;
    call->work.arg = call;
    call->work.ctx = *ctx;
    buf_init(&call->work.reply, ctx->arena, 1);
    err_t err = store_run(store, &call->work);
    ctx->err = call->work.ctx.err;
    return err;
}

err_t store_call(struct ctx *ctx, struct store *store, enum work_lane lane,
                 const char *name, store_call_fn *fn, void *arg)
{
    struct call call = {
        .work.lane = lane, .kind.name = name, .fn = fn, .arg = arg};
    return run(ctx, store, &call);
}

err_t store_call_bare(struct ctx *ctx, struct store *store, const char *name,
                      store_call_fn *fn, void *arg)
{
    struct call call = {
        .work = {.lane = LANE_LOW, .is_bare = true},
        .kind.name = name,
        .fn = fn,
        .arg = arg
    };
    return run(ctx, store, &call);
}
