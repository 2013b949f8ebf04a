/* customer_room.c - the door of the customer room. */
#include "oms/customer/customer_room.h"

#include "oms/customer/customer.h"
#include "oms/room.h"

const struct room customer_room = {
    .name = "customer",
    .routes = &customer_routes,
    .verify = &customer_verify,
};
