/* inventory_timers.c - what this room does again and again. */
#include "oms/inventory/inventory_lot.h"
#include "oms/inventory/inventory_room.h"
#include "oms/room.h"

enum { EXPIRE_MS = 60 * 1000, EXPIRE_LOTS = 50 };

static err_t expire_lots(struct ctx *ctx, bool *ret_is_more)
{
    return lot_expire(ctx, EXPIRE_LOTS, ret_is_more);
}

static const struct room_timer timers[] = {
    {.name = "lots",
     .period_ms = EXPIRE_MS,
     .run = expire_lots,
     .next_at = lot_next_expiry},
};
const struct timer_list inventory_timers = {timers, COUNT_OF(timers)};
