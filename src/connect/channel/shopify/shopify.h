/* shopify.h - the Shopify channel: its orders as ours. */
#ifndef WHARF_CONNECT_SHOPIFY_H
#define WHARF_CONNECT_SHOPIFY_H

#include "connect/channel/import.h"

struct draft;

/* Reads an order of the Admin REST API, any version, or of its webhooks. */
MUST_USE err_t shopify_read_order(struct ctx *ctx, json_any order,
                                  struct import_order *ret);
/* Who bought, where it goes, what was said; private to the folder. */
MUST_USE err_t shopify_read_people(struct draft *draft);
/* Lines, shipping and what is charged, so that they meet total_price. */
MUST_USE err_t shopify_read_amounts(struct draft *draft);

#endif
