/* order_quote.h - what an order would cost, for rooms that draft orders. A
 * public header of the room.
 */
#ifndef WHARF_OMS_ORDER_QUOTE_H
#define WHARF_OMS_ORDER_QUOTE_H

#include "oms/order/order.h"

struct request;

/* Whoever knows prices of lines that were sent without one (unit_price is
 * LINE_UNPRICED), and the currency where none was named. */
enum { LINE_UNPRICED = -1 };
struct order_listed {
    err_t (*fill)(struct ctx *ctx, void *arg, struct order_cmd *cmd);
    void *arg;
};
/* What the tax engine of a channel was asked before a command, and said. */
struct order_ask;
/* Reads a body as POST /v1/orders/price takes it and prices it by the same
 * rules. `listed` may be NULL: then each line names its price. With `ask` NULL
 * taxes are by the tables, and the order is marked where its channel has an
 * engine. The command is not sealed. */
MUST_USE err_t order_quote(struct ctx *ctx, struct json_in *in,
                           const struct order_listed *listed,
                           const struct order_ask *ask, struct order_cmd *ret);
/* For routes whose command quotes: `prepare` calls the first with what the
 * command will, the others are `toil` and `crowded`. They leave what
 * `ask` is to be in req->cmd. What fails is told by the command: sent again, it
 * may have been done (I21). */
MUST_USE err_t order_quote_prepare(struct ctx *ctx, struct request *req,
                                   struct json_in *in,
                                   const struct order_listed *listed);
/* Where there turns out to be nothing to price. */
MUST_USE err_t order_quote_unasked(struct request *req);
MUST_USE err_t order_quote_toil(struct ctx *ctx, struct request *req);
MUST_USE err_t order_quote_crowded(struct ctx *ctx, struct request *req);
/* The body of POST /v1/orders that places it. */
str order_cmd_body(struct arena *arena, const struct order_cmd *cmd);

#endif
