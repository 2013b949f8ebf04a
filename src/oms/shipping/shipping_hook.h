/* shipping_hook.h - what carriers tell us by themselves.
 *
 * A message is stored as it came, once by (account, its id), and answered. The
 * worker reads it: its facts are parked, each parcel takes its own in a command
 * of its own, so that one that refuses harms no other. Facts of parcels nobody
 * knows stay parked and are taken when the parcel appears. A public header of
 * the room, for the worker (jobs/labels.h).
 */
#ifndef WHARF_OMS_SHIPPING_HOOK_H
#define WHARF_OMS_SHIPPING_HOOK_H

#include "base/base.h"
#include "oms/ids.h"

enum {
    LIMIT_HOOKS_WAITING = 1000, /* Of a store; more are told to come again. */
    LIMIT_FACTS_PARKED = 5000,  /* Of an account; then the oldest go. */
    HOOK_BATCH = 50
};

/* The signature was judged. ERR_BUSY where too many wait to be read. */
MUST_USE err_t hook_take(struct ctx *ctx, carrier_account_id account,
                         str hook_id, str body, bool *ret_is_repeat);

/* ---- for the worker ---- */

/* Messages that wait to be read, oldest first. */
MUST_USE err_t hook_next(struct ctx *ctx, size_t limit, int64_t **ret,
                         size_t *ret_count);
/* Parks the facts of a message and forgets its words. What cannot be read is
 * told (carrier_hook.unreadable). Does nothing where it was read already. */
MUST_USE err_t hook_read(struct ctx *ctx, int64_t id);
/* It could not be, for whatever reason. */
MUST_USE err_t hook_spoil(struct ctx *ctx, int64_t id);

struct fact_key {
    carrier_account_id account;
    str tracking;
};
/* Parcels with facts that are due. */
MUST_USE err_t fact_next(struct ctx *ctx, size_t limit, struct fact_key **ret,
                         size_t *ret_count);
/* The parcels of that number take what is parked for them; where there are
 * none, it waits, each time longer. */
MUST_USE err_t fact_apply(struct ctx *ctx, const struct fact_key *key);
/* They did not: why is in `err` (event carrier_hook.refused). */
MUST_USE err_t fact_refuse(struct ctx *ctx, const struct fact_key *key,
                           const struct err_detail *err);

#endif
