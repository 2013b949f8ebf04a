/* inventory_near.h - stock of SKUs at few of many places. */
#ifndef WHARF_OMS_INVENTORY_NEAR_H
#define WHARF_OMS_INVENTORY_NEAR_H

#include "oms/inventory/inventory.h"

/* As stock_lock() for those who look at few levels of many: where levels are
 * not kept in memory, only those at `near` are read (none named: all). */
MUST_USE err_t stock_lock_near(struct ctx *ctx, const sku_id *skus,
                               size_t count, const location_id *near,
                               size_t near_count, struct stock **ret);
/* The same for those who touch the SKUs' levels at these places alone; puts
 * them in order. Of many places all levels are read. */
MUST_USE err_t stock_lock_at(struct ctx *ctx, const sku_id *skus, size_t count,
                             location_id *at, size_t at_count,
                             struct stock **ret);
/* Some units read are kept for who waits. */
bool stock_is_withheld(const struct stock *stock);

#endif
