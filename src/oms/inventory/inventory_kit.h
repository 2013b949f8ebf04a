/* inventory_kit.h - kits as if they had levels. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_KIT_H
#define WHARF_OMS_INVENTORY_KIT_H

#include "oms/inventory/inventory_store.h"

struct json_out;
struct sku;

/* What can be made of a kit at a location: the least of what its components
 * allow (I8). May be below zero. */
struct kit_level {
    location_id location;
    int64_t available, sellable;
};
struct kit_page {
    struct kit_level *at;
    size_t count;
    bool is_full; /* There may be more behind `last`. */
    location_id last;
};
/* In order of location, those where all components have a level. `sellable` is
 * the channel's, where one is given. */
MUST_USE err_t kit_level_page(struct ctx *ctx, const struct level_filter *kit,
                              channel_id channel, struct kit_page *ret);
MUST_USE err_t kit_levels_write(struct ctx *ctx, struct json_out *out,
                                const struct sku *kit,
                                const struct kit_page *page, bool has_channel);

#endif
