/* order_near.c - how much of the stock a batch of orders reads.
 *
 * A channel that ships from a thousand places ships almost every order from the
 * first one. Where levels are not kept in memory (PostgreSQL) and all channels
 * of a batch go by plain lists, the first ten places of each are read. An order
 * that one of these holds whole is decided by them alone, and its decision
 * names no others. If any order of the batch is not, the batch is decided again
 * with all levels.
 */
#include "base/arena.h"
#include "base/map.h"
#include "oms/inventory/inventory_near.h"
#include "oms/order/order_hold.h"
#include "oms/routing/routing.h"
#include "oms/routing/routing_places.h"

enum { NEAR_PLACES = ROUTING_CANDIDATES, NEAR_MOST = 64 };

/* Some list is long, and none is walked by rules. */
static bool are_plain(const struct order_batch *batch)
{
    bool is_long = false;
    for (size_t i = 0; i < batch->channel_count; i++) {
        const struct routing_strategy *strategy = batch->channel_at[i].strategy;
        if (strategy && strategy->scenario_count > 0)
            return false;
        is_long |= strategy && strategy->count > NEAR_PLACES;
    }
    return is_long;
}

static bool are_sent(const struct order_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i].item->cmd->pickup_location.len > 0)
            return false;
    return true;
}

/* The first places of all lists, each once; 0: too many, or none is long. */
static size_t places_of(const struct order_batch *batch, location_id *ret)
{
    struct map *known = map_open(batch->ctx->arena, NEAR_MOST);
    size_t n = 0;
    for (size_t i = 0; i < batch->channel_count; i++) {
        const struct routing_strategy *strategy = batch->channel_at[i].strategy;
        for (size_t j = 0; strategy && j < strategy->count && j < NEAR_PLACES;
             j++) {
            struct map_key key = {.a = strategy->locations[j].v};
            if (map_find(known, key))
                continue;
            if (n == NEAR_MOST)
                return 0;
            map_set(known, key, ret);
            ret[n++] = strategy->locations[j];
        }
    }
    return n;
}

err_t order_near_lock(struct order_batch *batch, const sku_id *skus,
                      size_t count, bool may_be_near)
{
    struct ctx *ctx = batch->ctx;
    location_id places[NEAR_MOST];
    size_t n = 0;
    if (may_be_near && !batch->holds && !batch->drops && are_plain(batch) &&
        are_sent(batch))
        n = places_of(batch, places);
    if (n == 0) {
        TRY(stock_lock(ctx, skus, count, &batch->stock));
        return routing_withhold(ctx, batch->stock);
    }
    TRY(stock_lock_near(ctx, skus, count, places, n, &batch->stock));
    TRY(routing_withhold(ctx, batch->stock));
    batch->is_near = true;
    /* Which places keep units for who waits, all levels together say. */
    batch->is_short = stock_is_withheld(batch->stock);
    return OK;
}

bool order_near_covers(const struct order_batch *batch,
                       const struct batch_item *item,
                       const struct routing_plan *plan)
{
    if (!batch->is_near || plan->rule == ROUTING_UNTRACKED)
        return true;
    if (plan->rule != ROUTING_WHOLE_ORDER)
        return false;
    for (size_t i = 0; i < plan->count; i++)
        if (routing_rank_find(item->channel->strategy, plan->at[i].location) >=
            NEAR_PLACES)
            return false;
    return true;
}
