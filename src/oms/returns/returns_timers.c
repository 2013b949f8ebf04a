/* returns_timers.c - returns whose goods did not come in time. */
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_store.h"
#include "oms/room.h"

enum { EXPIRE_EVERY_MS = 60 * 1000, EXPIRE_MOST = 100 };

static err_t expire(struct ctx *ctx, bool *ret_is_more)
{
    return return_expire(ctx, EXPIRE_MOST, ret_is_more);
}

static const struct room_timer timers[] = {
    {.name = "returns",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire,
     .next_at = return_next_due},
};
const struct timer_list returns_timers = {timers, COUNT_OF(timers)};
