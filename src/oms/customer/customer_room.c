/* customer_room.c - the door of the customer room. */
#include "oms/customer/customer_room.h"

#include "oms/customer/customer.h"
#include "oms/customer/customer_company.h"
#include "oms/room.h"

const struct room customer_room = {
    .name = "customer",
    .routes = &customer_routes,
    .verify = &customer_verify,
};

const struct room company_room = {
    .name = "company",
    .routes = &company_routes,
    .verify = &company_verify,
};
