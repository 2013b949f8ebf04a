/* order_pick.h - lines of orders as whoever picks or makes them sees them. A
 * public header of the room. */
#ifndef WHARF_OMS_ORDER_PICK_H
#define WHARF_OMS_ORDER_PICK_H

#include "base/base.h"
#include "oms/ids.h"

struct order_line_key {
    order_id order;
    int64_t n;
};
struct order_line_text {
    struct order_line_key key;
    sku_id sku;
    str sku_code, title, number; /* number: the order's. */
    str attrs;                   /* JSON object: size, engraving, ... */
    bool is_kit;
};
/* Of many lines, in no promised order; missing ones are left out. */
MUST_USE err_t order_line_texts(struct ctx *ctx,
                                const struct order_line_key *keys, size_t count,
                                struct order_line_text **ret,
                                size_t *ret_count);

/* What one unit of a line of a kit is made of. */
struct order_kit_part {
    struct order_line_key key;
    sku_id sku;
    int64_t quantity; /* Units of it in one kit. */
};
/* Of many orders, by (order, line, place in the kit). */
MUST_USE err_t order_kit_parts(struct ctx *ctx, const order_id *orders,
                               size_t count, struct order_kit_part **ret,
                               size_t *ret_count);
/* Those of one line among parts so listed: the first of *ret_count. */
const struct order_kit_part *
order_kit_parts_of(const struct order_kit_part *parts, size_t count,
                   struct order_line_key key, size_t *ret_count);

#endif
