/* inventory_lot.h - what a SKU asks of its units, and its lots. Private. */
#ifndef WHARF_OMS_INVENTORY_LOT_H
#define WHARF_OMS_INVENTORY_LOT_H

#include "oms/inventory/inventory_command.h"

/* ---- what a SKU asks of its units ---- */

struct unit_policy {
    sku_id sku;
    bool is_lot, is_serial;
    bool is_expiry_required; /* On receipt; only with is_lot. */
    int64_t version;         /* 0: never set, nothing is asked. */
};
MUST_USE err_t policy_get(struct ctx *ctx, sku_id sku, struct unit_policy *ret);
/* Sets it at policy->version, the one the caller saw (0: none yet); raises it.
 * ERR_STALE, or ERR_STATE (units_on_hand) where what is asked of each unit
 * changes while units are there or on their way. */
MUST_USE err_t policy_set(struct ctx *ctx, struct unit_policy *policy);

/* ---- particular units ---- */

/* The day of a lot that does not expire. */
#define LOT_NEVER ((int64_t)4000000)

/* A lot at a location. */
struct lot_stock {
    lot_id lot;
    sku_id sku;
    location_id location;
    str code;
    int64_t expires_on;
    int64_t on_hand, damaged, quality_control, held;
    bool is_expired; /* On this day, where it lies. */
};
struct lot_filter {
    sku_id sku;
    location_id location; /* 0: all. */
    bool is_usable; /* Unexpired lots with loose units; needs a location. */
    /* The last one seen. */
    int64_t after_expires_on;
    lot_id after_lot;
    location_id after_location;
    size_t limit;
};
/* First expired first; lots of one day by age. */
MUST_USE err_t lot_list(struct ctx *ctx, const struct lot_filter *filter,
                        struct lot_stock **ret, size_t *ret_count);
/* Moves what is loose of expired lots to held, at most `limit` lots, and tells
 * `lot.expired` once for each lot and location. Units somebody has claimed
 * stay until they are free. */
MUST_USE err_t lot_expire(struct ctx *ctx, size_t limit, bool *ret_is_more);
/* When the next lot expires where it lies and is not told yet; 0: none. */
MUST_USE err_t lot_next_expiry(struct ctx *ctx, utc_ms *ret);

#endif
