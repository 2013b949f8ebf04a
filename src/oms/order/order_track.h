/* order_track.h - what a buyer who has a link alone may see of his order. A
 * public header of the room. */
#ifndef WHARF_OMS_ORDER_TRACK_H
#define WHARF_OMS_ORDER_TRACK_H

#include "oms/order/order.h"

/* Number, statuses, what is promised, and of people nothing but the city and
 * country it goes to: members of an open object. */
MUST_USE err_t order_track_write(struct ctx *ctx, const struct order *order,
                                 struct json_out *out);
/* The shop that sold it: an object under `key`. */
MUST_USE err_t order_shop_write(struct ctx *ctx, channel_id channel,
                                const char *key, struct json_out *out);

#endif
