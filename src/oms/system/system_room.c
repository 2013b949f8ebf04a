/* system_room.c - the door of the system room. */
#include "oms/system/system_room.h"

#include "oms/room.h"
#include "oms/system/system.h"

const struct room system_room = {
    .name = "system",
    .routes = &system_routes,
    .verify = &system_verify,
};
