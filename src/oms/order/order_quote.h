/* order_quote.h - what an order would cost, for rooms that draft orders. A
 * public header of the room.
 */
#ifndef WHARF_OMS_ORDER_QUOTE_H
#define WHARF_OMS_ORDER_QUOTE_H

#include "oms/order/order.h"

/* Whoever knows prices of lines that were sent without one (unit_price is
 * LINE_UNPRICED), and the currency where none was named. */
enum { LINE_UNPRICED = -1 };
struct order_listed {
    err_t (*fill)(struct ctx *ctx, void *arg, struct order_cmd *cmd);
    void *arg;
};
/* Reads a body as POST /v1/orders/price takes it and prices it by the same
 * rules. `listed` may be NULL: then each line names its price. The command is
 * not sealed. */
MUST_USE err_t order_quote(struct ctx *ctx, struct json_in *in,
                           const struct order_listed *listed,
                           struct order_cmd *ret);
/* The body of POST /v1/orders that places it. */
str order_cmd_body(struct arena *arena, const struct order_cmd *cmd);

#endif
