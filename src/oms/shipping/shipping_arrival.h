/* shipping_arrival.h - when units of an order's lines left and arrived. A
 * public header of the room. */
#ifndef WHARF_OMS_SHIPPING_ARRIVAL_H
#define WHARF_OMS_SHIPPING_ARRIVAL_H

#include "base/base.h"
#include "oms/ids.h"

struct line_arrival {
    int64_t n;
    utc_ms shipped_at;   /* Of the last parcel that has units of it. */
    utc_ms delivered_at; /* The last that arrived; 0: none did yet. */
};
/* Of lines that went in parcels, by n, each once; what comes back does not
 * count. */
MUST_USE err_t shipping_arrivals(struct ctx *ctx, order_id order,
                                 struct line_arrival **ret, size_t *ret_count);

#endif
