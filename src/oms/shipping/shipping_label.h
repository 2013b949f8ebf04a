/* shipping_label.h - labels: asked for, bought, void. Private to the room.
 *
 * At most one label of a parcel is wanted or paid for at any time; an index
 * holds it.
 */
#ifndef WHARF_OMS_SHIPPING_LABEL_H
#define WHARF_OMS_SHIPPING_LABEL_H

#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_setup.h"
#include "oms/shipping/shipping_store.h"

enum label_state { /* Stored as numbers. */
                   LABEL_WANTED = 1,
                   LABEL_BOUGHT,
                   LABEL_REFUSED,
                   LABEL_VOIDING,
                   LABEL_VOIDED,
                   LABEL_CANCELLED /* Before its carrier was asked. */
};
const char *label_state_name(enum label_state state);

struct label {
    label_id id;
    package_id package;
    carrier_account_id account; /* 0: by hand. */
    str service;
    enum label_state state;
    str tracking, carrier_ref;
    bool has_cost;
    money cost;
    str zpl, pdf; /* The carrier's own drawing; pdf in base64. */
    str error_field, error_text;
    bool is_voiding_package; /* The parcel goes with it. */
    bool is_first;           /* Of its parcel. Set by label_add(). */
    int64_t job_id;
    utc_ms created_at, updated_at;
};
/* What its carrier knows it by: the parcel's id; a later one its own. So what
 * was bought after a backup is looked up in the store restored from it. */
str label_reference(struct arena *arena, const struct label *label);
MUST_USE err_t label_get(struct ctx *ctx, label_id id, struct label *ret);
/* Its parcel is locked. */
MUST_USE err_t label_add(struct ctx *ctx, struct label *row);
MUST_USE err_t label_save(struct ctx *ctx, const struct label *row);

struct call {
    carrier_call_id id;
    enum carrier_op op;
    int64_t subject; /* A label, a manifest or a pickup. */
    carrier_account_id account;
    enum call_state state;
    str epoch;
    int64_t tries, lookups;
    utc_ms next_at, asked_at;
    int64_t owner;
    utc_ms lease_until;
    str error;
    utc_ms created_at;
};
/* A new one, wanted now. With `made_at` before a restore its subject may have
 * been asked for in the life that is lost, so it is looked up first. */
MUST_USE err_t call_want_again(struct ctx *ctx, enum carrier_op op,
                               int64_t subject, carrier_account_id account,
                               utc_ms made_at);
/* A new one, wanted now. */
MUST_USE err_t call_want(struct ctx *ctx, enum carrier_op op, int64_t subject,
                         carrier_account_id account);
/* One that is wanted at that time. */
MUST_USE err_t call_want_at(struct ctx *ctx, enum carrier_op op,
                            int64_t subject, carrier_account_id account,
                            utc_ms at);
/* The last of a subject; ERR_NOT_FOUND. */
MUST_USE err_t call_last(struct ctx *ctx, int64_t subject, struct call *ret);
MUST_USE err_t call_lock(struct ctx *ctx, carrier_call_id id, struct call *ret);
MUST_USE err_t call_save(struct ctx *ctx, const struct call *row);
/* Moves and saves; ERR_STATE where the move is refused. */
/* Nobody can be asked now, as where its secret is not there: later again. */
MUST_USE err_t call_rest(struct ctx *ctx, struct call *row);
MUST_USE err_t call_move(struct ctx *ctx, struct call *row,
                         enum call_event event);

/* ---- what came of calls, by operation ---- */

MUST_USE err_t label_outcome(struct ctx *ctx, const struct call *call,
                             const struct carrier_outcome *outcome);
/* Its parcel is a draft again. */
MUST_USE err_t label_refuse(struct ctx *ctx, struct label *label,
                            struct package *package,
                            const struct carrier_outcome *outcome);
MUST_USE err_t label_stuck(struct ctx *ctx, const struct call *call);
/* Of a call that is not over: nobody wants that void any more. */
MUST_USE err_t void_is_over(struct ctx *ctx, const struct call *call,
                            bool *ret);
/* Also of a call that was over: what its carrier voided is void. */
MUST_USE err_t void_outcome(struct ctx *ctx, const struct call *call,
                            const struct carrier_outcome *outcome);
/* Drops what may name a person where the parcel's buyer was erased. */
MUST_USE err_t label_hush(struct ctx *ctx, const struct call *call,
                          struct carrier_outcome *outcome);
/* What the carrier is asked, from the rows. */
MUST_USE err_t label_request(struct ctx *ctx, const struct call *call,
                             bool is_lookup, struct carrier_request *ret);

/* ---- commands ---- */

struct label_cmd {
    package_id package;
    int64_t version;      /* 0: whatever it is. */
    str account, service; /* Empty: the best of all by `mode`. */
    int mode;             /* enum shop_mode; 0: the cheapest. */
    int64_t job_id;
};
/* Asks for a label: the parcel must be closed and its addresses good. */
MUST_USE err_t label_want(struct ctx *ctx, const struct label_cmd *cmd);
struct label_hand {
    package_id package;
    int64_t version;
    str carrier, service, tracking;
};
/* A label that was bought elsewhere. */
MUST_USE err_t label_by_hand(struct ctx *ctx, const struct label_hand *cmd);
/* Voids a label, or withdraws one that no carrier was asked for. */
MUST_USE err_t label_void(struct ctx *ctx, package_id id, int64_t version,
                          bool is_voiding_package);
enum label_truth { TRUTH_BOUGHT = 1, TRUTH_NOT_BOUGHT, TRUTH_ASK_AGAIN };
/* A person says what became of a call that cannot be told. */
MUST_USE err_t label_settle(struct ctx *ctx, package_id id,
                            enum label_truth truth, str tracking);

/* Addresses of a parcel as its carrier wants them; fails with the field. */
MUST_USE err_t package_addresses(struct ctx *ctx, const struct package *package,
                                 const struct carrier *carrier,
                                 struct carrier_address *from,
                                 struct carrier_address *to);
/* Where a location stands. */
MUST_USE err_t place_address(struct ctx *ctx, location_id id,
                             struct carrier_address *ret);

#endif
