/* inventory.h - the inventory room: units, where they are, who they are for.
 *
 * A level is one SKU at one location. Units move between the buckets of
 * DOMAIN 2 only together with an append-only movement and, where somebody
 * owns them, a reservation row, all in one transaction. The hot face works on
 * a batch: lock the levels of all SKUs once, decide in memory, save in set
 * writes. A command refused in between has changed nothing if it decides
 * before it takes.
 */
#ifndef WHARF_OMS_INVENTORY_H
#define WHARF_OMS_INVENTORY_H

#include "base/base.h"
#include "oms/ids.h"
#include "oms/inventory/inventory_types.h"

struct room;

struct location {
    location_id id;
    enum location_type type;
    bool is_active;
    bool is_shipping;
    str code, name;
};

enum { LOW_NEVER = -1 };
struct stock_level {
    sku_id sku;
    location_id location;
    int64_t on_hand, committed, reserved, damaged, quality_control, held;
    int64_t incoming, safety_stock;
    int64_t last_movement_id;
    int64_t version;
    int64_t low_stock; /* Low at that many available or fewer; LOW_NEVER. */
    int64_t channel_policies; /* Channels with a safety stock of their own. */
    /* Changes not yet saved; stock_save folds them in. */
    int64_t delta_committed, delta_on_hand, delta_reserved, delta_damaged;
    int64_t delta_quality_control, delta_held, delta_incoming;
    int64_t withheld; /* For who waits: inventory_wait.h. */
};

/* The one formula of DOMAIN 2, with what is not yet saved; may be negative. */
int64_t stock_available(const struct stock_level *level);

/* All levels of the SKUs of a batch, locked for change in key order, plus
 * what the batch will write. Lives in the arena of the context that locked,
 * which must not be reset to a mark before stock_save. */
struct stock;
/* What a channel may sell: its own safety stock, where it has one, stands in
 * place of the level's. Decide by this; below zero is nothing. */
int64_t stock_sellable(const struct stock *stock,
                       const struct stock_level *level, channel_id channel);
MUST_USE err_t stock_lock(struct ctx *ctx, const sku_id *skus, size_t count,
                          struct stock **ret);
/* The levels of a SKU, in order of location id; may be none. */
size_t stock_levels(struct stock *stock, sku_id sku,
                    struct stock_level **ret_first);
struct stock_level *stock_level_find(struct stock *stock, sku_id sku,
                                     location_id location);
/* One of a SKU's levels, or NULL; *at, 0 at first, speeds up a walk. */
struct stock_level *stock_level_next(struct stock_level *levels, size_t count,
                                     location_id location, size_t *at);

struct stock_owner {
    enum owner_kind kind;
    int64_t id;       /* The order, hold or transfer. */
    int64_t n;        /* The line or item of it. */
    int64_t event_id; /* The event that names this change. */
};
/* Commits qty units of the level to an owner, in memory: reservation row,
 * movement and delta. qty must be available (ASSERT): decide first. */
reservation_id stock_commit(struct ctx *ctx, struct stock *stock,
                            struct stock_level *level, int64_t qty,
                            const struct stock_owner *owner);
/* Sets qty available units aside for a hold or a transfer, in memory: they are
 * reserved. As stock_commit. */
reservation_id stock_hold(struct ctx *ctx, struct stock *stock,
                          struct stock_level *level, int64_t qty,
                          const struct stock_owner *owner);

/* Live reserved units as they are stored, and what of them is still there. */
struct stock_held {
    reservation_id id;
    struct stock_owner owner; /* Without an event. */
    sku_id sku;
    location_id location;
    int64_t qty, left;
    reservation_id successor; /* The first commit row that took of them. */
};
/* The live rows of many owners, by owner and id. The owners are locked, or
 * their rows may end meanwhile (then stock_save fails with ERR_RETRY). */
MUST_USE err_t inventory_held_list(struct ctx *ctx, const int64_t *owners,
                                   size_t count, struct stock_held **ret,
                                   size_t *ret_count);
/* Commits qty of what is left of a row to an order line, in memory. */
reservation_id stock_confirm(struct ctx *ctx, struct stock *stock,
                             struct stock_held *held, int64_t qty,
                             const struct stock_owner *owner);
/* Ends a row, in memory, once for each: what is left goes back. The row is
 * committed where some of it was confirmed, else released or expired. */
void stock_unhold(struct ctx *ctx, struct stock *stock, struct stock_held *held,
                  enum reservation_state end, int64_t event_id);
/* False where a level does not cover the rows: somebody changed rows by hand.
 * Ask before the two above, which ASSERT it. */
bool stock_covers(struct stock *stock, const struct stock_held *held,
                  size_t count);
/* Writes reservations, movements and one guarded UPDATE per level. Fails with
 * ERR_RETRY if a guard did not hold. */
MUST_USE err_t stock_save(struct ctx *ctx, struct stock *stock);

struct reservation {
    reservation_id id;
    sku_id sku;
    location_id location;
    int64_t owner_n;
    int64_t qty;
    enum reservation_kind kind;
    enum reservation_state state;
};
/* All reservation rows of an order, by id. */
MUST_USE err_t inventory_reservations_list(struct ctx *ctx, order_id order,
                                           struct reservation **ret,
                                           size_t *ret_count);
/* Releases `qty` units of live commit rows of the order by row id; a row
 * released in part is split: it becomes moved and points to its successor.
 * Each element names one row. Writes movements; events are the caller's. */
struct stock_release {
    reservation_id id;
    int64_t qty;
};
MUST_USE err_t inventory_release(struct ctx *ctx, order_id order,
                                 const struct stock_release *rows, size_t count,
                                 int64_t event_id);

MUST_USE err_t location_get(struct ctx *ctx, location_id id,
                            struct location *ret);
MUST_USE err_t location_find(struct ctx *ctx, str code, struct location *ret,
                             bool *found);
/* All of them, in order of id. */
MUST_USE err_t location_list(struct ctx *ctx, struct location **ret,
                             size_t *ret_count);
/* Many by id; missing ones are left out. */
MUST_USE err_t location_list_ids(struct ctx *ctx, const location_id *ids,
                                 size_t count, struct location **ret,
                                 size_t *ret_count);

extern const struct room inventory_room;

#endif
