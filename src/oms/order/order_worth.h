/* order_worth.h - takes off what an order is worth: units that come back or
 * whose money is given back, shipping, fees, goodwill.
 *
 * In memory on a locked order; order_note or order_save writes it. What is too
 * much is ERR_INVALID naming the limit. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_WORTH_H
#define WHARF_OMS_ORDER_WORTH_H

#include "oms/order/order.h"

/* Units of a line that are still to be paid for. */
int64_t order_line_left(const struct order_line *line);
/* Shipped units that are neither back, nor asked to come back, nor written
 * off. */
int64_t order_line_returnable(const struct order_line *line);

/* Shipped units are asked to come back; below 0: no longer. Over the limit:
 * over_return_requested. */
MUST_USE err_t order_worth_return_ask(struct ctx *ctx, struct order *order,
                                      int64_t n, int64_t qty);
/* Units that were asked for are back and their worth is off; else
 * over_returned. */
MUST_USE err_t order_worth_return(struct ctx *ctx, struct order *order,
                                  int64_t n, int64_t qty);
/* The worth of shipped units is off though they do not come back (kept, lost,
 * damaged); else over_written_off. */
MUST_USE err_t order_worth_write_off(struct ctx *ctx, struct order *order,
                                     int64_t n, int64_t qty);

/* What is left of shipping and fees, gross, and the tax in or on them. */
struct order_charges_now {
    int64_t shipping, shipping_tax, fees, fees_tax;
};
MUST_USE err_t order_worth_charges_now(struct ctx *ctx,
                                       const struct order *order,
                                       struct order_charges_now *ret);
/* Takes shipping and fees off, with the tax in their part; over_shipping,
 * over_fees. */
MUST_USE err_t order_worth_charges(struct ctx *ctx, struct order *order,
                                   int64_t shipping, int64_t fees);
/* Keeps so much for taking goods back: it stands with shipping, without tax of
 * its own; over_kept beyond `most`. */
MUST_USE err_t order_worth_keep(struct ctx *ctx, struct order *order,
                                int64_t amount, int64_t most);
/* Takes all that is left of them off: nothing of the order is left. */
void order_worth_no_charges(struct order *order);
/* Goodwill: an amount off the whole; over_allowance. */
MUST_USE err_t order_worth_allow(struct ctx *ctx, struct order *order,
                                 int64_t amount);

/* What its returns say of it, handed down for its status. */
enum { ORDER_RETURN_STARTED = 1 }; /* Units are on their way, or looked at. */

#endif
