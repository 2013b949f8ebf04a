/* fulfillment_change.h - an order's fulfillment orders while it is changed.
 *
 * Everything happens in memory on one work until fulfillment_change_save, so
 * that what a change would do can be looked at without doing it. A public
 * header of the room.
 */
#ifndef WHARF_OMS_FULFILLMENT_CHANGE_H
#define WHARF_OMS_FULFILLMENT_CHANGE_H

#include "oms/fulfillment/fulfillment.h"
#include "oms/routing/routing_request.h"

/* The order and its FOs, locked; fo is NULL. */
MUST_USE err_t fulfillment_change_begin(struct ctx *ctx, order_id id,
                                        struct fulfillment_work *ret);
/* Units leave their FOs as fulfillment_withdraw takes them. `before` is the
 * order as it is stored. *ret_cuts says where they come from; stuck[i] gets
 * units of the i-th cut that are in somebody's hands. */
struct fulfillment_left {
    struct fulfillment_cut *cuts;
    size_t count;
    int64_t *stuck;
};
MUST_USE err_t fulfillment_change_cut(struct ctx *ctx,
                                      struct fulfillment_work *work,
                                      const struct fulfillment_cut *cuts,
                                      size_t count,
                                      struct fulfillment_left *ret);
/* Where unallocated units of work->order would ship from. */
MUST_USE err_t fulfillment_change_ask(struct ctx *ctx,
                                      struct fulfillment_work *work,
                                      const struct fulfillment_units *units,
                                      size_t count, struct routing_plan *ret);
/* Allocates them there, or lets them wait, and covers the order by FOs again.
 * *ret_waiting gets how many wait. */
MUST_USE err_t fulfillment_change_add(struct ctx *ctx,
                                      struct fulfillment_work *work,
                                      const struct fulfillment_units *units,
                                      size_t count, int64_t event_id,
                                      int64_t *ret_waiting);
/* Its FOs go elsewhere, or another way: promised anew and told. ERR_STATE
 * (asked_elsewhere) where somebody else was asked to send one of them. */
MUST_USE err_t fulfillment_change_way(struct ctx *ctx,
                                      struct fulfillment_work *work);
/* Not before that: ERR_STATE (already_released) where one of them is at work
 * already, or open to it. */
MUST_USE err_t fulfillment_change_date(struct ctx *ctx,
                                       struct fulfillment_work *work,
                                       utc_ms at);
/* Once the order, or a line of it, is on hold or is no more: FOs are held, let
 * go, or opened for what has none. */
MUST_USE err_t fulfillment_change_leave(struct ctx *ctx,
                                        struct fulfillment_work *work);
/* Saves the order with its event, then the FOs that were touched. */
MUST_USE err_t fulfillment_change_save(struct ctx *ctx,
                                       struct fulfillment_work *work,
                                       const struct order_note *note,
                                       const char *reason);

#endif
