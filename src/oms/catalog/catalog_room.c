/* catalog_room.c - the door of the catalog room. */
#include "oms/catalog/catalog.h"
#include "oms/room.h"

const struct room catalog_room = {
    .name = "catalog",
};
