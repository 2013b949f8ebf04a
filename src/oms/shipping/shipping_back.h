/* shipping_back.h - parcels in which units of an order come back. A public
 * header of the room. */
#ifndef WHARF_OMS_SHIPPING_BACK_H
#define WHARF_OMS_SHIPPING_BACK_H

#include "base/base.h"
#include "oms/ids.h"

struct json_in;

struct back_want {
    int64_t n, qty; /* Line, and units of it (kits). */
};
struct back_cmd {
    order_id order;
    const struct back_want *wants;
    size_t count;
    str location;         /* Code of where to. */
    str account, service; /* Empty: the best of all by `mode`. */
    int mode;             /* 0: the cheapest. */
    int64_t weight_g;     /* Of each; 0: added up. */
};
/* A parcel with a label for each one that they left in. ERR_STATE (no_parcel)
 * where some left in none, or come back in another already; else as a label is
 * refused. */
MUST_USE err_t shipping_bring_back(struct ctx *ctx, const struct back_cmd *cmd,
                                   package_id **ret, size_t *ret_count);
/* Reads account, service, mode and weight_g; not the end of the body. */
MUST_USE err_t back_read(struct json_in *in, struct back_cmd *ret);

/* The parcel is not sent: it is void with its label, or withdrawn, if it can be
 * and has not left. ERR_STATE (label_under_way) while its carrier is asked. */
MUST_USE err_t shipping_back_void(struct ctx *ctx, package_id id);

struct back_item {
    int64_t n;
    sku_id sku;
    int64_t qty;
};
MUST_USE err_t shipping_back_items(struct ctx *ctx, package_id id,
                                   struct back_item **ret, size_t *ret_count);

#endif
