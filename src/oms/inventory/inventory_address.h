/* inventory_address.h - where locations stand. A public header of the room. */
#ifndef WHARF_OMS_INVENTORY_ADDRESS_H
#define WHARF_OMS_INVENTORY_ADDRESS_H

#include "oms/inventory/inventory.h"

struct location_place {
    struct location location;
    str address; /* JSON object, as the API shows it. */
    str tz;
};
MUST_USE err_t location_place_get(struct ctx *ctx, location_id id,
                                  struct location_place *ret);

#endif
