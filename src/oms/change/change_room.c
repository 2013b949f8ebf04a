/* change_room.c - the door of the change room. */
#include "oms/change/change_rules.h"
#include "oms/room.h"

const struct room change_room = {
    .name = "change",
    .routes = &change_routes,
};
