/* customer_orders.h - whose an order is, and what a customer's come to.
 * Private.
 */
#ifndef WHARF_OMS_CUSTOMER_ORDERS_H
#define WHARF_OMS_CUSTOMER_ORDERS_H

#include "oms/customer/customer_store.h"

/* Both rows are locked. */
MUST_USE err_t customer_orders_move(struct ctx *ctx, customer_id to,
                                    customer_id from);

#endif
