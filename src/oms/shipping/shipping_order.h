/* shipping_order.h - what the parcels of an order need next, all of them.
 *
 * A public header of the room, for jobs over many orders. Each step is the
 * command that one parcel takes; where one of them is refused, so is the whole.
 */
#ifndef WHARF_OMS_SHIPPING_ORDER_H
#define WHARF_OMS_SHIPPING_ORDER_H

#include "base/base.h"
#include "oms/ids.h"

/* Picks and packs what is left of a fulfillment order, as boxes take it. */
MUST_USE err_t shipping_pack_fo(struct ctx *ctx, fulfillment_order_id id,
                                package_id **ret, size_t *ret_count);
/* Hands over its parcels that did not leave. ERR_STATE nothing_to_ship where
 * it has none. */
MUST_USE err_t shipping_ship_fo(struct ctx *ctx, fulfillment_order_id id);

struct label_order_cmd {
    order_id order;
    str account, service; /* Codes; empty: the best. */
    label_job_id job;     /* 0: a new one, which then is open. */
};
/* Packs what is not packed, and asks for the labels that are not there, as
 * items of a job of labels. *ret_asked: how many. ERR_STATE nothing_to_label
 * where nothing of it leaves in a parcel. */
MUST_USE err_t shipping_label_order(struct ctx *ctx,
                                    const struct label_order_cmd *cmd,
                                    label_job_id *ret_job, size_t *ret_asked);
/* What became of the labels that a job asked for an order. */
struct label_order_state {
    size_t pending, refused;
};
MUST_USE err_t shipping_label_state(struct ctx *ctx, label_job_id job,
                                    order_id order,
                                    struct label_order_state *ret);
/* No more items will come. */
MUST_USE err_t shipping_label_end(struct ctx *ctx, label_job_id job);

#endif
