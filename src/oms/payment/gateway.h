/* gateway.h - what a payment gateway is to us: pure pairs of request and reply.
 *
 * For each operation a gateway turns a request into an HTTP call (`ask`) and
 * what came back into an outcome (`read`), or answers by itself (`answer`) if
 * it needs no call. None of them reads a store, a clock or the net, so all can
 * be tested and fuzzed with bytes alone. The worker (jobs/gateways.h) makes the
 * calls. What a gateway says is always facts: one thing that it did or would
 * not do with a payment. An outcome that cannot be told (no answer, garbage) is
 * GATEWAY_UNKNOWN: then the gateway is asked what it knows of the payment,
 * never blindly again. docs/gateways.md
 */
#ifndef WHARF_OMS_PAYMENT_GATEWAY_H
#define WHARF_OMS_PAYMENT_GATEWAY_H

#include "oms/outside.h"

/* The first four are those of enum payment_type. */
enum gateway_op {
    GATEWAY_AUTHORIZE = 1, /* Promise; of one that is promised, anew. */
    GATEWAY_CAPTURE,       /* Take; of what is not promised, a sale. */
    GATEWAY_VOID,          /* Give up what is open. */
    GATEWAY_REFUND,
    GATEWAY_LOOKUP /* All that it knows of a payment. */
};
enum { GATEWAY_OPS = 6 };
const char *gateway_op_name(enum gateway_op op);

/* What a gateway can do: bits 1 << operation, and these. */
enum {
    GATEWAY_CAN_WEBHOOK = 1 << 16, /* Tells us of payments by itself. */
    GATEWAY_CAN_RENEW = 1 << 17,   /* Promises anew what is promised. */
    /* The same reference never moves money twice: may be asked again. */
    GATEWAY_IS_IDEMPOTENT = 1 << 18,
    GATEWAY_IS_LOCAL = 1 << 19 /* Answers itself, without a call. */
};

/* An account with a gateway. `settings` is a JSON object of what is no secret,
 * `secret` was opened for this call. */
struct gateway_account {
    str code, settings, secret;
};

struct gateway_request {
    enum gateway_op op;
    str reference;      /* Ours, of this step: it is done once. */
    str payment, order; /* Ours. */
    str gateway_ref;    /* Its own, of the payment; empty: not known yet. */
    str token, method;  /* Of what the buyer pays with; empty: none. */
    money amount;
    bool is_renewal; /* Authorize: takes the place of what is promised … */
    utc_ms renews_until; /* … and ends by then; 0: of all of it. */
    utc_ms now;
};

enum gateway_result {
    GATEWAY_DONE = 1,
    GATEWAY_REFUSED, /* Will not, whatever we do: see field and text. */
    GATEWAY_LATER,   /* Did nothing; try again. */
    GATEWAY_UNKNOWN  /* May have done it, or has not decided yet. */
};
enum gateway_status {
    GATEWAY_FACT_DONE = 1,
    GATEWAY_FACT_PENDING,
    GATEWAY_FACT_REFUSED
};
struct gateway_fact {
    int type; /* enum payment_type. */
    enum gateway_status status;
    str reference;   /* Ours, of the step it is; empty: nobody here asked. */
    str payment;     /* Ours; empty: see gateway_ref. */
    str gateway_ref; /* Of the payment; empty: as before. */
    str id;          /* Its own, of this one thing. */
    int64_t amount;  /* 0: it does not say. */
    char currency[4];
    utc_ms occurred_at;  /* 0: it does not say. */
    utc_ms expires_at;   /* Of a promise; 0: it does not say. */
    str dispute;         /* Its own id of a dispute; empty: it does not say. */
    utc_ms due_at;       /* Until then the dispute is answered; 0. */
    bool is_renewal;     /* A promise that takes the place of what was … */
    utc_ms renews_until; /* … and ends by then; 0: of all there was. */
    str text;
};
struct gateway_outcome {
    enum gateway_result result;
    str field, text; /* Of a refusal: our name of the field, or empty. */
    int64_t retry_after_s;
    /* Done: one, of that operation; of a look-up all of the payment. */
    const struct gateway_fact *facts;
    size_t fact_count;
};

struct gateway {
    const char *name, *title; /* "manual" */
    unsigned caps;
    bool needs_secret;
    bool needs_token; /* To promise or to sell. */
    /* Refuses settings with the field; may be NULL: none are wanted. */
    err_t (*check)(struct ctx *ctx, str settings);
    /* Both NULL where it is local. An err_t is our own failure. */
    err_t (*ask)(struct ctx *ctx, const struct gateway_account *account,
                 const struct gateway_request *request,
                 struct outside_call *ret);
    err_t (*read)(struct ctx *ctx, const struct gateway_account *account,
                  const struct gateway_request *request,
                  const struct outside_reply *reply,
                  struct gateway_outcome *ret);
    err_t (*answer)(struct ctx *ctx, const struct gateway_account *account,
                    const struct gateway_request *request,
                    struct gateway_outcome *ret);
    /* Whether a webhook is the account's, before anything of it is decoded:
     * ERR_UNAUTHENTICATED unless the signature over its bytes is, and fresh;
     * then its own id by which it counts once. NULL: it cannot. */
    err_t (*judge)(struct ctx *ctx, const struct gateway_account *account,
                   const struct outside_hook *hook, str *ret_event_id);
    /* The one thing that the body of such a webhook tells, or ERR_MALFORMED. No
     * secret is opened for it. */
    err_t (*hear)(struct ctx *ctx, const struct gateway_account *account,
                  str body, struct gateway_fact *ret);
};

/* All that are built in, NULL-ended; app/gateways.c. */
extern const struct gateway *const gateways[];
/* NULL where there is none of that name. */
const struct gateway *gateway_find(str name);

#endif
