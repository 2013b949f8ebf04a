/* payment_refund_store.h - refunds as rows and as JSON. Private to the room. */
#ifndef WHARF_OMS_PAYMENT_REFUND_STORE_H
#define WHARF_OMS_PAYMENT_REFUND_STORE_H

#include "oms/payment/payment_refund_plan.h"

struct json_out;

MUST_USE err_t refund_insert(struct ctx *ctx, const struct refund *refund);
/* At refund->version, which it raises; its parts too. */
MUST_USE err_t refund_save(struct ctx *ctx, struct refund *refund);
MUST_USE err_t refund_count(struct ctx *ctx, order_id order, int64_t *ret);
/* What of each payment of an order is on its way back. */
struct refund_pending {
    payment_id payment;
    int64_t amount;
};
MUST_USE err_t refund_pending_list(struct ctx *ctx, order_id order,
                                   struct refund_pending **ret,
                                   size_t *ret_count);
/* A whole object. */
void refund_put(struct json_out *out, const struct refund *refund);
void refund_put_plan(struct json_out *out, const struct refund *refund);

#endif
