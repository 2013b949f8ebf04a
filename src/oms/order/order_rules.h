/* order_rules.h - the pure part of the order room. Private to it. */
#ifndef WHARF_OMS_ORDER_RULES_H
#define WHARF_OMS_ORDER_RULES_H

#include "oms/order/order_fulfil.h"

struct machine;

extern const struct machine order_machine;
/* The status that follows, or ORDER_STATUS_NONE where it is forbidden. */
enum order_status order_next(enum order_status from, enum order_event event);
bool order_status_from_name(str name, enum order_status *ret);

/* What is known of an order's money, units and parcels. The rooms that come to
 * know more (payment, shipping, returns) hand it down in here. */
struct order_facts {
    int64_t total, total_now; /* As placed, and of what is left. */
    struct order_pay pay;
    bool is_review_open;
    bool is_history; /* Paid and delivered elsewhere. */
    int64_t ordered, cancelled, picked, shipped, delivered;
    int64_t return_requested, returned, written_off;
    int64_t flags;          /* ORDER_FULFIL_* */
    int64_t delivery_flags; /* ORDER_DELIVERY_* */
    int64_t return_flags;   /* ORDER_RETURN_* */
};
struct order_facts order_facts_of(const struct order *order);

/* The seam for the payment room: may a pending order be confirmed? */
bool order_is_payable(const struct order_facts *facts);

/* Each user-visible status is computed by one function (I27). */
enum order_payment order_payment_status(const struct order_facts *facts);
const char *order_fulfillment_status(const struct order_facts *facts);
const char *order_delivery_status(const struct order_facts *facts);
const char *order_return_status(const struct order_facts *facts);

struct order_sums { /* Of one line. */
    int64_t tax, total;
};
/* Computes all sums and compares what was sent to the minor unit (I13). Fails
 * with ERR_INVALID, slug "totals_mismatch", naming the field and what it should
 * be; or number_out_of_range, discount_too_large, tax_too_large. *sums has one
 * element per line, in ctx->arena. */
MUST_USE err_t order_totals_check(struct ctx *ctx, const struct order_cmd *cmd,
                                  enum tax_mode mode, struct order_totals *ret,
                                  struct order_sums **ret_sums);

#endif
