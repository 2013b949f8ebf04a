/* fulfillment_erase.h - what fulfillment orders say of a person, taken out of
 * them. A face of the fulfillment room for the erasure in the change room. */
#ifndef WHARF_OMS_FULFILLMENT_ERASE_H
#define WHARF_OMS_FULFILLMENT_ERASE_H

#include "base/base.h"
#include "oms/ids.h"

/* Takes the messages to and from who keeps the stock, and what people wrote of
 * why one is on hold, out of all fulfillment orders of locked orders, and tells
 * fulfillment_order.erased of those that had one. */
MUST_USE err_t fulfillment_erase_many(struct ctx *ctx, const order_id *ids,
                                      size_t count);

#endif
