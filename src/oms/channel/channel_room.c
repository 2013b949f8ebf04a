/* channel_room.c - the door of the channel room. */
#include "oms/channel/channel_room.h"

#include "oms/channel/channel.h"
#include "oms/room.h"

const struct room channel_room = {
    .name = "channel",
    .routes = &channel_routes,
    .verify = &channel_verify,
};
