/* fulfillment_command.h - what people and those who keep our stock do to
 * fulfillment orders.
 *
 * A second public header of the room. All name the version they saw
 * (ERR_STALE) and fail with ERR_STATE where the machine refuses; *ret is the
 * FO afterwards.
 */
#ifndef WHARF_OMS_FULFILLMENT_COMMAND_H
#define WHARF_OMS_FULFILLMENT_COMMAND_H

#include "oms/fulfillment/fulfillment.h"

struct fulfillment_cmd {
    fulfillment_order_id id;
    int64_t version;
    str reason;      /* hold, cancel, reject. */
    str message;     /* To or from who keeps the stock. May be empty. */
    str reference;   /* Theirs; accept. May be empty. */
    utc_ms ships_at; /* When they mean to; accept. 0: not said. */
    location_id to;  /* move. */
    str carrier;     /* ship: who carries it, and its number there. */
    str tracking;    /* May be empty. */
    const struct fulfillment_units *units; /* split, ship. */
    size_t count;
    const struct fulfillment_seen { /* merge: those that join it. */
        fulfillment_order_id id;
        int64_t version;
    } * others;
    size_t other_count;
};
typedef err_t fulfillment_cmd_fn(struct ctx *ctx,
                                 const struct fulfillment_cmd *cmd,
                                 struct fulfillment *ret);

/* Before its time. */
MUST_USE err_t fulfillment_open(struct ctx *ctx,
                                const struct fulfillment_cmd *cmd,
                                struct fulfillment *ret);
MUST_USE err_t fulfillment_hold(struct ctx *ctx,
                                const struct fulfillment_cmd *cmd,
                                struct fulfillment *ret);
MUST_USE err_t fulfillment_release(struct ctx *ctx,
                                   const struct fulfillment_cmd *cmd,
                                   struct fulfillment *ret);
/* All that is left of it leaves cmd->to instead, and no rule moves it from
 * there. ERR_STATE (out_of_stock) where the units are not there. */
MUST_USE err_t fulfillment_relocate(struct ctx *ctx,
                                    const struct fulfillment_cmd *cmd,
                                    struct fulfillment *ret);
/* The units part into an FO of their own, which is *ret. */
MUST_USE err_t fulfillment_split(struct ctx *ctx,
                                 const struct fulfillment_cmd *cmd,
                                 struct fulfillment *ret);
/* Others of the order that go the same way join it. */
MUST_USE err_t fulfillment_merge(struct ctx *ctx,
                                 const struct fulfillment_cmd *cmd,
                                 struct fulfillment *ret);
/* Not from here: its units come from elsewhere, or wait. */
MUST_USE err_t fulfillment_cancel(struct ctx *ctx,
                                  const struct fulfillment_cmd *cmd,
                                  struct fulfillment *ret);

/* The hand-shake with who keeps the stock: a 3PL, a supplier, a store. */
MUST_USE err_t fulfillment_submit(struct ctx *ctx,
                                  const struct fulfillment_cmd *cmd,
                                  struct fulfillment *ret);
MUST_USE err_t fulfillment_accept(struct ctx *ctx,
                                  const struct fulfillment_cmd *cmd,
                                  struct fulfillment *ret);
/* Its units come from elsewhere, unless a person had put them there. */
MUST_USE err_t fulfillment_reject(struct ctx *ctx,
                                  const struct fulfillment_cmd *cmd,
                                  struct fulfillment *ret);
MUST_USE err_t fulfillment_request_cancellation(
    struct ctx *ctx, const struct fulfillment_cmd *cmd,
    struct fulfillment *ret);
MUST_USE err_t fulfillment_accept_cancellation(
    struct ctx *ctx, const struct fulfillment_cmd *cmd,
    struct fulfillment *ret);
MUST_USE err_t fulfillment_reject_cancellation(
    struct ctx *ctx, const struct fulfillment_cmd *cmd,
    struct fulfillment *ret);
/* Units left in somebody else's parcel, or over a wire. */
MUST_USE err_t fulfillment_ship(struct ctx *ctx,
                                const struct fulfillment_cmd *cmd,
                                struct fulfillment *ret);

#endif
