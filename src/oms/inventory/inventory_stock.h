/* inventory_stock.h - the memory of a batch on stock. Private to the room.
 *
 * Shelves stand sorted by (bucket, SKU), the order in which their levels are
 * locked. What is done to a level is kept as deltas beside the stored numbers;
 * movements and reservations wait in lists. stock_save writes all of it.
 */
#ifndef WHARF_OMS_INVENTORY_STOCK_H
#define WHARF_OMS_INVENTORY_STOCK_H

#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_shelf.h"

struct map;

struct stock_movement {
    const struct stock_level *level;
    int64_t id, prev_id;
    enum movement_type type;
    enum stock_bucket from, to;
    int64_t qty;
    str reason; /* Empty: none. */
    enum ref_kind ref_kind;
    int64_t ref_id;
    int64_t event_id;
    utc_ms at;
};

struct stock_reservation {
    const struct stock_level *level;
    reservation_id id;
    enum owner_kind owner_kind;
    int64_t owner_id, owner_n, qty;
};

/* A held row that ends. */
struct stock_end {
    const struct stock_held *held;
    enum reservation_state state;
};

/* A channel's own safety stock on a level. */
struct level_policy {
    sku_id sku;
    location_id location;
    channel_id channel;
    int64_t safety_stock, version;
};
struct level_policies { /* By (SKU, location, channel). */
    struct level_policy *at;
    size_t count;
};
/* Those of all flagged levels; asks for none where none is flagged. */
MUST_USE err_t safety_list(struct ctx *ctx, const struct stock_level *levels,
                           size_t count, struct level_policies *ret);
MUST_USE err_t safety_list_shelves(struct ctx *ctx,
                                   struct stock_shelf *const *shelves,
                                   size_t count, struct level_policies *ret);
const struct level_policy *safety_find(const struct level_policies *policies,
                                       const struct stock_level *level,
                                       channel_id channel);
int64_t safety_sellable(const struct level_policies *policies,
                        const struct stock_level *level, channel_id channel);

/* A level that was changed. */
struct stock_touched {
    struct stock_level *level;
    struct stock_memo *memo;
    struct stock_shelf *shelf;
};

struct stock {
    struct arena *arena;
    struct stock_shelf **shelves;
    size_t count;
    struct stock_touched *touched; /* By key once it is saved. */
    size_t touched_count, touched_room;
    struct stock_movement *movements;
    size_t movement_count, movement_room;
    struct stock_reservation *reservations;
    size_t reservation_count, reservation_room;
    struct stock_end *ends;
    size_t end_count, end_room;
    struct level_policies policies;
    struct map *ages; /* (SKU, location) -> struct stock_age; NULL: not read. */
};

/* Tells which touched levels have become low, or are so no longer: the net of
 * all that was done since they were locked (inventory_low.c). */
MUST_USE err_t stock_tell_low(struct ctx *ctx, const struct stock *stock);
/* Sees to it that who waits for what became free is served
 * (inventory_wait.c). */
MUST_USE err_t stock_tell_free(struct ctx *ctx, const struct stock *stock);
/* Marks the levels whose time it is (inventory_then.c). */
MUST_USE err_t stock_mark(struct ctx *ctx, const struct stock *stock);

/* Units of that bucket, with what is not yet saved. AVAILABLE is what no other
 * bucket claims: safety stock is a policy and does not count here. */
int64_t stock_bucket_qty(const struct stock_level *level,
                         enum stock_bucket bucket);

/* Whether some channel may take so many: what the takers ASSERT. */
bool stock_is_there(const struct stock_level *level, int64_t qty);

/* What a movement says, apart from its level and the id it gets. */
struct stock_move {
    enum movement_type type;
    enum stock_bucket from, to; /* Not the same. */
    int64_t qty;                /* Over 0, and there (ASSERT). */
    str reason;
    enum ref_kind ref_kind;
    int64_t ref_id;
    int64_t event_id;
};
/* Moves units in memory and notes the movement. */
void stock_move(struct ctx *ctx, struct stock *stock, struct stock_level *level,
                const struct stock_move *move);
/* Notes a reservation row to be written: a commit for an order line, else a
 * hold. */
reservation_id stock_reserve(struct ctx *ctx, struct stock *stock,
                             const struct stock_level *level,
                             const struct stock_owner *owner, int64_t qty);
/* Notes the end of a held row. */
void stock_end(struct stock *stock, const struct stock_held *held,
               enum reservation_state state);
/* Units announced for a level, or no longer (by under 0): no movement. */
void stock_expect(struct stock *stock, struct stock_level *level, int64_t by);
/* Marks a level as changed though no unit moves (safety stock). */
void stock_touch(struct stock *stock, const struct stock_level *level);
/* The shelf of a SKU that was locked, or NULL. */
struct stock_shelf *stock_shelf_find(const struct stock *stock, sku_id sku);

#endif
