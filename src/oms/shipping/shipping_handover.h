/* shipping_handover.h - parcels given to their carrier, and what it says of
 * them. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_HANDOVER_H
#define WHARF_OMS_SHIPPING_HANDOVER_H

#include "oms/shipping/shipping_label.h"

enum {
    LIMIT_MANIFEST_PACKAGES = 1000,
    LIMIT_TRACES = 500,       /* Of one parcel, from one message. */
    LIMIT_TRACES_KEPT = 2000, /* Of one parcel. */
    LIMIT_TRACE_AHEAD_MS = 24 * 60 * 60 * 1000
};

/* ---- what carriers say ---- */

struct trace {
    int64_t id;
    package_id package;
    enum trace_code code;
    str raw, place;
    utc_ms occurred_at, received_at;
    bool is_applied, by_hand;
};
/* Stores facts about a parcel, each once, and moves it by those that count. A
 * parcel that its carrier has and we had not shipped is shipped. */
MUST_USE err_t trace_add(struct ctx *ctx, package_id id,
                         const struct carrier_trace *traces, size_t count,
                         bool by_hand);
/* Facts of many parcels by tracking number, as a webhook brings them; those of
 * unknown numbers, of the future, or beyond what a parcel may have are left
 * out. Returns how many were taken. */
MUST_USE err_t trace_add_many(struct ctx *ctx, carrier_account_id account,
                              const struct carrier_outcome *outcome,
                              size_t *ret_known);
/* By the time they occurred. */
MUST_USE err_t trace_list(struct ctx *ctx, package_id id, struct trace **ret,
                          size_t *ret_count);

/* ---- manifests ---- */

enum handover_state { /* Stored as numbers. */
                      HANDOVER_REQUESTED = 1,
                      HANDOVER_CONFIRMED,
                      HANDOVER_REFUSED,
                      HANDOVER_CANCELLED
};
const char *handover_state_name(enum handover_state state);

/* A manifest or a pickup: ready_at and until are 0 for a manifest. */
struct handover {
    int64_t id;
    location_id location;
    carrier_account_id account;
    enum handover_state state;
    utc_ms ready_at, until;
    int64_t packages, weight_g;
    str confirmation, error;
    int64_t version;
    utc_ms created_at, updated_at;
};
struct manifest_cmd {
    str location, account;      /* Codes. */
    const package_id *packages; /* None: all that wait there. */
    size_t count;
};
/* Ships labelled parcels, at most LIMIT_MANIFEST_PACKAGES at once, and tells
 * their carrier. */
MUST_USE err_t manifest_close(struct ctx *ctx, const struct manifest_cmd *cmd,
                              manifest_id *ret);
MUST_USE err_t manifest_get(struct ctx *ctx, manifest_id id,
                            struct handover *ret);
MUST_USE err_t manifest_page(struct ctx *ctx, manifest_id after, size_t limit,
                             struct handover **ret, size_t *ret_count);
struct carrier_pickup_cmd {
    str location, account;
    utc_ms ready_at, until;
    int64_t packages;
};
MUST_USE err_t carrier_pickup_want(struct ctx *ctx,
                                   const struct carrier_pickup_cmd *cmd,
                                   carrier_pickup_id *ret);
MUST_USE err_t carrier_pickup_cancel(struct ctx *ctx, carrier_pickup_id id,
                                     int64_t version);
MUST_USE err_t carrier_pickup_get(struct ctx *ctx, carrier_pickup_id id,
                                  struct handover *ret);
MUST_USE err_t carrier_pickup_page(struct ctx *ctx, carrier_pickup_id after,
                                   size_t limit, struct handover **ret,
                                   size_t *ret_count);

/* It was called off, and its carrier is not being asked: nor need it be. */
MUST_USE err_t visit_is_over(struct ctx *ctx, const struct call *call,
                             bool *ret);
/* What came of the call, also a yes that comes after a no: it was done. Of a
 * visit that was called off it is told as carrier_pickup.booked. */
MUST_USE err_t handover_outcome(struct ctx *ctx, const struct call *call,
                                const struct carrier_outcome *outcome);
/* What it asks. */
MUST_USE err_t handover_request(struct ctx *ctx, const struct call *call,
                                struct carrier_request *ret);

#endif
