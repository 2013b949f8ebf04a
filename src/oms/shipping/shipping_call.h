/* shipping_call.h - what carriers are asked, and what came of it.
 *
 * A call is stored before it is made. Its answer is a new command. Where no
 * answer can be told, the carrier is asked what became of our reference before
 * anything is bought again (I23); a call of another epoch, from before a
 * restore, begins like that. The second public header of the room, for the
 * worker (jobs/labels.h). docs/states/carrier_call.md
 */
#ifndef WHARF_OMS_SHIPPING_CALL_H
#define WHARF_OMS_SHIPPING_CALL_H

#include "oms/ids.h"
#include "oms/shipping/carrier.h"

struct machine;

extern const struct machine call_machine;
/* CALL_NONE where the event is refused. */
enum call_state call_next(enum call_state from, enum call_event event);

/* ---- for the worker ---- */

struct call_task {
    carrier_call_id id;
    carrier_account_id account_id;
    const struct carrier *carrier;
    struct carrier_account account;
    struct carrier_request request; /* op CARRIER_LOOKUP where it was lost. */
    utc_ms lease_until;             /* Of this turn. */
    /* What it may hold up: calls that buy or give back of the account, or
     * (below 0) questions to it. As in call_taker.busy. */
    int64_t lane;
};
/* When the next call is due; 0: nothing waits, or outbound work is paused. */
MUST_USE err_t call_peek(struct ctx *ctx, const struct call_taker *taker,
                         utc_ms *ret_next_at);
/* Takes what is due, in the transaction that marks it as asked: none while
 * outbound work is paused. */
MUST_USE err_t call_take(struct ctx *ctx, const struct call_taker *taker,
                         struct call_task **ret, size_t *ret_count);
/* What came of a task. An answer to what is no longer under way is compared,
 * and where it names a label that no parcel bears, that is given back
 * (shipping_orphan.h); one that comes when another worker has the call does not
 * open it. */
MUST_USE err_t call_record(struct ctx *ctx, const struct call_task *task,
                           const struct carrier_outcome *outcome);
/* The same, where nobody was asked: somebody knows what became of it. */
MUST_USE err_t call_settle(struct ctx *ctx, carrier_call_id id,
                           const struct carrier_outcome *outcome);
/* Looks into the file of a label its carrier drew, outside transactions: one
 * that cannot be read is left out, and `field` and `text` say so. */
void call_look(struct ctx *ctx, struct carrier_outcome *outcome);
/* Calls under way of an owner, or of all others (a process that died), are
 * looked up next. */
MUST_USE err_t call_release(struct ctx *ctx, int64_t owner, bool is_others);

#endif
