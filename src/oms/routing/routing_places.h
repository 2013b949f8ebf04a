/* routing_places.h - which places serve the orders of a channel, for queues of
 * orders that wait. A public header of the room.
 */
#ifndef WHARF_OMS_ROUTING_PLACES_H
#define WHARF_OMS_ROUTING_PLACES_H

#include "oms/inventory/inventory_wait.h"

struct map;

/* The strategies of the channels that were asked about. */
struct routing_places {
    struct ctx *ctx;
    struct map *by_channel; /* struct routing_strategy. */
    err_t err;              /* Of reading one: to be returned in the end. */
};
/* The rule asks *ret, as long as that lives. */
struct peg_rule routing_places_open(struct ctx *ctx,
                                    struct routing_places *ret);
/* wait_withhold() by this rule. */
MUST_USE err_t routing_withhold(struct ctx *ctx, struct stock *stock);

#endif
