/* shipping_room.c - the door of the shipping room. */
#include "oms/shipping/shipping_room.h"

#include "oms/room.h"
#include "oms/shipping/shipping.h"

const struct room shipping_room = {
    .name = "shipping",
    .routes = &shipping_routes,
    .verify = &shipping_verify,
    .timers = &shipping_timers,
};
