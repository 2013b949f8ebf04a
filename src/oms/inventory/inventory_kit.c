/* inventory_kit.c - what can be made of a kit where: the least of what its
 * components allow (I8). */
#include "oms/inventory/inventory.h"

err_t inventory_is_stocked(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct stock *stock;
    struct stock_level *levels;
    TRY(stock_lock(ctx, &sku, 1, &stock));
    size_t count = stock_levels(stock, sku, &levels);
    *ret = false;
    for (size_t i = 0; i < count; i++)
        *ret |= levels[i].on_hand > 0 || levels[i].incoming > 0;
    return OK;
}
