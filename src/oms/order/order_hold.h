/* order_hold.h - orders that confirm a hold. Private to the room.
 *
 * Lines take what the hold has of their SKU first, where it is held; the rest
 * of them is routed like any other line, and what the order does not use of
 * the hold goes back in the same transaction.
 */
#ifndef WHARF_OMS_ORDER_HOLD_H
#define WHARF_OMS_ORDER_HOLD_H

#include "oms/hold/hold.h"
#include "oms/order/order_batch.h"

/* Units a line takes of a held row. */
struct held_take {
    size_t line;
    struct stock_held *row;
    int64_t qty;
};
/* What an order has of its hold; all 0 where it names none. */
struct held_plan {
    struct hold *hold;
    struct held_take *takes; /* By line. */
    size_t count;
    int64_t *qty; /* Per line: the sum of its takes. */
};

/* Locks the holds that the batch names: before any level. */
MUST_USE err_t order_hold_gather(struct order_batch *batch);
/* Appends the SKUs of their units to a list with room for them. */
size_t order_hold_skus(const struct order_batch *batch, sku_id *ret);
size_t order_hold_sku_count(const struct order_batch *batch);
/* The hold a command names, whatever its state, or NULL. */
const struct hold *order_hold_find(const struct order_batch *batch,
                                   const struct batch_item *item);
/* Finds the hold of a command and divides its units among the lines. Refuses
 * by name what cannot be confirmed; takes nothing. */
MUST_USE err_t order_hold_plan(const struct order_batch *batch,
                               const struct batch_item *item,
                               struct held_plan *ret);
/* Confirms it in memory; the allocations of the takes stand first in ret. */
void order_hold_confirm(struct order_batch *batch, const struct held_plan *held,
                        struct batch_order *fresh,
                        struct order_allocation *ret);
/* Writes the holds that were confirmed. */
MUST_USE err_t order_hold_save(struct order_batch *batch);

/* ---- order_drop.c: caps of drops ---- */

/* Locks the drops of the batch's SKUs: after the holds, before any level. */
MUST_USE err_t order_drop_gather(struct order_batch *batch);
/* Refuses what the cap of a customer does not allow. */
MUST_USE err_t order_drop_check(const struct order_batch *batch,
                                const struct batch_item *item,
                                const struct held_plan *held);
/* Counts the order's units for its customer, before its hold ends. */
void order_drop_take(const struct order_batch *batch,
                     const struct batch_item *item,
                     const struct held_plan *held, order_id order);

#endif
