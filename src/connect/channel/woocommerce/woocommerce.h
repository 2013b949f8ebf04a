/* woocommerce.h - the WooCommerce channel: its orders as ours. */
#ifndef WHARF_CONNECT_WOOCOMMERCE_H
#define WHARF_CONNECT_WOOCOMMERCE_H

#include "connect/channel/import.h"

struct draft;

/* Reads an order of the REST API, v1 to v3, or of its webhooks. */
MUST_USE err_t woocommerce_read_order(struct ctx *ctx, json_any order,
                                      struct import_order *ret);
/* Lines, shipping, fees and taxes, so that they meet total; private to the
 * folder. */
MUST_USE err_t woocommerce_read_amounts(struct draft *draft);
/* Puts each tax rate's total on what bears it, by unrounded shares. */
MUST_USE err_t woocommerce_read_taxes(struct draft *draft);

#endif
