/* inventory_address.c - where a location stands. */
#include "oms/inventory/inventory_address.h"

#include "oms/inventory/inventory_store.h"

err_t location_place_get(struct ctx *ctx, location_id id,
                         struct location_place *ret)
{
    struct location_row row;
    TRY(location_row_get(ctx, id, &row));
    *ret = (struct location_place){row.location, row.address, row.tz};
    return OK;
}
