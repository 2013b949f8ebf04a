/* fulfillment_take.h - steps of a change of an order that save nothing by
 * themselves. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_TAKE_H
#define WHARF_OMS_FULFILLMENT_TAKE_H

#include "oms/fulfillment/fulfillment_store.h"

/* Units that leave the FOs of an order, in memory (fulfillment_withdraw.c). */
struct fulfillment_taking {
    const struct order *order; /* As it is stored. */
    struct fulfillment **all;
    size_t count;
    struct fulfillment_cut *cuts; /* Out: where they come from. */
    size_t cut_count;
    int64_t *stuck; /* Out, per cut; NULL: units in work are refused. */
};
MUST_USE err_t fulfillment_take(struct ctx *ctx,
                                struct fulfillment_taking *taking,
                                const struct fulfillment_cut *cuts,
                                size_t count);

/* The plan of fulfillment_reroute alone. */
MUST_USE err_t fulfillment_route_ask(struct ctx *ctx,
                                     struct fulfillment_work *work,
                                     struct fulfillment_route *route,
                                     struct routing_plan *ret);
#endif
