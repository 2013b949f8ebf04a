/* user_room.c - the door of the user room. */
#include "oms/user/user_room.h"

#include "base/base.h"
#include "oms/room.h"
#include "oms/user/user_session.h"

static const struct room_timer timers[] = {
    {.name = "sessions", .period_ms = 10 * 60 * 1000, .run = session_sweep},
};
static const struct timer_list user_timers = {timers, COUNT_OF(timers)};

const struct room user_room = {
    .name = "user",
    .routes = &user_routes,
    .verify = &user_verify,
    .timers = &user_timers,
};
