/* order_erase.h - what an order says of a person, taken out of it.
 *
 * A face of the order room for the erasure in the change room.
 */
#ifndef WHARF_OMS_ORDER_ERASE_H
#define WHARF_OMS_ORDER_ERASE_H

#include "oms/order/order.h"

/* Hands all orders placed until now to the customer room, also those that
 * readers of the log do not see yet, so that none turns up after its person was
 * erased. ERR_BUSY where too many wait. */
MUST_USE err_t order_people_catch_up(struct ctx *ctx);
/* How many of them are pending or confirmed, and one of those. */
MUST_USE err_t order_count_open(struct ctx *ctx, const order_id *ids,
                                size_t count, size_t *ret_count,
                                order_id *ret_first);
/* Empties customer, note, raw, attributes and all of the addresses but their
 * country, in the order, the list and the search; tells order.erased. Money,
 * quantities, number and external id stay. */
MUST_USE err_t order_erase_many(struct ctx *ctx, const order_id *ids,
                                size_t count);

#endif
