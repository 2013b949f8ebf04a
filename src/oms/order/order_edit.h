/* order_edit.h - lines that a change adds, raises or prices anew.
 *
 * In memory on a locked order, saved by order_note. What was placed stays:
 * added units are counted beside it, a line that was added was placed with
 * nothing, and what the units left come to is told in the columns of now. A
 * public header of the room.
 */
#ifndef WHARF_OMS_ORDER_EDIT_H
#define WHARF_OMS_ORDER_EDIT_H

#include "base/money.h"
#include "oms/order/order.h"

/* Units of the line that were neither cancelled, picked nor shipped. */
int64_t order_open_units(const struct order_line *line);
/* What they come to without discount, and with it, without exclusive tax. */
int64_t order_line_gross(const struct order *order,
                         const struct order_line *line);
int64_t order_line_net(const struct order *order,
                       const struct order_line *line);
struct order_taxing {
    const struct order *order;
    enum rounding rounding; /* Of its channel. */
};
/* The tax on `net` at the rate that the line pays now; where nothing of it is
 * left, at that of what was placed; where that came to nothing, at the rates of
 * its tax lines. */
MUST_USE err_t order_line_tax_on(struct ctx *ctx, const struct order_taxing *by,
                                 const struct order_line *line, int64_t net,
                                 int64_t *ret);

/* What all units left of a line are to cost. `field` begins refusals. */
struct order_price {
    int64_t gross, discount, tax;
};
/* ERR_INVALID: discount_too_large, tax_too_large, number_out_of_range. */
MUST_USE err_t order_reprice(struct ctx *ctx, struct order *order, int64_t n,
                             const struct order_price *price,
                             const char *field);
/* What shipping and fees are to come to, gross, with the tax in or on them; tax
 * below 0: as much as of what they came to before. tax_too_large. */
MUST_USE err_t order_set_charges(struct ctx *ctx, const struct order_taxing *by,
                                 struct order *order, int64_t amount,
                                 int64_t tax, const char *field);
/* Adds units to line n at its price of now, unallocated. */
MUST_USE err_t order_raise(struct ctx *ctx, struct order *order, int64_t n,
                           int64_t qty, int64_t tax, const char *field);

/* As POST /v1/orders takes it, in that currency. */
MUST_USE err_t order_line_from_json(struct ctx *ctx, struct json_in *in,
                                    const char *currency,
                                    struct order_line_cmd *ret);
/* And so written; a member of an open object. */
void order_line_put_body(struct json_out *out, const char *key,
                         const char *currency,
                         const struct order_line_cmd *line);
/* A line that is to be added, without its number: its SKU and components are
 * read, its units are unallocated. ERR_INVALID sku_unknown, sku_in_drop and as
 * above. */
MUST_USE err_t order_line_make(struct ctx *ctx, const struct order *order,
                               const struct order_line_cmd *cmd,
                               const char *field, struct order_line *ret);
/* Puts it behind the others, in memory; ERR_INVALID too_many_lines. */
MUST_USE err_t order_append(struct ctx *ctx, struct order *order,
                            const struct order_line *line, const char *field);
/* Writes the lines from `first` on, which were appended. */
MUST_USE err_t order_lines_add(struct ctx *ctx, const struct order *order,
                               size_t first);

#endif
