/* change_kit.c - the command "this SKU is a kit of these".
 *
 * It stands above catalog because a SKU with stock, or with lines of orders
 * that wait for it, must not become one in silence: nobody would ever ship
 * those units.
 */
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/inventory/inventory_command.h"
#include "oms/order/order_kit.h"

err_t change_kit(struct ctx *ctx, sku_id id, const struct kit_cmd *cmd)
{
    ASSERT(ctx->tx);
    bool is_stocked, is_awaited;
    TRY(kit_set(ctx, id, cmd));
    if (cmd->count == 0)
        return OK;
    TRY(inventory_is_stocked(ctx, id, &is_stocked));
    if (is_stocked)
        return fail_as(ctx, ERR_STATE, "sku_has_stock", "components",
                       "units of it are on hand or on their way; a kit has no "
                       "stock of its own");
    TRY(order_is_awaited(ctx, id, &is_awaited));
    if (is_awaited)
        return fail_as(ctx, ERR_STATE, "sku_is_awaited", "components",
                       "lines of orders wait for stock of it");
    return OK;
}
