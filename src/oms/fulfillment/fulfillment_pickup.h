/* fulfillment_pickup.h - units that a buyer comes to collect. A public header
 * of the room.
 *
 * A pickup goes with one fulfillment order of method pickup. When its units
 * wait at the counter it has a hand-over code of six digits, which is sealed
 * with the store's key and stands in no event; five wrong ones lock it until
 * there is a new one.
 */
#ifndef WHARF_OMS_FULFILLMENT_PICKUP_H
#define WHARF_OMS_FULFILLMENT_PICKUP_H

#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_pickup_rules.h"

struct pickup {
    pickup_id id;
    fulfillment_order_id fo;
    order_id order;
    location_id location;
    enum pickup_state state;
    str code;                              /* Sealed; empty: none. */
    int64_t tries;                         /* Wrong ones shown. */
    utc_ms ready_at, expires_at, ended_at; /* 0: not yet. */
    int64_t version;
    utc_ms created_at, updated_at;
};

MUST_USE err_t pickup_get(struct ctx *ctx, pickup_id id, struct pickup *ret);
struct pickup_filter {
    location_id location;    /* 0: all. */
    order_id order;          /* 0: all; then no other filter. */
    enum pickup_state state; /* 0: any. */
    pickup_id after;
    size_t limit;
};
/* By id. */
MUST_USE err_t pickup_page(struct ctx *ctx, const struct pickup_filter *filter,
                           struct pickup **ret, size_t *ret_count);

/* The code, for a page that its buyer alone can open; empty unless it is ready.
 */
MUST_USE err_t fulfillment_pickup_code(struct ctx *ctx,
                                       const struct pickup *pickup,
                                       str *ret_code);

/* Makes those of fulfillment orders that have none; others are left out. */
MUST_USE err_t pickup_reserve(struct ctx *ctx, const struct fulfillment *fos,
                              size_t count);
/* Somebody picks its units; nothing where it is no pickup. */
MUST_USE err_t pickup_prepare(struct ctx *ctx, const struct fulfillment *fo);
/* Its fulfillment order is no more, or elsewhere: so is the pickup. */
MUST_USE err_t pickup_follow(struct ctx *ctx, const struct fulfillment *fo);
/* ERR_STATE (pickup_ready) while units of it wait at the counter. */
MUST_USE err_t pickup_check_unready(struct ctx *ctx,
                                    const struct fulfillment *fo);

/* ERR_STATE (not_picked_yet) where units are still to be found. expires_at 0:
 * as the location says. */
MUST_USE err_t pickup_ready(struct ctx *ctx, pickup_id id, int64_t version,
                            utc_ms expires_at);
/* A new code, told once. */
MUST_USE err_t pickup_new_code(struct ctx *ctx, pickup_id id, int64_t version,
                               str *ret_code);
MUST_USE err_t pickup_extend(struct ctx *ctx, pickup_id id, int64_t version,
                             utc_ms expires_at);
/* Hands the units over where the code is right; a wrong one is counted and is
 * no failure, so that the count is kept. ERR_STATE (code_locked) where too many
 * were wrong. */
MUST_USE err_t pickup_collect(struct ctx *ctx, pickup_id id, str code,
                              bool *ret_is_collected);
/* Back to stock; the order's units wait for a decision. */
MUST_USE err_t pickup_cancel(struct ctx *ctx, pickup_id id, int64_t version);
/* Ends what nobody collected in time, at most `limit`. */
MUST_USE err_t pickup_expire(struct ctx *ctx, size_t limit, bool *ret_is_more);
/* When the next one runs out; 0: none waits. */
MUST_USE err_t pickup_next_expiry(struct ctx *ctx, utc_ms *ret);

#endif
