/* shipping_timers.c - what this room does again and again. */
#include "oms/room.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_hook_int.h"
#include "oms/shipping/shipping_job.h"
#include "oms/shipping/shipping_room.h"
#include "oms/shipping/shipping_shop_int.h"

/* The worker does the work; a store that is closed must be open for it. */
static err_t next_at(struct ctx *ctx, utc_ms *ret)
{
    struct call_taker anybody = {0};
    struct job_item *items;
    size_t count;
    TRY(call_peek(ctx, &anybody, ret));
    TRY(job_next(ctx, 1, &items, &count));
    if (count > 0)
        *ret = ctx->now;
    utc_ms facts_at, shop_at;
    TRY(fact_next_at(ctx, &facts_at));
    TRY(shop_next_at(ctx, &shop_at));
    if (facts_at && (*ret == 0 || facts_at < *ret))
        *ret = facts_at;
    if (shop_at && (*ret == 0 || shop_at < *ret))
        *ret = shop_at;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "carrier_calls", .period_ms = 60 * 60 * 1000, .next_at = next_at},
    {.name = "carrier_hooks", .period_ms = 60 * 60 * 1000, .run = hook_sweep },
};
const struct timer_list shipping_timers = {timers, COUNT_OF(timers)};
