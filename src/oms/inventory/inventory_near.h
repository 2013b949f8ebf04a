/* inventory_near.h - stock of SKUs at few of many places. */
#ifndef WHARF_OMS_INVENTORY_NEAR_H
#define WHARF_OMS_INVENTORY_NEAR_H

#include "oms/inventory/inventory.h"

/* For those who look at many levels and take of few: where levels are not kept
 * in memory, locks each SKU by one of them and reads those at `near` alone
 * (none named: all). What is taken is guarded by stock_save as ever. */
MUST_USE err_t stock_lock_near(struct ctx *ctx, const sku_id *skus,
                               size_t count, const location_id *near,
                               size_t near_count, struct stock **ret);
/* Some units read are kept for who waits. */
bool stock_is_withheld(const struct stock *stock);

#endif
