/* order_added.h - taxes of lines that come to an order after it was placed. A
 * public header of the room.
 *
 * Lines that were sent without tax lines get those that an order of them alone
 * would have there now: of the tables, or of a service outside where its
 * channel has one. Nobody knows where the order goes: they have none, but where
 * the channel's taxes are computed. docs/edits.md.
 */
#ifndef WHARF_OMS_ORDER_ADDED_H
#define WHARF_OMS_ORDER_ADDED_H

#include "oms/order/order_quote.h"

struct order_added {
    order_id order;
    str address; /* Where it goes by then (order_way.h); empty: as before. */
    struct order_line_cmd *const *lines; /* Those without taxes. */
    const char *const *fields;           /* What a refusal calls each. */
    size_t count;
};
/* For routes that add lines: what `prepare` calls; `toil` and `crowded` are
 * those of order_quote.h. Nothing is asked where no line lacks taxes. */
MUST_USE err_t order_added_prepare(struct ctx *ctx, struct request *req,
                                   const struct order_added *added);
/* Fills them in. *ret_is_by_tables: those stood in for the channel's engine,
 * and the order is to be marked. ERR_INVALID destination_unknown, sku_unknown,
 * tax_engine_refused. */
MUST_USE err_t order_added_tax(struct ctx *ctx, const struct order_ask *ask,
                               const struct order_added *added,
                               bool *ret_is_by_tables);
/* The order's tags as a JSON list (order_way.h) with the mark; empty where it
 * bears it, or has as many tags as it may. */
MUST_USE err_t order_added_mark(struct ctx *ctx, const struct order *order,
                                str *ret);

#endif
