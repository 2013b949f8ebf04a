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

/* Stored as numbers: append, never renumber. */
enum call_state {
    CALL_NONE = 0,
    CALL_WANTED = 1,
    CALL_ASKED,   /* Under way, or the worker died: see the lease. */
    CALL_UNKNOWN, /* May have been done: look it up. */
    CALL_LOOKING, /* Being looked up. */
    CALL_DONE,
    CALL_REFUSED,
    CALL_STUCK, /* Cannot be told; a person must say. */
    CALL_CANCELLED
};
enum call_event {
    CALL_EVENT_WANT = 1,
    CALL_EVENT_DOUBT, /* It may have been made before a restore. */
    CALL_EVENT_TAKE,
    CALL_EVENT_DONE,
    CALL_EVENT_REFUSE,
    CALL_EVENT_LATER,  /* The carrier did nothing. */
    CALL_EVENT_LOSE,   /* No answer, or none that can be read. */
    CALL_EVENT_ABSENT, /* The carrier does not know the reference. */
    CALL_EVENT_GIVE_UP,
    CALL_EVENT_RETRY, /* By hand: look it up again. */
    CALL_EVENT_CANCEL
};
extern const struct machine call_machine;
/* CALL_NONE where the event is refused. */
enum call_state call_next(enum call_state from, enum call_event event);
/* When to try again after so many times: 1 s doubled, at most 15 minutes. */
int64_t call_backoff_ms(int64_t times);

enum {
    CALL_LEASE_MS = 120000,
    CALL_TIMEOUT_MS = 30000,
    CALL_LOOKUPS_MAX = 20,
    CALL_BATCH = 100
};

/* ---- for the worker ---- */

struct call_task {
    carrier_call_id id;
    carrier_account_id account_id;
    const struct carrier *carrier;
    struct carrier_account account;
    struct carrier_request request; /* op CARRIER_LOOKUP where it was lost. */
};
/* Who takes calls, and how many; nothing is taken for accounts that have
 * enough under way (0: a place that is free), so that one that hangs does not
 * stand in the way of the others. */
enum { CALL_BUSY_MAX = 4 };
struct call_taker {
    int64_t owner;
    size_t limit;
    carrier_account_id busy[CALL_BUSY_MAX];
};
/* When the next call is due; 0: nothing waits, or outbound work is paused. */
MUST_USE err_t call_peek(struct ctx *ctx, const struct call_taker *taker,
                         utc_ms *ret_next_at);
/* Takes what is due, in the transaction that marks it as asked: none while
 * outbound work is paused. */
MUST_USE err_t call_take(struct ctx *ctx, const struct call_taker *taker,
                         struct call_task **ret, size_t *ret_count);
/* What came of a task. An answer to what is no longer under way is compared,
 * and where it names another label, told (package.label_duplicate). */
MUST_USE err_t call_record(struct ctx *ctx, carrier_call_id id,
                           const struct carrier_outcome *outcome);
/* Calls under way of an owner, or of all others (a process that died), are
 * looked up next. */
MUST_USE err_t call_release(struct ctx *ctx, int64_t owner, bool is_others);

#endif
