/* writer.c - the thread that owns a writing connection. */
#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "store/pipeline.h"

/* ---- removal of old idempotency keys ---- */

static err_t sweep_run(struct work *work)
{
    struct store *store = work->arg;
    bool has_more = false;
    TRY(store->idem->ops->sweep(&work->ctx, store->idem, &has_more));
    /* Read by sweep_done, after the commit. */
    work->status = has_more;
    return OK;
}

static void sweep_done(struct work *work)
{
    struct store *store = work->arg;
    if (work->err == OK && store->idem->ops->swept)
        store->idem->ops->swept(store->idem);
    if (work->err != OK)
        log_ctx(&work->ctx, LOG_WARN, "idem_sweep", "%s", work->ctx.err.text);
    arena_reset(work->ctx.arena);
    int64_t pause_ms = work->err == OK && work->status == 1 ? 20 : SWEEP_MS;
    pthread_mutex_lock(&store->lock);
    store->is_sweeping = false;
    store->sweep_at_ns = clock_mono_ns() + pause_ms * 1000000;
    pthread_mutex_unlock(&store->lock);
}

static const struct work_kind sweep_kind = {.name = "idem_sweep",
                                            .run = sweep_run};

static void sweep_if_due(struct store *store)
{
    int64_t now_ns = clock_mono_ns();
    pthread_mutex_lock(&store->lock);
    if (!store->is_sweeping && !store->is_closing &&
        now_ns >= store->sweep_at_ns) {
        struct work *work = &store->sweep;
        struct arena_mark mark = arena_mark(work->ctx.arena);
        work->kind = &sweep_kind;
        work->lane = LANE_LOW;
        work->arg = store;
        work->done = sweep_done;
        work->ctx.now = clock_now();
        work->ctx.actor.kind = ACTOR_SYSTEM;
        work->mark.block = mark.block;
        work->mark.used = mark.used;
        work->queued_ns = now_ns;
        store->is_sweeping = true;
        queue_push(&store->low, work);
    }
    pthread_mutex_unlock(&store->lock);
}

/* ---- the thread ---- */

static void run_bare(struct writer *writer, struct work *work)
{
    work_reset(work, writer->tx, &writer->ids);
    work->err = work->kind->run(work);
    work->ctx.tx = NULL;
    work->done(work);
}

static void run_taken(struct writer *writer, size_t n)
{
    struct work *first = writer->batch[0];
    if (first->is_bare)
        run_bare(writer, first);
    else if (first->lane == LANE_READ)
        reader_run(writer->store, writer->tx, &writer->ids, first);
    else
        pipeline_run(writer, n);
}

void *writer_main(void *arg)
{
    struct writer *writer = arg;
    bool is_over = false;
    while (!is_over) {
        size_t n = queue_take(writer, &is_over);
        if (n > 0)
            run_taken(writer, n);
        else if (!atomic_load(&writer->store->is_ready))
            pipeline_probe(writer);
        sweep_if_due(writer->store);
    }
    return NULL;
}

void writer_run_now(struct writer *writer, struct work *work)
{
    writer->batch[0] = work;
    run_taken(writer, 1);
}
