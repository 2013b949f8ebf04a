/* returns_room.c - the door of the returns room. */
#include "oms/returns/returns_store.h"
#include "oms/room.h"

const struct room returns_room = {
    .name = "returns",
    .routes = &returns_routes,
    .events = &returns_events,
    .verify = &returns_verify,
    .timers = &returns_timers,
};
