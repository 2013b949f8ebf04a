/* payment_gateway_room.c - the door of what the payment room has of gateways.
 */
#include "oms/payment/payment_capture.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_store.h"
#include "oms/room.h"

const struct room gateway_room = {
    .name = "gateway",
    .routes = &gateway_routes,
    .verify = &gateway_verify,
    .events = &gateway_events,
    .timers = &gateway_timers,
};
