/* inventory_fulfil.h - committed units on their way out of the house.
 *
 * The reservation of an order line lives until its units leave the building.
 * Everything here names reservation rows of one order, never "the line". A row
 * that ends in part becomes moved and its successor holds the rest. A public
 * header of the room; events are the caller's.
 */
#ifndef WHARF_OMS_INVENTORY_FULFIL_H
#define WHARF_OMS_INVENTORY_FULFIL_H

#include "oms/inventory/inventory_command.h"

/* Units of a live commit row; the same row may be named again. */
struct stock_part {
    reservation_id id;
    int64_t qty;
    /* Ship, short: which ones, where the SKU's units are told apart. */
    struct unit_names names;
    location_id to; /* Relocate: where they come from instead. */
};
struct stock_fulfil {
    order_id order;
    channel_id channel; /* Relocate: by its safety stock. */
    int64_t event_id;   /* The event that names this change. */
    const struct stock_part *parts;
    size_t count;
};
/* They leave: committed to outside; the rows are consumed. Fails with
 * ERR_NOT_FOUND (reservation_unknown), ERR_STATE, or for the names of units
 * with fields "lot" and "serials" (lot_required, serial_not_here, lot_expired,
 * ...). */
MUST_USE err_t inventory_ship(struct ctx *ctx, const struct stock_fulfil *cmd);
/* They are not where they should be: committed to held, until counted; the
 * rows are released. */
MUST_USE err_t inventory_short(struct ctx *ctx, const struct stock_fulfil *cmd);
/* Other units take their place: the rows are moved, their successors stand at
 * `to`. ERR_STATE (out_of_stock) where the channel may not sell them there. */
MUST_USE err_t inventory_relocate(struct ctx *ctx,
                                  const struct stock_fulfil *cmd);

/* Units for a line that waited. */
struct stock_want {
    int64_t n; /* The line. */
    sku_id sku;
    location_id location;
    int64_t qty;
};
struct stock_allot {
    order_id order;
    channel_id channel;
    int64_t event_id;
    const struct stock_want *wants;
    size_t count;
};
/* All of them or none: ERR_STATE (out_of_stock) as above. */
MUST_USE err_t inventory_allocate(struct ctx *ctx,
                                  const struct stock_allot *cmd);

/* Live commit rows of many orders, in no promised order. */
struct stock_live {
    order_id order;
    int64_t n;
    sku_id sku;
    location_id location;
    int64_t qty;
};
MUST_USE err_t inventory_live_list(struct ctx *ctx, const order_id *orders,
                                   size_t count, struct stock_live **ret,
                                   size_t *ret_count);

#endif
