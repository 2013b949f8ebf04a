/* order_peg.c - pegs queues to supply that serves the channels of the orders.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "oms/order/order_wait.h"
#include "oms/routing/routing.h"

enum { PEG_TURNS = 4 };

/* The strategies of the channels that were asked about. */
struct places {
    struct ctx *ctx;
    struct map *by_channel; /* struct routing_strategy. */
    err_t err;
};

static const struct routing_strategy *strategy_of(struct places *places,
                                                  channel_id channel)
{
    struct map_key key = {.a = channel.v};
    struct routing_strategy *found = map_find(places->by_channel, key);
    if (!found && places->err == OK) {
        places->err = routing_strategy_list(places->ctx, &channel, 1, &found);
        if (places->err != OK)
            return NULL;
        map_set(places->by_channel, key, found);
    }
    return found;
}

static int compare(const void *key, const void *rank)
{
    int64_t a = ((const location_id *)key)->v;
    int64_t b = ((const struct routing_rank *)rank)->location.v;
    return (a > b) - (a < b);
}

static bool serves(void *arg, channel_id channel, location_id location)
{
    const struct routing_strategy *strategy = strategy_of(arg, channel);
    return strategy && strategy->count > 0 &&
           bsearch(&location, strategy->by_id, strategy->count,
                   sizeof *strategy->by_id, compare) != NULL;
}

err_t order_peg_turn(struct ctx *ctx, bool *ret_is_more)
{
    struct wait_turn *turns;
    size_t count;
    struct places places = {.ctx = ctx, .by_channel = map_open(ctx->arena, 4)};
    struct peg_rule rule = {serves, &places};
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
