/* routing_capacity.h - how full sites with a capacity are.
 *
 * A batch reads the day and the hour of each such site once; what it sends
 * there counts at once for the orders behind it. Only rows that changed are
 * written, last, and refused (ERR_RETRY) where another writer filled the site
 * meanwhile. Stores without capacities read and write nothing.
 */
#ifndef WHARF_OMS_ROUTING_CAPACITY_H
#define WHARF_OMS_ROUTING_CAPACITY_H

#include "oms/routing/routing.h"

/* NULL where no site has a capacity. */
MUST_USE err_t routing_loads_read(struct ctx *ctx,
                                  const struct routing_strategy *strategy,
                                  struct routing_loads **ret);

struct routing_part_load {
    location_id location;
    int64_t units;
};
/* Counts, in memory, what of an order goes where; one per location. Takes
 * NULL. */
void routing_loads_take(struct ctx *ctx, struct routing_loads *loads,
                        order_id order, const struct routing_part_load *parts,
                        size_t count);
/* The same, from a plan. */
void routing_loads_take_plan(struct ctx *ctx, struct routing_loads *loads,
                             order_id order, const struct routing_plan *plan);
/* Takes NULL. */
MUST_USE err_t routing_loads_save(struct ctx *ctx, struct routing_loads *loads);
/* Gives back what an order no longer takes of its sites: cancelled units, or
 * units that ship from elsewhere. More than it took there is passed over. */
MUST_USE err_t routing_loads_give_back(struct ctx *ctx, order_id order,
                                       const struct routing_part_load *parts,
                                       size_t count);

#endif
