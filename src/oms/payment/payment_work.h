/* payment_work.h - a locked order whose payments change. Private to the room.
 *
 * Opened, changed by transactions, closed: the sums of all its payments are
 * handed down to the order once, with one event.
 */
#ifndef WHARF_OMS_PAYMENT_WORK_H
#define WHARF_OMS_PAYMENT_WORK_H

#include "oms/order/order.h"
#include "oms/payment/payment.h"

struct payment_work {
    struct order order, before;
    struct payment *payments; /* All of the order; oldest first. */
    size_t count;
};
MUST_USE err_t payment_work_open(struct ctx *ctx, order_id id,
                                 struct payment_work *ret);
/* A transaction more of one of them, with its event. */
MUST_USE err_t payment_work_add(struct ctx *ctx, struct payment *pay,
                                struct payment_transaction tx);
/* The same where its money goes elsewhere: a gift card gets nothing back. */
MUST_USE err_t payment_work_note(struct ctx *ctx, struct payment *pay,
                                 struct payment_transaction tx);
MUST_USE err_t payment_work_close(struct ctx *ctx, struct payment_work *work);
/* tx: what changed it; NULL: it is new. */
MUST_USE err_t payment_tell(struct ctx *ctx, const char *type,
                            const struct payment *pay,
                            const struct payment_transaction *tx);

#endif
