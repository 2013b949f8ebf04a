/* fulfillment_pick_units.h - which very units were picked for a fulfillment
 * order, from the hand to the door. A public header of the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_UNITS_H
#define WHARF_OMS_FULFILLMENT_PICK_UNITS_H

#include "oms/fulfillment/fulfillment.h"

/* Gives units of lines that name no pieces those that were picked: lots and
 * numbers, first picked first. Lines of SKUs that ask for neither stay as they
 * are. Names live in ctx->arena. */
MUST_USE err_t fulfillment_picked_pieces(struct ctx *ctx,
                                         fulfillment_order_id fo,
                                         struct fulfillment_units *units,
                                         size_t count);
/* The units named have left the building. */
MUST_USE err_t pick_units_gone(struct ctx *ctx, fulfillment_order_id fo,
                               const struct fulfillment_units *units,
                               size_t count);
/* All of it went back to its shelf. */
MUST_USE err_t pick_units_back(struct ctx *ctx, fulfillment_order_id fo);

#endif
