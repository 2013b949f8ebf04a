/* batch.c - see batch.h. */
#include "jobs/batch.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "store/call.h"
#include "store/store.h"

struct batch {
    struct store *store;
    const struct batch_kind *kind;
    void *arg;
    size_t count;
    size_t at; /* Of the one that is run alone. */
    struct err_detail why;
};

/* Leaves in batch->why what it was refused for. */
static err_t try_it(struct batch *batch, struct arena *arena,
                    enum work_lane lane, store_call_fn *fn)
{
    struct ctx ctx = {
        .arena = arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err =
        store_call(&ctx, batch->store, lane, batch->kind->name, fn, batch);
    batch->why = ctx.err;
    return err;
}

static err_t ask(struct batch *batch, struct arena *arena, enum work_lane lane,
                 store_call_fn *fn)
{
    err_t err = try_it(batch, arena, lane, fn);
    if (err != OK && err != ERR_BUSY)
        log_line(LOG_ERROR, batch->kind->name, "%s", batch->why.text);
    return err;
}

static err_t read_all(struct ctx *ctx, void *arg)
{
    struct batch *batch = arg;
    return batch->kind->read(ctx, batch->arg, &batch->count);
}

static err_t run_all(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    for (size_t i = 0; i < batch->count; i++)
        TRY(batch->kind->run(ctx, batch->arg, i));
    return OK;
}

static err_t run_one(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    return batch->kind->run(ctx, batch->arg, batch->at);
}

static err_t refuse_one(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    struct err_detail why = batch->why;
    return batch->kind->refuse(ctx, batch->arg, batch->at, &why);
}

/* What was read is done. */
static bool run(struct batch *batch, struct arena *scratch)
{
    arena_reset(scratch);
    err_t err = batch->kind->is_one_by_one
                    ? ERR_RETRY
                    : try_it(batch, scratch, LANE_LOW, run_all);
    for (; err != OK && err != ERR_BUSY && batch->at < batch->count;
         batch->at++) {
        arena_reset(scratch);
        err_t one = try_it(batch, scratch, LANE_LOW, run_one);
        if (one == ERR_BUSY || one == ERR_RETRY)
            return false; /* It passes: another turn. */
        if (one != OK)
            (void)ask(batch, scratch, LANE_LOW, refuse_one);
    }
    return err != ERR_BUSY;
}

bool batch_run(struct store *store, const struct batch_kind *kind, void *arg,
               struct arena *arena, struct arena *scratch)
{
    struct batch batch = {.store = store, .kind = kind, .arg = arg};
    arena_reset(arena);
    if (ask(&batch, arena, LANE_READ, read_all) != OK || batch.count == 0)
        return false;
    return run(&batch, scratch);
}

struct parts {
    struct batch_part *at;
    size_t count;
};

static err_t read_parts(struct ctx *ctx, void *arg)
{
    const struct parts *parts = arg;
    for (size_t i = 0; i < parts->count; i++)
        TRY(parts->at[i].kind->read(ctx, parts->at[i].arg,
                                    &parts->at[i].count));
    return OK;
}

bool batch_run_all(struct store *store, struct batch_part *parts, size_t count,
                   struct arena *arena, struct arena *scratch)
{
    bool is_more = false;
    struct parts all = {parts, count};
    struct ctx ctx = {
        .arena = arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    arena_reset(arena);
    err_t err = store_call(&ctx, store, LANE_READ, "batch", read_parts, &all);
    for (size_t i = 0; i < count; i++) {
        struct batch batch = {.store = store,
                              .kind = parts[i].kind,
                              .arg = parts[i].arg,
                              .count = parts[i].count};
        if (err != OK) /* One cannot be read: it alone shall wait. */
            is_more |=
                batch_run(store, parts[i].kind, parts[i].arg, arena, scratch);
        else if (batch.count > 0)
            is_more |= run(&batch, scratch);
    }
    return is_more;
}
