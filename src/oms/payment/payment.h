/* payment.h - what an order is paid with, and what became of it.
 *
 * An order has as many payments as it needs, each with one tender. A payment
 * is what its transactions say: they are only added, and in whatever order they
 * come the payment is the same. The sums of all payments are handed down to the
 * order (order_pay.h). Amounts are minor units of the order's currency.
 */
#ifndef WHARF_OMS_PAYMENT_H
#define WHARF_OMS_PAYMENT_H

#include "oms/payment/payment_dispute.h"

struct payment_call;
struct room;

/* Stored as numbers: append, never renumber. */
enum payment_tender {
    TENDER_CARD = 1, /* At a terminal, or by a gateway outside of Wharf. */
    TENDER_CASH = 2,
    TENDER_INVOICE = 3,   /* Paid by transfer, later. */
    TENDER_EXTERNAL = 4,  /* Whatever else somebody paid with. */
    TENDER_GIFT_CARD = 5, /* These two are kept here: payment_credit.h. */
    TENDER_STORE_CREDIT = 6
};
enum payment_state {
    PAYMENT_NONE = 0,
    PAYMENT_CREATED = 1, /* Asked for; nothing came yet. */
    PAYMENT_AUTHORIZED = 2,
    PAYMENT_PARTIALLY_CAPTURED = 3, /* And the rest may still be. */
    PAYMENT_CAPTURED = 4,           /* All that there will be. */
    PAYMENT_VOIDED = 5,
    PAYMENT_EXPIRED = 6,
    PAYMENT_FAILED = 7
};
enum payment_type {
    PAYMENT_AUTHORIZE = 1,
    PAYMENT_CAPTURE = 2,
    PAYMENT_VOID = 3, /* What is open, or was only asked for, is given up. */
    PAYMENT_REFUND = 4,
    PAYMENT_CHARGEBACK = 5,
    PAYMENT_CHARGEBACK_REVERSED = 6,
    PAYMENT_EXPIRE = 7,      /* As void, by the clock of whoever promised. */
    PAYMENT_FAIL = 8,        /* It was refused; without an amount. */
    PAYMENT_DISPUTE_LOST = 9 /* What was charged back stays so. No amount. */
};
enum { PAYMENT_TYPES = PAYMENT_DISPUTE_LOST };
enum payment_origin {
    PAYMENT_OF_COMMAND = 1,
    PAYMENT_OF_OUTSIDE = 2 /* Happened elsewhere and was told to Wharf. */
};

struct payment_transaction {
    int64_t n; /* From 1. */
    enum payment_type type;
    enum payment_origin origin;
    int64_t amount;
    str event_key; /* Of who told it; told again it changes nothing. Empty. */
    str reference; /* A receipt or a booking; empty: none. */
    utc_ms occurred_at, received_at;
    utc_ms expires_at; /* Promised or renewed; 0: none, < 0: not kept. */
    payment_dispute_id dispute; /* Of a chargeback and its end; 0: none. */
    struct dispute_terms terms; /* Told with it; not kept here. */
};
/* What its transactions make of a payment. */
struct payment_now {
    enum payment_state state;
    int64_t pending, authorized; /* To come; promised and open. */
    int64_t captured, refunded, disputed;
};
struct payment {
    payment_id id;
    order_id order;
    enum payment_tender tender;
    char currency[4];
    int64_t amount;
    struct payment_now now;
    str reference;
    credit_id credit;           /* That it was paid with; 0: none. */
    gateway_account_id account; /* 0: kept by hand. */
    str gateway_ref;            /* The gateway's own id; empty: not known. */
    str token, method;          /* What the buyer pays with; see gateway.h. */
    utc_ms expires_at;          /* Of the promise; 0: not known. */
    utc_ms due_at;              /* To be paid by then; 0: not said. */
    utc_ms watch_at; /* To renew it, or to see it lapse; 0: not at all. */
    str epoch;       /* The store that knew all that the gateway knows of it. */
    int64_t version;
    utc_ms created_at, updated_at;
    const struct payment_transaction *transactions; /* By n. */
    size_t transaction_count;
    const struct payment_call *calls; /* What its gateway was asked, by id. */
    size_t call_count;
    const struct payment_dispute *disputes; /* By id. */
    size_t dispute_count;
};
/* With its transactions. Fails with ERR_NOT_FOUND. */
MUST_USE err_t payment_get(struct ctx *ctx, payment_id id, struct payment *ret);
/* Of an order, oldest first; LIMIT_PAYMENTS at most. */
MUST_USE err_t payment_list(struct ctx *ctx, order_id id, struct payment **ret,
                            size_t *ret_count);

struct payment_cmd {
    order_id order;
    enum payment_tender tender;
    int64_t amount;
    char currency[4];       /* Must be the order's. */
    str reference;          /* Empty: none. */
    enum payment_type done; /* AUTHORIZE or CAPTURE: at once; 0: neither. */
    credit_id gift_card;    /* Of that tender, which is taken at once. */
    customer_id customer;   /* Of store credit; 0: the order's. */
    str gateway;            /* Code of an account, which is asked. Empty. */
    str token, method;
    utc_ms due_at; /* 0: not said. */
};
MUST_USE err_t payment_create(struct ctx *ctx, const struct payment_cmd *cmd,
                              struct payment *ret);

struct payment_step {
    payment_id id;
    int64_t version;        /* The one the caller saw. */
    enum payment_type type; /* AUTHORIZE, CAPTURE, VOID or REFUND. */
    int64_t amount;         /* 0: all there is. */
    char currency[4];       /* Of an amount. */
    str reference;
};
/* By hand it is done; a gateway is asked, and what it says comes later. Within
 * what is allowed (I15): ERR_INVALID over_authorized, over_captured or
 * over_refunded names the limit; ERR_STATE what the state allows. */
MUST_USE err_t payment_do(struct ctx *ctx, const struct payment_step *step,
                          struct payment *ret);

struct payment_report {
    payment_id id;
    enum payment_type type;
    int64_t amount;   /* 0: all that is open; of FAIL always. */
    char currency[4]; /* Of an amount. */
    str event_key, reference;
    utc_ms occurred_at;
    struct dispute_terms terms; /* Of a chargeback and its end. */
};
/* What happened outside is recorded as it is, whatever the limits. The same
 * event again changes nothing; another one of that key is ERR_CONFLICT,
 * event_id_reused. */
MUST_USE err_t payment_record(struct ctx *ctx,
                              const struct payment_report *report,
                              struct payment *ret);

/* gateway_room: gateways and what they are asked; fx_room: exchange rates. */
extern const struct room payment_room, gateway_room, fx_room;

#endif
