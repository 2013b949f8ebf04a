/* fulfillment_pick_room.c - the second door of the room: picking and pickups.
 */
#include "oms/fulfillment/fulfillment_pick_room.h"

#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "oms/room.h"

enum { EXPIRE_EVERY_MS = 5000, EXPIRE_MOST = 50 };

static err_t expire(struct ctx *ctx, bool *ret_is_more)
{
    return pickup_expire(ctx, EXPIRE_MOST, ret_is_more);
}

static const struct room_timer timers[] = {
    {.name = "pickups",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire,
     .next_at = pickup_next_expiry},
};
const struct timer_list picking_timers = {timers, COUNT_OF(timers)};

const struct room picking_room = {
    .name = "picking",
    .routes = &picking_routes,
    .events = &picking_events,
    .verify = &picking_verify,
    .timers = &picking_timers,
};
