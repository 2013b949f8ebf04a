/* inventory_live.h - what may be sold now, for those who watch it. */
#ifndef WHARF_OMS_INVENTORY_LIVE_H
#define WHARF_OMS_INVENTORY_LIVE_H

#include "base/base.h"
#include "oms/feed.h"
#include "oms/ids.h"

struct live_sku {
    sku_id id;
    str code;
};

/* What a client of GET /v1/inventory/live watches. */
struct level_want {
    struct feed_want feed;
    const struct live_sku *skus;
    size_t sku_count;
    const location_id *locations; /* In order of id. */
    size_t location_count;        /* 0: all there are. */
};

struct live_level {
    sku_id sku;
    location_id location;
    int64_t available; /* Not below 0. */
    int64_t version;
};
/* All levels of those SKUs, by SKU and location. */
MUST_USE err_t live_level_list(struct ctx *ctx, const sku_id *skus,
                               size_t count, struct live_level **ret,
                               size_t *ret_count);

#endif
