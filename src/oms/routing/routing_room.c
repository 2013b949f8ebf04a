/* routing_room.c - the door of the routing room. */
#include "oms/room.h"
#include "oms/routing/routing_store.h"

const struct room routing_room = {
    .name = "routing",
    .routes = &routing_routes,
    .verify = &routing_verify,
    .timers = &routing_timers,
};
