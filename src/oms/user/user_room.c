/* user_room.c - the door of the user room. */
#include "oms/user/user_room.h"

#include "oms/room.h"
#include "oms/user/user.h"

const struct room user_room = {
    .name = "user",
    .routes = &user_routes,
    .verify = &user_verify,
};
