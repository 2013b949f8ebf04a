/* order_pay.h - what an order is worth now and what is known of its payments.
 *
 * What was placed is never rewritten; beside it stands what the units that are
 * left come to. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_PAY_H
#define WHARF_OMS_ORDER_PAY_H

#include "oms/order/order.h"

/* Takes what m units of the line come to off what it is worth now; before they
 * are counted as cancelled, returned or written off. Equal parts, rounded down:
 * whoever takes all units off, in whatever groups, takes off all that was paid
 * for them (I17). */
void order_line_take_off(struct order_line *line, int64_t m);
/* What one unit of the line comes to now, or came to where none is left. */
int64_t order_line_unit_worth(const struct order_line *line);
/* Shipping and fees as placed, and the tax in them or on them. */
int64_t order_charges(const struct order *order);
int64_t order_charges_tax(const struct order *order);
/* What its units that are left, shipping and fees come to, less its allowance;
 * never less than nothing. */
int64_t order_total_now(const struct order *order);
int64_t order_total_of(int64_t lines, int64_t charges, int64_t allowance);
/* What is still to be paid; below 0: what is to be given back (I16). */
int64_t order_balance(const struct order *order);

const char *order_payment_name(enum order_payment status); /* "paid" */
bool order_payment_from_name(str name, enum order_payment *ret);
/* Derived from the facts by one function (I27). */
enum order_payment order_payment_of(const struct order *order);

/* Hands down what is known of the payments of a locked order, raises its
 * version and writes the event order.payment_changed, which has that id. */
MUST_USE err_t order_pay_save(struct ctx *ctx, const struct order *before,
                              struct order *order, int64_t event_id);
/* Members of an open object: status, authorized, captured, ... */
void order_pay_write(const struct order *order, struct json_out *out);

#endif
