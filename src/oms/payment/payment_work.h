/* payment_work.h - a locked order whose payments change. Private to the room.
 *
 * Opened, changed by transactions, closed: the sums of all its payments are
 * handed down to the order once, with one event.
 */
#ifndef WHARF_OMS_PAYMENT_WORK_H
#define WHARF_OMS_PAYMENT_WORK_H

#include "oms/order/order.h"
#include "oms/payment/payment_call.h"

/* Begins the event key of a promise that the clock let lapse. */
#define PAYMENT_LAPSE_KEY "lapse-"

struct payment_work {
    struct order order, before;
    struct payment *payments; /* All of the order; oldest first. */
    size_t count;
    struct payment *pay; /* The one it was opened for, or NULL. */
};
MUST_USE err_t payment_work_open(struct ctx *ctx, order_id id,
                                 struct payment_work *ret);
/* Locks its order first. */
MUST_USE err_t payment_work_open_one(struct ctx *ctx, payment_id id,
                                     struct payment_work *ret);
/* A transaction more of one of them, with its event; ERR_STATE where it has as
 * many as it may have. */
MUST_USE err_t payment_work_add(struct ctx *ctx, struct payment *pay,
                                struct payment_transaction tx);
/* The same whatever the limit, as of what a gateway did, and where its money
 * goes elsewhere: a gift card gets nothing back. */
MUST_USE err_t payment_work_note(struct ctx *ctx, struct payment *pay,
                                 struct payment_transaction tx);
/* The row of a transaction alone: the caller saves and tells. */
MUST_USE err_t payment_work_put(struct ctx *ctx, struct payment *pay,
                                struct payment_transaction tx);
/* Whether there is still something to pay for the order. */
bool payment_is_needed(const struct order *order);
MUST_USE err_t payment_work_close(struct ctx *ctx, struct payment_work *work);
/* tx: what changed it; NULL: it is new. */
MUST_USE err_t payment_tell(struct ctx *ctx, const char *type,
                            const struct payment *pay,
                            const struct payment_transaction *tx);
/* Of what its gateway was asked. */
MUST_USE err_t payment_tell_call(struct ctx *ctx, const char *type,
                                 const struct payment *pay,
                                 const struct payment_call *call);
/* Saves it and tells of the call. */
MUST_USE err_t payment_work_say(struct ctx *ctx, const char *type,
                                struct payment *pay,
                                const struct payment_call *call);

/* ---- the one way to move money of a payment ---- */

struct payment_wish {
    enum payment_type type; /* AUTHORIZE, CAPTURE, VOID or REFUND. */
    int64_t amount;         /* 0: all there is. */
    str reference;
    bool is_renewal; /* Authorize anew all that is promised and open. */
};
struct payment_asked {
    bool is_done;         /* By hand: there is the transaction. */
    gateway_call_id call; /* Else what the gateway is asked. */
};
/* By hand a transaction at once, on a gateway's account a stored call. The
 * reference stays with it (the transaction's, the call's step): one that is
 * under way is ERR_STATE, payment_busy. Limits as payment_do. Its order is open
 * and was saved before; the caller closes it. */
MUST_USE err_t payment_work_ask(struct ctx *ctx, struct payment *pay,
                                const struct payment_wish *wish,
                                struct payment_asked *ret);
/* Puts it on the account of that code; empty: it is kept by hand. */
MUST_USE err_t payment_set_account(struct ctx *ctx, struct payment *pay,
                                   str code);
/* ERR_STATE where it has as many transactions as it may have. */
MUST_USE err_t payment_check_steps(struct ctx *ctx, const struct payment *pay);
/* How much more of that may be asked for, counting what is asked already. */
int64_t payment_left(const struct payment *pay, enum payment_type type);

#endif
