/* analytics_room.c - the door of the analytics room. */
#include "oms/analytics/analytics.h"
#include "oms/analytics/analytics_report.h"
#include "oms/room.h"

const struct room analytics_room = {
    .name = "analytics",
    .routes = &analytics_routes,
    .events = &analytics_events,
    .verify = &analytics_verify,
};
