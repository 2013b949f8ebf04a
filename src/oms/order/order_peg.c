/* order_peg.c - pegs queues to supply that serves the channels of the orders.
 */
#include "oms/order/order_wait.h"
#include "oms/routing/routing_places.h"

enum { PEG_TURNS = 4 };

err_t order_peg_turn(struct ctx *ctx, bool *ret_is_more)
{
    struct wait_turn *turns;
    size_t count;
    struct routing_places places;
    struct peg_rule rule = routing_places_open(ctx, &places);
    TRY(wait_turn_list(ctx, WAIT_PEG, PEG_TURNS, &turns, &count));
    for (size_t i = 0; i < count; i++) {
        order_id *changed;
        size_t n;
        TRY(peg_slice(ctx, &turns[i], &rule, &changed, &n));
        TRY(places.err);
        TRY(order_wait_touch(ctx, changed, n, NULL, 0));
    }
    TRY(wait_turn_list(ctx, WAIT_PEG, 1, &turns, &count));
    *ret_is_more |= count > 0;
    return OK;
}
