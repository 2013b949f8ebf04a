/* order_due.h - what of many orders is allocated, and where: set reads.
 *
 * A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_DUE_H
#define WHARF_OMS_ORDER_DUE_H

#include "oms/order/order_fulfil.h"
#include "oms/order/order_held.h"

struct order_due_unit { /* Of a line at a location, once. */
    int64_t n;
    sku_id sku;
    location_id location; /* 0: an untracked line that is nowhere. */
    int64_t qty;          /* Allocated or picked. */
    utc_ms fulfil_at;     /* Not before; 0: at once. */
    bool is_tracked;
};
struct order_due {
    order_id id;
    channel_id channel;
    enum order_method method;
    utc_ms fulfil_at; /* Not before; 0: at once. */
    int64_t fulfil_flags;
    bool may_leave;               /* Its payments are as its channel asks. */
    struct order_held held;       /* What nevertheless may not. */
    struct order_due_unit *units; /* By line and location. */
    size_t count;
};
/* Locks the orders in order of id and lists those that are confirmed. Ids
 * may repeat. */
MUST_USE err_t order_due_list(struct ctx *ctx, const order_id *ids,
                              size_t count, struct order_due **ret,
                              size_t *ret_count);

/* What a channel asks of payments before anything leaves: enum
 * payment_release. */
MUST_USE err_t order_release_get(struct ctx *ctx, channel_id channel,
                                 int64_t *ret);
/* A page of a channel's confirmed orders, by the list that a consumer keeps. */
struct order_page {
    channel_id channel;
    int64_t event_id; /* Which the list must have come to. */
    order_id after;
    size_t limit;
};
/* In order of id. *ret_is_ready false: the list has not come so far. */
MUST_USE err_t order_due_page(struct ctx *ctx, const struct order_page *page,
                              order_id **ret, size_t *ret_count,
                              bool *ret_is_ready);

#endif
