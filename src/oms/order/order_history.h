/* order_history.h - orders that were over before Wharf knew of them.
 *
 * They are recorded as they were: `completed`, every unit shipped without a
 * parcel of ours, payment not required. Nothing of the present is touched: no
 * stock, no routing, no number of the channel's own, and the event is
 * `order.imported`, so that whoever waits for placed orders is not told.
 */
#ifndef WHARF_OMS_ORDER_HISTORY_H
#define WHARF_OMS_ORDER_HISTORY_H

#include "oms/order/order.h"

struct order_record_item {
    struct ctx *ctx;             /* Its failure. */
    const struct order_cmd *cmd; /* Sealed, with placed_at and external id. */
    /* The outcome: external_id_reused, sku_unknown, totals_mismatch, ... */
    err_t err;
    order_id id;
    bool is_new; /* Else the same one was recorded before. */
};
/* Records many in set writes, each as a whole or not at all. The number is the
 * source's own: its external id. Lines may be LIMIT_HISTORY_LINES. What it
 * returns is for the batch as a whole. */
MUST_USE err_t order_record_many(struct ctx *ctx,
                                 struct order_record_item *items, size_t count);

/* What the store has of some orders, added up by the country their attributes
 * name, for the report of an import. Strings in ctx->arena. */
struct order_history_sum {
    str country, currency;
    int64_t orders, lines, units, total;
};
/* Of those ids. */
MUST_USE err_t order_history_sums(struct ctx *ctx, const order_id *ids,
                                  size_t count, struct order_history_sum **ret,
                                  size_t *ret_count);
/* A channel's history by id, the first `max` beyond `after`. */
MUST_USE err_t order_history_ids(struct ctx *ctx, channel_id channel,
                                 order_id after, size_t max, order_id **ret,
                                 size_t *ret_count);

#endif
