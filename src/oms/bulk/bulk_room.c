/* bulk_room.c - the door of the bulk room. */
#include "base/time.h"
#include "oms/bulk/bulk_job.h"
#include "oms/room.h"

/* A store that is closed must be open for the worker. */
static err_t next_at(struct ctx *ctx, utc_ms *ret)
{
    struct order_job_item *items;
    size_t count;
    TRY(order_job_next(ctx, 1, &items, &count));
    *ret = count > 0 ? ctx->now : 0;
    return OK;
}

/* One a turn. */
static err_t remove_old(struct ctx *ctx, bool *ret_is_more)
{
    return order_job_remove_old(
        ctx, ctx->now - ORDER_JOB_KEEP_DAYS * (utc_ms)DAY_MS, ret_is_more);
}

static const struct room_timer timers[] = {
    {.name = "old_order_jobs", .period_ms = 60 * 60 * 1000, .run = remove_old },
    {.name = "order_jobs",     .period_ms = 60 * 60 * 1000, .next_at = next_at},
};
const struct timer_list bulk_timers = {timers, COUNT_OF(timers)};

const struct room bulk_room = {
    .name = "bulk",
    .routes = &bulk_routes,
    .events = &bulk_events,
    .verify = &bulk_verify,
    .timers = &bulk_timers,
};
