/* inventory_shelf.h - the levels of SKUs in memory, and which are kept there.
 * Private to the room.
 *
 * Where the connection is the only one that writes (SQLite), the shelves used
 * last stay in its memory, so that a SKU at a thousand places is not read for
 * every batch. A kept shelf is what is stored, always: stock_save folds what it
 * wrote into it; it goes where what was done on it is undone, where levels are
 * made (level_open), and where anybody else wrote to the file. One that was
 * changed and never saved is read again. Elsewhere each batch reads its own.
 */
#ifndef WHARF_OMS_INVENTORY_SHELF_H
#define WHARF_OMS_INVENTORY_SHELF_H

#include "oms/inventory/inventory.h"

/* What of a level was stored when it was locked. */
struct stock_memo {
    int64_t movement_id;
    int64_t safety_stock, low_stock, channel_policies;
    int64_t moves; /* Since then. */
    bool is_touched;
};

/* All levels of a SKU. */
struct stock_shelf {
    sku_id sku;
    struct stock_level *levels; /* By location. */
    struct stock_memo *memos;   /* One per level. */
    size_t count;
    bool has_policies; /* Channels have a safety stock of their own on some. */
    bool is_withheld;  /* Some are for who waits. */
    bool is_dirty;     /* Changed here, not saved. */
    bool is_kept;      /* As it is stored: others may find it. */
    size_t bytes;
    int64_t mark;             /* The command that used it last. */
    struct stock_shelf *next; /* Not kept any more: until nobody reads it. */
};

/* The levels somebody asks for; none named: all. */
struct shelf_near {
    const location_id *at;
    size_t count;
};
/* Those of distinct SKUs in the order of (bucket, id), locked in it; a shelf
 * may be empty. They are the caller's until its transaction ends: whoever locks
 * a SKU again in the same command gets another one.
 *
 * Where nothing is kept, of each SKU one level is locked, which keeps out all
 * others who lock, and only those that are near are read. */
MUST_USE err_t shelf_lock(struct ctx *ctx, const sku_id *skus, size_t count,
                          const struct shelf_near *near,
                          struct stock_shelf ***ret);
/* The level's memory of what is stored. */
void shelf_note(struct stock_memo *memo, const struct stock_level *level);
/* All that it says of its levels is stored now. */
void shelf_saved(struct ctx *ctx, struct stock_shelf *shelf);
/* Others have changed levels of the SKU. */
void shelf_forget(struct ctx *ctx, sku_id sku);

#endif
