/* carrier.h - what a carrier is to us: pure pairs of request and reply.
 *
 * For each operation a carrier turns a request into an HTTP call (`ask`) and
 * what came back into an outcome (`read`), or answers by itself (`answer`) if
 * it needs no call. None of them reads a store, a clock or the net, so all can
 * be tested and fuzzed with bytes alone. The worker (jobs/labels.h) makes the
 * calls. An outcome that cannot be told (no answer, garbage) is
 * CARRIER_UNKNOWN: then the carrier is asked for our reference, never blindly
 * again (I23).
 */
#ifndef WHARF_OMS_SHIPPING_CARRIER_H
#define WHARF_OMS_SHIPPING_CARRIER_H

#include "oms/outside.h"

enum carrier_op {
    CARRIER_RATE = 1,
    CARRIER_LABEL,
    CARRIER_VOID,
    CARRIER_LOOKUP, /* What became of a label request, by our reference. */
    CARRIER_TRACK,
    CARRIER_MANIFEST,
    CARRIER_PICKUP
};
enum { CARRIER_OPS = 8 };
const char *carrier_op_name(enum carrier_op op);

/* What a carrier can do: bits 1 << operation, and these. */
enum {
    CARRIER_CAN_WEBHOOK = 1 << 16, /* Tells us of parcels by itself. */
    /* The same reference never buys a second label: may be asked again. */
    CARRIER_IS_IDEMPOTENT = 1 << 17,
    CARRIER_IS_LOCAL = 1 << 18 /* Answers itself, without a call. */
};

struct carrier_address {
    str name, company, line1, line2, line3, city, region, postal_code;
    str country, phone, email;
};
struct carrier_parcel {
    int64_t weight_g, length_mm, width_mm, height_mm; /* Size 0: not known. */
    str sscc;                                         /* 18 digits, or empty. */
};
/* An account with a carrier. `settings` is a JSON object of what is no secret,
 * `secret` was opened for this call. */
struct carrier_account {
    str code, settings, secret;
};

struct carrier_request {
    enum carrier_op op;
    str reference; /* Ours: of the label, void, manifest or pickup. */
    str service;
    struct carrier_address from, to;
    struct carrier_parcel parcel;
    str incoterm;    /* Across a border: who pays duties; empty: not said. */
    str tracking;    /* Of the parcel: void, lookup, track. */
    str carrier_ref; /* The carrier's own, as it told us. */
    const str *trackings; /* Of all parcels: manifest, pickup. */
    size_t tracking_count;
    utc_ms ready_at, until; /* Pickup. */
    utc_ms now;
};

enum carrier_result {
    CARRIER_DONE = 1,
    CARRIER_REFUSED, /* Will not, whatever we do: see field and text. */
    CARRIER_LATER,   /* Did nothing; try again. */
    CARRIER_UNKNOWN  /* May have done it. */
};
struct carrier_rate {
    str service;
    money price;
    int64_t days; /* -1: not known. */
};
struct carrier_trace {                   /* One thing it says of a parcel. */
    str tracking, raw, place, event_key; /* event_key: its own id, or empty. */
    int code; /* enum trace_code of shipping_package.h. */
    utc_ms occurred_at;
};
struct carrier_outcome {
    enum carrier_result result;
    /* Of a refusal: our name of the field, or empty. Of a label that was
     * bought: its file that could not be read. */
    str field, text;
    int64_t retry_after_s;
    bool is_found; /* Lookup: there is a label of that reference. */
    str tracking, carrier_ref;
    bool has_cost;
    money cost;
    str label_pdf, label_zpl; /* The carrier's own drawing; empty: ours. */
    str confirmation;         /* Of a manifest or a pickup. */
    const struct carrier_rate *rates;
    size_t rate_count;
    const struct carrier_trace *traces;
    size_t trace_count;
};

struct carrier_habits {     /* Of an account, by its settings. */
    int64_t track_every_ms; /* 0: it is not asked where parcels are. */
    bool has_rates;         /* It is asked what a parcel costs. */
};

struct carrier {
    const char *name, *title; /* "own" */
    unsigned caps;
    int line_max; /* Characters of an address line; 0: no limit. */
    bool needs_phone;
    bool needs_secret;
    /* Refuses settings with the field; may be NULL: none are wanted. */
    err_t (*check)(struct ctx *ctx, str settings);
    /* Of settings that were checked. NULL: none. */
    void (*habits)(struct ctx *ctx, str settings, struct carrier_habits *ret);
    /* Both NULL where it is local. An err_t is our own failure. */
    err_t (*ask)(struct ctx *ctx, const struct carrier_account *account,
                 const struct carrier_request *request,
                 struct outside_call *ret);
    err_t (*read)(struct ctx *ctx, const struct carrier_account *account,
                  const struct carrier_request *request,
                  const struct outside_reply *reply,
                  struct carrier_outcome *ret);
    err_t (*answer)(struct ctx *ctx, const struct carrier_account *account,
                    const struct carrier_request *request,
                    struct carrier_outcome *ret);
    /* ERR_UNAUTHENTICATED unless the signature is the account's, and fresh.
     * NULL: it tells nothing by itself. */
    err_t (*webhook)(struct ctx *ctx, const struct carrier_account *account,
                     const struct outside_hook *webhook);
    /* Decodes the traces of such a message, later; ERR_INVALID. */
    err_t (*hear)(struct ctx *ctx, str body, struct carrier_outcome *ret);
};

/* All that are built in, NULL-ended; app/carriers.c. */
extern const struct carrier *const carriers[];
/* NULL where there is none of that name. */
const struct carrier *carrier_find(str name);

#endif
