/* purchasing_room.c - the door of the purchasing room. */
#include "oms/purchasing/purchasing_store.h"
#include "oms/room.h"

const struct room purchasing_room = {
    .name = "purchasing",
    .routes = &purchasing_routes,
    .events = &purchasing_events,
    .verify = &purchasing_verify,
};
