/* fulfillment_pickup_store.h - rows of pickups. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICKUP_STORE_H
#define WHARF_OMS_FULFILLMENT_PICKUP_STORE_H

#include "oms/fulfillment/fulfillment_pickup.h"

MUST_USE err_t pickup_lock(struct ctx *ctx, pickup_id id, struct pickup *ret);
MUST_USE err_t pickup_lock_fo(struct ctx *ctx, fulfillment_order_id fo,
                              struct pickup *ret, bool *ret_found);
/* Nothing where the fulfillment order has one. */
MUST_USE err_t pickup_add(struct ctx *ctx, const struct pickup *row,
                          bool *ret_added);
/* At its version, which it raises. */
MUST_USE err_t pickup_save(struct ctx *ctx, struct pickup *row);
MUST_USE err_t pickup_list_due(struct ctx *ctx, size_t limit, pickup_id **ret,
                               size_t *ret_count);

#endif
