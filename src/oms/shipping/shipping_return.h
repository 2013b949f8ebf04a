/* shipping_return.h - parcels that come back. Private to the room.
 *
 * One is a package of its own kind: the buyer packs it and hands it over, so
 * it takes no stock, ships no units and says nothing of the order's delivery.
 * What comes of the goods is told where they are received.
 */
#ifndef WHARF_OMS_SHIPPING_RETURN_H
#define WHARF_OMS_SHIPPING_RETURN_H

#include "oms/shipping/shipping_label.h"

enum { LIMIT_RETURNS_OF_PACKAGE = 100 };

struct return_item {
    int64_t n, qty; /* Line, and units of it (kits). */
};
struct return_cmd {
    package_id package; /* Whose goods come back. */
    int64_t version;    /* Of it, as last seen; 0: not looked at. */
    const struct return_item *items;
    size_t count;           /* 0: all that does not come back already. */
    str location;           /* Code of where to; empty: where it left. */
    int64_t weight_g;       /* 0: added up. */
    struct label_cmd label; /* Without package and version. */
};
/* Makes the parcel and asks for its label. ERR_STATE (not_shipped,
 * limit_reached), ERR_INVALID (over_returned, line_unknown, location_unknown,
 * weight_missing). */
MUST_USE err_t package_return(struct ctx *ctx, const struct return_cmd *cmd,
                              package_id *ret);

/* Units of each line of a shipped parcel that do not come back already; of a
 * kit, whole ones. */
MUST_USE err_t package_return_left(struct ctx *ctx, package_id of,
                                   struct return_item **ret, size_t *ret_count);

#endif
