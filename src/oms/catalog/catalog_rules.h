/* catalog_rules.h - what a product and a SKU must be. Private to the room. */
#ifndef WHARF_OMS_CATALOG_RULES_H
#define WHARF_OMS_CATALOG_RULES_H

#include "oms/catalog/catalog.h"

enum { SKU_MAX_MM = 1000000, SKU_MAX_G = 1000000000 };

MUST_USE err_t sku_check(struct ctx *ctx, const struct sku_cmd *cmd);
MUST_USE err_t product_check(struct ctx *ctx, const struct product_cmd *cmd);

#endif
