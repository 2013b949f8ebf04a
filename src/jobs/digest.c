/* digest.c - makes the hourly digests of the event log. */
#include "jobs/digest.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/log.h"
#include "oms/system/digest.h"
#include "store/call.h"

enum { PAGE = 2000, PAGES = 10, ROUNDS = 10 };

struct turn {
    utc_ms now;
    struct digest_chain before, chain;
    bool is_due;  /* The hour of the last digest is over. */
    bool is_full; /* Nothing more belongs to that hour. */
};

static err_t extend(struct ctx *ctx, void *arg)
{
    struct turn *turn = arg;
    struct log_digest last;
    utc_ms hour_at = ctx->now - ctx->now % DIGEST_HOUR_MS;
    size_t count = 1;
    TRY(digest_last(ctx, &last));
    turn->is_due = last.made_at < hour_at;
    if (!turn->is_due)
        return OK;
    TRY(digest_state_get(ctx, &turn->before));
    turn->chain = turn->before;
    for (int i = 0; i < PAGES && count > 0; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(digest_extend(ctx, &turn->chain, PAGE, &count));
        arena_reset_to(ctx->arena, mark);
    }
    turn->is_full = count == 0 || id_time(turn->chain.through.id) >= hour_at;
    return OK;
}

static err_t keep(struct ctx *ctx, void *arg)
{
    const struct turn *turn = arg;
    if (turn->chain.events > turn->before.events)
        TRY(digest_state_save(ctx, &turn->before, &turn->chain));
    if (turn->is_full && turn->chain.events > 0)
        TRY(digest_add(ctx, &turn->chain));
    return OK;
}

static err_t run(struct store *store, enum work_lane lane, store_call_fn *fn,
                 struct turn *turn)
{
    struct ctx ctx = {
        .arena = arena_open(), .now = turn->now, .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, store, lane, "digest", fn, turn);
    /* Another node that was faster is no failure. */
    if (err != OK && err != ERR_CONFLICT)
        log_ctx(&ctx, LOG_WARN, "digest.failed", "%s", ctx.err.text);
    arena_close(ctx.arena);
    return err;
}

void digest_turn(struct store *store, utc_ms now)
{
    struct turn turn = {.now = now};
    for (int i = 0; i < ROUNDS && !turn.is_full; i++)
        if (run(store, LANE_READ, extend, &turn) != OK || !turn.is_due ||
            run(store, LANE_LOW, keep, &turn) != OK)
            return;
}
