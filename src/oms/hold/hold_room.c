/* hold_room.c - the door of the hold room. */
#include "oms/hold/hold_drop_store.h"
#include "oms/hold/hold_store.h"
#include "oms/room.h"

/* Units are free again a quarter of a second after the hold ran out. */
enum { EXPIRE_EVERY_MS = 250, EXPIRE_MOST = 1000, OFFER_EVERY_MS = 250 };

static err_t expire(struct ctx *ctx, bool *ret_is_more)
{
    size_t count;
    TRY(hold_expire(ctx, EXPIRE_MOST, &count));
    *ret_is_more = count == EXPIRE_MOST;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "holds",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire,
     .next_at = hold_next_expiry},
    {.name = "drops",
     .period_ms = OFFER_EVERY_MS,
     .run = drop_offer,
     .next_at = drop_next_at    },
};
const struct timer_list hold_timers = {timers, COUNT_OF(timers)};

const struct room hold_room = {
    .name = "hold",
    .routes = &hold_routes,
    .verify = &hold_verify,
    .timers = &hold_timers,
};
