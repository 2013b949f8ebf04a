/* inventory_units.h - which units a movement moves: lots and serial numbers.
 * Private to the room.
 *
 * The policy of a SKU says whether its units carry a lot, a number of their
 * own, or both. Such a SKU has, beside each level, a sub-ledger of the buckets
 * that can be told apart by looking at a unit: loose on the shelf, damaged, in
 * quality control, held. A movement between two of these, or from or to the
 * outside, names its lot and its serial numbers; a claim (an order, a hold, a
 * transfer that waits) is not yet about particular units and names none.
 *
 * Whoever changes units has locked the levels of the SKU before, which guards
 * all of this. As with stock: open reads what the command names, check decides
 * and changes nothing, apply works in memory, save writes in sets.
 */
#ifndef WHARF_OMS_INVENTORY_UNITS_H
#define WHARF_OMS_INVENTORY_UNITS_H

#include "oms/inventory/inventory_lot.h"
#include "oms/inventory/inventory_stock.h"

struct lot {
    lot_id id;
    sku_id sku;
    str code;
    int64_t expires_on; /* A day, or LOT_NEVER. */
    utc_ms created_at;
};

/* What a command names for one movement of a level. */
struct unit_want {
    sku_id sku;
    location_id location;
    const struct unit_names *names;
};

/* A movement that is about to be made. */
struct unit_move {
    sku_id sku;
    location_id location;
    enum stock_bucket from, to;
    int64_t qty;
    const struct unit_names *names;
    int64_t transit_id; /* The transfer whose way is the outside; 0: none. */
};

struct units;
MUST_USE err_t units_open(struct ctx *ctx, const struct unit_want *wants,
                          size_t count, struct units **ret);
/* Whether these units may move so, with what was applied before. Fails with
 * field "lot", "expires_on" or "serials". */
MUST_USE err_t units_check(struct ctx *ctx, const struct units *units,
                           const struct unit_move *move);
/* Notes a checked move and the movement that made it; the lot, or 0. */
lot_id units_apply(struct ctx *ctx, struct units *units,
                   const struct unit_move *move, int64_t moved_by);
MUST_USE err_t units_save(struct ctx *ctx, struct units *units);
/* The policy of a SKU that was named at open. */
struct unit_policy units_policy(const struct units *units, sku_id sku);
/* The lot of that code, or NULL. */
const struct lot *units_lot(const struct units *units, sku_id sku, str code);
/* Units of the lot there, those neither damaged nor set aside, and held ones.
 */
int64_t units_lot_on_hand(const struct units *units, location_id location,
                          lot_id lot);
int64_t units_lot_held(const struct units *units, location_id location,
                       lot_id lot);
int64_t units_lot_loose(const struct units *units, location_id location,
                        lot_id lot);
/* Notes that the lot's expiry there was told; true the first time. */
bool units_note_expired(struct units *units, location_id location, lot_id lot,
                        utc_ms at);

/* Policies of many SKUs; those that have none are left out. */
MUST_USE err_t policy_list(struct ctx *ctx, const sku_id *skus, size_t count,
                           struct unit_policy **ret, size_t *ret_count);

#endif
