/* automation_room.c - the door of the automation room. */
#include "oms/automation/automation_task.h"
#include "oms/room.h"

const struct room automation_room = {
    .name = "automation",
    .routes = &automation_routes,
    .events = &automation_events,
    .verify = &automation_verify,
};
