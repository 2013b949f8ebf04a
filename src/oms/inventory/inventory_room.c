/* inventory_room.c - the door of the inventory room. */
#include "oms/inventory/inventory_room.h"

#include "oms/inventory/inventory.h"
#include "oms/room.h"

const struct room inventory_room = {
    .name = "inventory",
    .routes = &inventory_routes,
    .verify = &inventory_verify,
    .timers = &inventory_timers,
};
