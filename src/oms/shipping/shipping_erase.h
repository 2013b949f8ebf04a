/* shipping_erase.h - what parcels say of a person, taken out of them. A face
 * of the shipping room for the erasure in the change room. */
#ifndef WHARF_OMS_SHIPPING_ERASE_H
#define WHARF_OMS_SHIPPING_ERASE_H

#include "base/base.h"
#include "oms/ids.h"

/* Empties the carriers' drawings of labels, their refusals and their words and
 * places of tracking, for all parcels of locked orders, and tells
 * package.erased. What carriers say of them later is not kept either. Goods,
 * states, times, numbers and costs stay. The parcels in ctx->arena. */
MUST_USE err_t shipping_erase_many(struct ctx *ctx, const order_id *ids,
                                   size_t count, package_id **ret,
                                   size_t *ret_count);

#endif
