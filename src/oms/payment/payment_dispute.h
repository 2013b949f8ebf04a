/* payment_dispute.h - disputes: what buyers' banks took back of payments.
 *
 * A dispute has no state of its own: it follows from the transactions of its
 * payment that name it, so that what is told late, twice or out of order ends
 * in the same state. Included by payment.h. docs/states/dispute.md
 */
#ifndef WHARF_OMS_PAYMENT_DISPUTE_H
#define WHARF_OMS_PAYMENT_DISPUTE_H

#include "base/base.h"
#include "oms/ids.h"

struct payment;
struct payment_transaction;

enum dispute_state {
    DISPUTE_NONE = 0,
    DISPUTE_OPEN = 1,
    DISPUTE_WON = 2, /* All that was charged back came again. */
    DISPUTE_LOST = 3
};

/* What is told of a dispute with a chargeback; none: empty and 0. */
struct dispute_terms {
    str ref; /* Whoever tells it calls it so. */
    str reason;
    utc_ms due_at; /* Until then it is answered. */
};
/* What a buyer's bank took back. Its state follows from the transactions that
 * name it: dispute_fold. docs/states/dispute.md */
struct payment_dispute {
    payment_dispute_id id;
    struct dispute_terms terms;
    str answer; /* Reference of what was sent; empty: nothing. */
    utc_ms answered_at, created_at;
};
struct dispute_now {
    enum dispute_state state;
    int64_t amount, returned;
};

struct dispute_answer {
    payment_id payment;
    payment_dispute_id dispute;
    int64_t version; /* Of the payment. */
    str reference;   /* Of what was sent. */
};
/* Somebody answered it; ERR_STATE where it is over. */
MUST_USE err_t dispute_answer(struct ctx *ctx, const struct dispute_answer *cmd,
                              struct payment *ret);

/* A transaction that will be added to the payment joins its dispute: the one of
 * its terms, else the one that lacks it, else a new one. */
MUST_USE err_t dispute_join(struct ctx *ctx, struct payment *pay,
                            struct payment_transaction *tx);

#endif
