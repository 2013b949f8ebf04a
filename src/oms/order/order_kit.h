/* order_kit.h - kits in orders: a line remembers what it was sold as.
 *
 * Quantities of such a line count kits. Its reservations are those of the
 * components, all of a kit at one location. A second public header of the
 * room.
 */
#ifndef WHARF_OMS_ORDER_KIT_H
#define WHARF_OMS_ORDER_KIT_H

#include "oms/order/order.h"

struct order_part {
    sku_id sku;
    str code;
    int64_t quantity; /* Units in one kit. */
};

/* Whether lines of orders wait for stock of the SKU itself. */
MUST_USE err_t order_is_awaited(struct ctx *ctx, sku_id sku, bool *ret);

#endif
