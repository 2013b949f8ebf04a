/* inventory_stock.h - the memory of a batch on stock. Private to the room.
 *
 * Levels stand sorted by (bucket, SKU, location), the order in which they are
 * locked. What is done to one is kept as deltas beside the stored numbers;
 * movements and reservations wait in lists. stock_save writes all of it.
 */
#ifndef WHARF_OMS_INVENTORY_STOCK_H
#define WHARF_OMS_INVENTORY_STOCK_H

#include "oms/inventory/inventory.h"

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

/* What of a level was stored when it was locked. */
struct stock_memo {
    int64_t movement_id;
    int64_t safety_stock;
    bool is_touched;
};

struct stock {
    struct arena *arena;
    struct stock_level *levels;
    struct stock_memo *memos; /* One per level. */
    size_t count;
    struct stock_movement *movements;
    size_t movement_count, movement_room;
    struct stock_reservation *reservations;
    size_t reservation_count, reservation_room;
    struct stock_end *ends;
    size_t end_count, end_room;
};

/* Units of that bucket, with what is not yet saved. AVAILABLE is what no other
 * bucket claims: safety stock is a policy and does not count here. */
int64_t stock_bucket_qty(const struct stock_level *level,
                         enum stock_bucket bucket);

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
/* Marks a level as changed though no unit moves (safety stock). */
void stock_touch(struct stock *stock, const struct stock_level *level);

#endif
