/* notify_room.c - the door of the notify room. */
#include "oms/notify/notify_room.h"

#include "oms/room.h"

const struct room notify_room = {
    .name = "notify",
    .routes = &notify_routes,
    .verify = &notify_verify,
    .timers = &notify_timers,
};
