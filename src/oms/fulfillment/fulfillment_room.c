/* fulfillment_room.c - the door of the fulfillment room. */
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/room.h"

const struct room fulfillment_room = {
    .name = "fulfillment",
    .routes = &fulfillment_routes,
    .events = &fulfillment_events,
    .verify = &fulfillment_verify,
    .timers = &fulfillment_timers,
};
