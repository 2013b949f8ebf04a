/* payment_refund.h - money given back: what it is for, and where it goes.
 *
 * First worth is taken off the order (units, shipping, fees, goodwill), or was
 * before by a cancellation, a return, an edit. Then at most what the order owes
 * is given, each tender no more than it paid (I18). A public header of the
 * room.
 */
#ifndef WHARF_OMS_PAYMENT_REFUND_H
#define WHARF_OMS_PAYMENT_REFUND_H

#include "oms/payment/payment.h"

/* Stored as numbers: append, never renumber. Of a refund and of its parts. */
enum refund_state {
    REFUND_NONE = 0,
    REFUND_PENDING = 1,
    REFUND_SUCCEEDED = 2,
    REFUND_FAILED = 3,
    REFUND_CANCELLED = 4
};
enum refund_event {
    REFUND_EVENT_CREATE = 1,
    REFUND_EVENT_SUCCEED,
    REFUND_EVENT_FAIL,
    REFUND_EVENT_CANCEL
};

struct refund_line {
    int64_t n, qty;
    int64_t amount, tax; /* What the units came to; not of a command. */
};
struct refund_part {
    payment_id payment;
    int64_t amount;
    enum payment_tender tender; /* Not of a command, as is the state. */
    enum refund_state state;
};
enum { REFUND_AS_OWED = -1 };
struct refund_cmd {
    order_id order;
    int64_t version;  /* Of the order, as seen; 0: the caller locked it. */
    char currency[4]; /* Of the amounts; "" where none is named. */
    const struct refund_line *lines; /* Shipped units, which it writes off. */
    int64_t shipping, fees, allowance;
    int64_t amount; /* REFUND_AS_OWED: all that is owed, or what this takes
                       off where that is less. */
    const struct refund_part *parts; /* None: the latest payments first. */
    size_t line_count, part_count;
    bool is_later;        /* A person gives it, and says so by refund_finish. */
    bool is_to_credit;    /* As store credit instead, */
    customer_id customer; /* of that customer; 0: the order's. */
    str reason, reference;
};
struct refund {
    refund_id id; /* 0 in a preview. */
    order_id order;
    enum refund_state state;
    char currency[4];
    int64_t amount; /* Sum of the parts. */
    struct refund_line *lines;
    int64_t shipping, shipping_tax, fees, fees_tax, allowance;
    struct refund_part *parts;
    size_t line_count, part_count;
    customer_id credit_to; /* Whose store credit it is; 0: the tenders'. */
    str reason, reference;
    int64_t version;
    utc_ms created_at, updated_at;
    int64_t owed; /* Of a preview and a new one: what is owed after it. */
};

/* ERR_INVALID: over_refunded with the limit, of the order or of a tender;
 * over_written_off, over_shipping, over_fees, over_allowance;
 * nothing_to_refund. ERR_STATE: too_many_refunds, too_many_transactions. */
MUST_USE err_t refund_create(struct ctx *ctx, const struct refund_cmd *cmd,
                             struct refund *ret);
/* What it would be; nothing is written. */
MUST_USE err_t refund_preview(struct ctx *ctx, const struct refund_cmd *cmd,
                              struct refund *ret);
/* Gives back all that the order owes, as after a cancellation or a return.
 * *ret_is_made is false, and nothing is written, where it owes nothing or where
 * it is refused: the caller may go on. */
MUST_USE err_t refund_settle(struct ctx *ctx, order_id order, str reason,
                             struct refund *ret, bool *ret_is_made);

/* Ends a pending one: the money was given, could not be given, or shall not
 * be. What was taken off stays off. */
struct refund_end {
    refund_id id;
    int64_t version;
    enum refund_event event; /* SUCCEED, FAIL or CANCEL. */
    str reference;           /* Empty: as it was. */
};
MUST_USE err_t refund_finish(struct ctx *ctx, const struct refund_end *end,
                             struct refund *ret);

/* What its gateway said of a part, whose order is open: so much was given,
 * which may be more or less than was asked. */
MUST_USE err_t refund_answered(struct ctx *ctx, const struct payment_call *call,
                               enum refund_state state, int64_t amount);

MUST_USE err_t refund_get(struct ctx *ctx, refund_id id, struct refund *ret);
/* Of an order, oldest first; LIMIT_REFUNDS at most. */
MUST_USE err_t refund_list(struct ctx *ctx, order_id order, struct refund **ret,
                           size_t *ret_count);

#endif
