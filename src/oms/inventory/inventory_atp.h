/* inventory_atp.h - what can be promised by a day. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_ATP_H
#define WHARF_OMS_INVENTORY_ATP_H

#include "oms/inventory/inventory_supply.h"

struct atp_query {
    sku_id sku;
    location_id location; /* 0: all. */
    bool has_first, has_last;
    int64_t first, last; /* Days; by default today and a month of it. */
};
struct atp_day {
    int64_t incoming; /* Expected on that day, where it lies. */
    int64_t atp;      /* At its end. */
};
struct atp_place {
    location_id location;
    str tz;
    int64_t available; /* May be below 0. */
    int64_t late;      /* Open, and expected before now; counted in atp. */
    struct atp_day *days;
};
struct atp {
    int64_t first;
    size_t day_count;
    int64_t backordered; /* Units of the SKU that orders wait for. */
    struct atp_place *places;
    size_t place_count;
    struct atp_place total; /* Less what is backordered. */
};
MUST_USE err_t atp_compute(struct ctx *ctx, const struct atp_query *query,
                           struct atp *ret);

#endif
