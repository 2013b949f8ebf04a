/* payment_fx_room.c - the door of what the payment room has of exchange rates.
 */
#include "oms/payment/payment_fx.h"
#include "oms/room.h"

const struct room fx_room = {
    .name = "exchange_rates",
    .routes = &fx_routes,
    .verify = &fx_verify,
    .timers = &fx_timers,
};
