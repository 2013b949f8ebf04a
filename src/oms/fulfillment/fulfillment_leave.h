/* fulfillment_leave.h - may it leave? Payments and holds of its order say.
 * Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_LEAVE_H
#define WHARF_OMS_FULFILLMENT_LEAVE_H

#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_held.h"

/* Reasons of the house: held while its order's payments are not as its channel
 * asks, or while its order or one of its lines is on hold. */
#define FULFILLMENT_UNPAID     "payment"
#define FULFILLMENT_ORDER_HOLD "order_hold"
#define FULFILLMENT_SHUT       "location closed"
/* May it leave? */
struct fulfillment_leave {
    bool is_paid;
    struct order_held held;
};
MUST_USE err_t fulfillment_leave_ask(struct ctx *ctx, const struct order *order,
                                     struct fulfillment_leave *ret);
/* The reason why not, or NULL. */
const char *fulfillment_stopped_by(const struct fulfillment_leave *leave,
                                   const struct fulfillment *fo);
/* Nobody is at it, or not any more: an open one that may not leave is held. */
MUST_USE err_t fulfillment_lay_down(struct ctx *ctx,
                                    struct fulfillment_work *work);
/* The same of one that no task walks for any more, and saved. */
MUST_USE err_t fulfillment_note_left(struct ctx *ctx,
                                     struct fulfillment_work *work);
/* Holds or lets go those of an order in memory; one in work is told of where
 * the payments changed just now. */
MUST_USE err_t fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                                const struct fulfillment_leave *leave,
                                bool is_news);
/* ERR_STATE, payment_unmet or order_held. */
MUST_USE err_t fulfillment_check_leave(struct ctx *ctx,
                                       const struct fulfillment_work *work);

#endif
