/* catalog_room.c - the door of the catalog room. */
#include "oms/catalog/catalog_room.h"

#include "oms/catalog/catalog.h"
#include "oms/room.h"

const struct room catalog_room = {
    .name = "catalog",
    .routes = &catalog_routes,
    .verify = &catalog_verify,
};
