/* order_select.h - orders chosen as the list of orders is filtered.
 *
 * A public header of the room: whoever does something to many orders names
 * them in the words of GET /v1/orders.
 */
#ifndef WHARF_OMS_ORDER_SELECT_H
#define WHARF_OMS_ORDER_SELECT_H

#include "oms/order/order.h"

struct order_list_query;

struct order_filter { /* As it was sent; STR_NONE: not sent. */
    str status, channel, external_id, payment;
    utc_ms from, to; /* Received; INT64_MIN, INT64_MAX: not sent. */
};
/* Reads status, channel, external_id, payment_status, received_from and
 * received_to of an object. Reads no rows. */
MUST_USE err_t order_filter_from_json(struct json_in *in,
                                      struct order_filter *ret);
/* ERR_INVALID with the name of the parameter as field. From the newest, no
 * limit. */
MUST_USE err_t order_filter_query(struct ctx *ctx,
                                  const struct order_filter *filter,
                                  struct order_list_query *ret);
/* What the list shows for it, newest first, `max` at most. */
MUST_USE err_t order_select(struct ctx *ctx, const struct order_filter *filter,
                            size_t max, order_id **ret, size_t *ret_count);

#endif
