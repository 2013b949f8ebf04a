/* payment_room.c - the door of the payment room. */
#include "oms/payment/payment_store.h"
#include "oms/room.h"

const struct room payment_room = {
    .name = "payment",
    .routes = &payment_routes,
    .verify = &payment_verify,
};
