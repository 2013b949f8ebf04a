/* routing_places.c - which places serve the orders of a channel, asked by who
 * walks the queues of those who wait. */
#include "oms/routing/routing_places.h"

#include <stdlib.h>

#include "base/map.h"
#include "oms/routing/routing.h"

static const struct routing_strategy *strategy_of(struct routing_places *places,
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

struct peg_rule routing_places_open(struct ctx *ctx, struct routing_places *ret)
{
    *ret = (struct routing_places){ctx, map_open(ctx->arena, 4), OK};
    return (struct peg_rule){serves, ret};
}

err_t routing_withhold(struct ctx *ctx, struct stock *stock)
{
    struct routing_places places;
    struct peg_rule rule = routing_places_open(ctx, &places);
    TRY(wait_withhold(ctx, stock, &rule));
    return places.err;
}
