/* order_route.h - what placing tells the router, and what it keeps of it.
 *
 * Private to the room's batch, beside order_batch.h.
 */
#ifndef WHARF_OMS_ORDER_ROUTE_H
#define WHARF_OMS_ORDER_ROUTE_H

#include "oms/order/order_batch.h"

/* Once SKUs and strategies are known: points of addresses, values of SKU
 * attributes and loads of sites, each only where a strategy asks for it. */
MUST_USE err_t order_route_gather(struct order_batch *batch);
/* Refuses what cannot be routed at all: a place of pickup that is none. */
MUST_USE err_t order_route_check(struct order_batch *batch,
                                 struct batch_item *item);
/* Routes what is not held: all of it where no hold is named. */
void order_route_plan(struct order_batch *batch, const struct batch_item *item,
                      const struct held_plan *held,
                      struct routing_request *request,
                      struct routing_plan *ret);
/* Refuses by the plan: a step that says so, or stock that is not there. */
MUST_USE err_t order_route_verdict(const struct order_batch *batch,
                                   const struct batch_item *item,
                                   const struct routing_plan *plan);
/* Takes capacity and makes the promises of an order that is decided. */
void order_route_take(struct order_batch *batch,
                      const struct routing_request *request,
                      const struct routing_plan *plan,
                      const struct order_cmd *cmd, struct batch_order *fresh);
MUST_USE err_t order_route_save(struct order_batch *batch);

struct map;
/* What SKUs say under the keys that the strategy's filters ask for: (SKU, key)
 * -> str. NULL: they ask for none. */
MUST_USE err_t order_route_attrs(struct ctx *ctx,
                                 const struct routing_strategy *strategy,
                                 const sku_id *skus, size_t count,
                                 struct map **ret);
/* Of one SKU, one per key; NULL where `attrs` is. */
const str *order_route_attrs_of(struct arena *arena,
                                const struct routing_strategy *strategy,
                                const struct map *attrs, sku_id sku);

#endif
