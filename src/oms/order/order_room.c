/* order_room.c - the door of the order room. */
#include "oms/order/order_store.h"
#include "oms/order/order_wait.h"
#include "oms/room.h"

const struct room order_room = {
    .name = "order",
    .routes = &order_routes,
    .events = &order_events,
    .verify = &order_verify,
    .timers = &order_timers,
};
