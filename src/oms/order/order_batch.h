/* order_batch.h - the working memory of order_place_many. Private to it.
 *
 * Three steps, three files: order_gather.c reads what all commands need in a
 * few set reads, order_decide.c decides one command after another in memory,
 * order_place.c writes what was decided in set writes.
 */
#ifndef WHARF_OMS_ORDER_BATCH_H
#define WHARF_OMS_ORDER_BATCH_H

#include "base/map.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_store.h"
#include "oms/routing/routing_zone.h"

struct batch_holds;
struct order_doubts;
struct order_taxes;
struct held_plan;
struct drop_batch;

struct batch_channel {
    str code;
    struct channel *channel; /* NULL: unknown. */
    const struct routing_strategy *strategy;
    struct map *attrs;   /* (SKU, key) -> str; NULL: none is asked for. */
    int64_t accepted;    /* New orders of this batch. */
    int64_t next_number; /* Known once all are decided. */
};

struct batch_sku {
    str code;
    struct sku *sku; /* NULL: unknown. */
    /* Of a kit: its components, what its lines keep of them, and what the
     * router asks for. */
    const struct kit_part *components;
    const struct order_part *parts;
    const struct routing_part *needs;
    size_t part_count;
};

/* An order decided in this batch and not yet written. */
struct batch_order {
    struct order order;
    struct batch_channel *channel;
    const struct ctx *ctx; /* The command's, for its actor. */
    int64_t placed_event, confirmed_event;
    int64_t strategy_version;
    str decision, candidates;
    const struct routing_promise *promises;
    size_t promise_count;
    utc_ms promise_at; /* The last of them; 0: none. */
    const struct order_doubts *doubts;
};

/* What a (channel, external id) stands for. */
struct batch_key {
    struct order_known *known; /* In the store. */
    struct batch_order *fresh; /* In this batch. */
};

/* One command and what was gathered for it. */
struct batch_item {
    struct order_place_item *item;
    struct batch_channel *channel;
    struct batch_key *key;   /* NULL: the channel is unknown. */
    struct batch_sku **skus; /* Per line. */
    struct routing_destination to;
    location_id pickup_at; /* 0: it is not picked up at a place named. */
    int64_t total;         /* Of the order, once it is checked. */
    bool is_past;          /* A stored order, to be looked at again. */
    const struct order_doubts *doubts; /* NULL: nothing is in doubt. */
};

struct order_batch {
    struct ctx *ctx;
    struct batch_item *items;
    size_t count;
    struct map *channels; /* code -> struct batch_channel */
    struct batch_channel *channel_at;
    size_t channel_count;
    struct stock *stock;
    struct batch_holds *holds;    /* order_hold.c; NULL: none is named. */
    struct drop_batch *drops;     /* NULL: none of the SKUs has one. */
    struct routing_loads *loads;  /* NULL: no site has a capacity. */
    struct order_taxes *taxes;    /* NULL: they come with all of them. */
    struct batch_order **fresh;   /* In arrival order. */
    size_t fresh_count, promised; /* Of those, with a promise. */
    /* Stock was read at the first places of the lists alone; and some order
     * asks for more than that. */
    bool is_near, is_short;
};

/* Reads channels, stored orders, SKUs, strategies; locks the levels, or with
 * may_be_near those that most orders ask for (order_near.c). */
MUST_USE err_t order_batch_gather(struct ctx *ctx,
                                  struct order_place_item *items, size_t count,
                                  bool may_be_near, struct order_batch *ret);
/* Locks the stock of those SKUs. */
MUST_USE err_t order_near_lock(struct order_batch *batch, const sku_id *skus,
                               size_t count, bool may_be_near);
/* Whether what was read of the stock is all that the plan depends on. */
bool order_near_covers(const struct order_batch *batch,
                       const struct batch_item *item,
                       const struct routing_plan *plan);
/* Refuses an e-mail address, a telephone number or a service that cannot be
 * right; what was sold elsewhere is taken with item->doubts. */
MUST_USE err_t order_doubt_check(struct batch_item *item);
/* {"fields": […]}, of the event order.doubtful. */
str order_doubt_data(struct arena *arena, const struct order_doubts *doubts);
/* What is asked of a command before it is routed. */
MUST_USE err_t order_batch_check(struct order_batch *batch,
                                 struct batch_item *item);
/* Sets the outcome of one command; takes its stock in memory only where it is
 * accepted. What it returns is for the batch as a whole. */
MUST_USE err_t order_batch_decide(struct order_batch *batch,
                                  struct batch_item *item);

#endif
