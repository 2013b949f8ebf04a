/* shipping_recall.h - who got units of a lot. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_RECALL_H
#define WHARF_OMS_SHIPPING_RECALL_H

#include "oms/shipping/shipping_store.h"

struct recall_query {
    sku_id sku;
    str lot, serial; /* One of them. */
    package_id after;
    size_t limit;
};
/* What a parcel holds of them; parcels by id. */
MUST_USE err_t recall_list(struct ctx *ctx, const struct recall_query *query,
                           struct package_unit **ret, size_t *ret_count);

#endif
