/* payment_refund_plan.h - what a refund takes off and whom it pays. Private to
 * the room; pure: it asks no store. */
#ifndef WHARF_OMS_PAYMENT_REFUND_PLAN_H
#define WHARF_OMS_PAYMENT_REFUND_PLAN_H

#include "oms/order/order.h"
#include "oms/payment/payment_refund.h"

struct machine;

enum { LIMIT_REFUNDS = 200 }; /* Of an order. */

extern const struct machine refund_machine;
const char *refund_state_name(enum refund_state state);
/* A refund after its parts: pending while one is, failed where one failed. */
enum refund_state refund_fold(const struct refund_part *parts, size_t count);

struct refund_tender { /* A payment and what it can still give back. */
    payment_id payment;
    enum payment_tender tender;
    int64_t room;
};
struct refund_facts {
    const struct refund_tender *tenders; /* Oldest first. */
    size_t count;
    int64_t pending; /* Of the order: on its way, not given yet. */
};
/* Takes worth off the order in memory, then shares out the money. */
MUST_USE err_t refund_plan(struct ctx *ctx, const struct refund_cmd *cmd,
                           const struct refund_facts *facts,
                           struct order *order, struct refund *ret);
/* Whether it took anything off. */
bool refund_has_worth(const struct refund *refund);

#endif
