/* shipping_orphan.h - labels that carriers sold and no parcel wants. Private to
 * the room.
 *
 * A carrier may have sold what it refused, what a person took for not bought,
 * what was asked twice, and what was withdrawn after a restore. Such labels are
 * looked up by our reference ten minutes later and once more after a day (a
 * call of CARRIER_LOOKUP); late answers tell of them, too. What is found and
 * stands on no parcel is given back by a call of CARRIER_VOID at the account
 * that sold it. docs/shipping.md
 */
#ifndef WHARF_OMS_SHIPPING_ORPHAN_H
#define WHARF_OMS_SHIPPING_ORPHAN_H

#include "oms/shipping/shipping_label.h"

enum orphan_state { /* Stored as numbers. */
                    ORPHAN_VOIDING = 1,
                    ORPHAN_VOIDED,
                    ORPHAN_REFUSED, /* The carrier keeps it: a task. */
                    ORPHAN_KEPT     /* It was in use after all. */
};
/* By state; the first is none. */
extern const char *const orphan_state_names[ORPHAN_KEPT + 1];

struct orphan {
    orphan_label_id id;
    label_id label; /* Whose reference it was sold for. */
    package_id package;
    carrier_account_id account;
    str tracking, carrier_ref;
    bool has_cost;
    money cost;
    enum orphan_state state;
    str error;
    utc_ms created_at, updated_at;
};
MUST_USE err_t orphan_get(struct ctx *ctx, orphan_label_id id,
                          struct orphan *ret);
/* state 0: all. */
MUST_USE err_t orphan_page(struct ctx *ctx, int state, orphan_label_id after,
                           size_t limit, struct orphan **ret,
                           size_t *ret_count);
/* Asks its carrier once more to take it back. */
MUST_USE err_t orphan_again(struct ctx *ctx, orphan_label_id id);

/* ---- for the rest of the room ---- */

enum { SWEEP_AFTER_MS = 10 * 60 * 1000, SWEEP_DAYS = 30 };

/* The label of that call shall be looked up: its carrier may have sold what
 * we do not have. Nothing where the carrier cannot tell. */
MUST_USE err_t sweep_begin(struct ctx *ctx, const struct call *call, utc_ms at);
bool sweep_is_over(struct ctx *ctx, const struct call *call);
/* It was looked up, or the carrier will not say. */
MUST_USE err_t sweep_outcome(struct ctx *ctx, struct call *call,
                             const struct carrier_outcome *outcome);
/* The carrier names a label that it sold for that call's reference: what is not
 * ours and stands on no parcel is given back. */
MUST_USE err_t orphan_see(struct ctx *ctx, const struct call *call,
                          const struct carrier_outcome *outcome);

/* Of a call of CARRIER_VOID: whether it is about an orphan, and that locked. */
MUST_USE err_t orphan_of(struct ctx *ctx, const struct call *call,
                         struct orphan *ret, bool *ret_found);
/* It is void by now, or came into use and is not to be voided. */
MUST_USE err_t orphan_is_over(struct ctx *ctx, struct orphan *orphan,
                              bool *ret);
/* Also of a call that was over: what its carrier voided is void. */
MUST_USE err_t orphan_outcome(struct ctx *ctx, struct orphan *orphan,
                              const struct carrier_outcome *outcome);

/* Fails where a label of that number was given back: no parcel can bear it. */
MUST_USE err_t orphan_check(struct ctx *ctx, str tracking);
/* A person said what was bought. */
MUST_USE err_t label_note_settled(struct ctx *ctx, label_id id);

#endif
