/* fulfillment_bin.h - where SKUs lie at a location, and how the location works.
 * Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_BIN_H
#define WHARF_OMS_FULFILLMENT_BIN_H

#include "oms/fulfillment/fulfillment_pick_rules.h"

enum {
    PICKUP_HOLD_DAYS = 7, /* Where a location says nothing. */
    LIMIT_PICKUP_HOLD_DAYS = 60,
    TOTE_UNITS = 200,
    LIMIT_TOTE_UNITS = 100000
};

/* ---- places ---- */

struct sku_bin {
    location_id location;
    sku_id sku;
    str bin, zone; /* zone may be empty. */
    int64_t version;
    utc_ms updated_at;
};
struct bin_cmd {
    str location, sku; /* Codes. */
    str bin, zone;     /* Empty bin: it has no place any more. */
    bool has_version;
    int64_t version; /* The one the caller saw; 0: none. */
};
/* All of them or none; says `bin.set` or `bin.cleared` about each SKU that
 * changes. ret_changed may be NULL. */
MUST_USE err_t bin_set(struct ctx *ctx, const struct bin_cmd *cmds,
                       size_t count, int64_t *ret_changed);
/* Those of many SKUs at one location; SKUs without a place are left out. */
MUST_USE err_t bin_list_skus(struct ctx *ctx, location_id location,
                             const sku_id *skus, size_t count,
                             struct sku_bin **ret, size_t *ret_count);
struct bin_filter {
    location_id location;
    sku_id sku, after; /* sku 0: all. */
    size_t limit;
};
MUST_USE err_t bin_page(struct ctx *ctx, const struct bin_filter *filter,
                        struct sku_bin **ret, size_t *ret_count);

/* ---- how a location works ---- */

struct location_work {
    location_id location;
    bool is_auto_pick; /* A task is made as soon as there is work. */
    enum pick_mode pick_mode;
    int64_t tote_units; /* Of one walk, where nothing else is said. */
    int64_t pickup_hold_days;
    int64_t version; /* 0: never set. */
    utc_ms updated_at;
};
/* Of many locations, in their order; those never set as they are by default. */
MUST_USE err_t location_work_list(struct ctx *ctx, const location_id *ids,
                                  size_t count, struct location_work **ret);
/* At work->version, the one the caller saw; raises it. */
MUST_USE err_t location_work_set(struct ctx *ctx, struct location_work *work);

#endif
