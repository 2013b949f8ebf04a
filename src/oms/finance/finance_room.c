/* finance_room.c - the door of the finance room. */
#include "oms/finance/finance_store.h"
#include "oms/room.h"

const struct room finance_room = {
    .name = "finance",
    .routes = &finance_routes,
    .verify = &finance_verify,
};
