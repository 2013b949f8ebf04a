/* inventory_return.h - units that come back from buyers, and where they go
 * once somebody has looked at them. A public header of the room.
 */
#ifndef WHARF_OMS_INVENTORY_RETURN_H
#define WHARF_OMS_INVENTORY_RETURN_H

#include "oms/inventory/inventory_command.h"

/* Between the outside and what is loose, damaged or in quality control; never
 * from or into a claim. */
struct stock_back {
    sku_id sku;
    location_id location;
    int64_t qty;
    enum stock_bucket from, to; /* Not the same. */
    struct unit_names names;    /* For a SKU whose units are told apart. */
    size_t item;                /* Of the caller's list: for a failure. */
};
struct stock_return {
    return_id id; /* What the movements refer to. */
    str reason;
    const struct stock_back *parts;
    size_t count;
};
/* All parts or none, each with an event of its SKU (stock.returned). What takes
 * no stock is left out. ERR_STATE (not_enough_stock), ERR_INVALID, or as the
 * names of units are wrong; the field begins with "items[item].". */
MUST_USE err_t inventory_return(struct ctx *ctx,
                                const struct stock_return *cmd);

#endif
