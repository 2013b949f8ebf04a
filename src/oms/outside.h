/* outside.h - what services outside the house are asked, whoever asks them:
 * carriers (shipping), gateways (payment).
 *
 * A call is stored before it is made, and its answer is a new command. What
 * is alike is here: the steps of a stored call, how a request, its reply and
 * a webhook look as bytes, and who takes calls.
 */
#ifndef WHARF_OMS_OUTSIDE_H
#define WHARF_OMS_OUTSIDE_H

#include "base/base.h"

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
    CALL_EVENT_LATER,  /* They did nothing. */
    CALL_EVENT_LOSE,   /* No answer, or none that can be read. */
    CALL_EVENT_ABSENT, /* They do not know the reference. */
    CALL_EVENT_GIVE_UP,
    CALL_EVENT_RETRY, /* By hand: look it up again. */
    CALL_EVENT_CANCEL
};
/* Their names; index + 1 is the value. */
extern const char *const call_state_names[CALL_CANCELLED];
extern const char *const call_event_names[CALL_EVENT_CANCEL];
/* When to try again after so many times: 1 s doubled, at most 15 minutes. */
int64_t call_backoff_ms(int64_t times);

enum {
    CALL_LEASE_MS = 120000,
    CALL_TIMEOUT_MS = 30000,
    /* They do not know a reference: what was sent may still be under way. */
    CALL_SETTLE_MS = CALL_TIMEOUT_MS * 2,
    CALL_LOOKUPS_MAX = 20,
    CALL_BATCH = 100
};

/* They did not know a reference when they were looked up, in the turn that had
 * this lease: whether what was asked before cannot be under way any more. When
 * their answer came does not matter. */
bool call_is_settled(utc_ms asked_at, utc_ms lease_until);

/* Who takes calls, and how many; nothing is taken for accounts that have
 * enough under way (0: a place that is free), so that one that hangs does not
 * stand in the way of the others. */
enum { CALL_BUSY_MAX = 4 };
struct call_taker {
    int64_t owner;
    size_t limit;
    int64_t busy[CALL_BUSY_MAX];
};
/* The parameters of a statement that leaves out the busy accounts. */
struct sql_arg;
void call_put_busy(const struct call_taker *taker, struct sql_arg *args);
/* What the statement says is due next, for that taker; 0: nothing, or outbound
 * work is paused. */
MUST_USE err_t call_next_at(struct ctx *ctx, int stmt,
                            const struct call_taker *taker, utc_ms *ret);

/* ---- as bytes ---- */

enum { OUTSIDE_HEADERS_MAX = 6 };
struct outside_call { /* NUL-terminated, in the arena. */
    const char *method, *url;
    const char *headers[OUTSIDE_HEADERS_MAX]; /* "Name: value"; NULL ends. */
    str body;
};
struct outside_reply {
    bool is_answered; /* Else no whole answer came. */
    bool is_unsent;   /* And they cannot have seen the request. */
    int status;
    int64_t retry_after_s;
    str body;
};
struct outside_hook { /* A webhook, as received. */
    str id, timestamp, signature, body;
    utc_ms now;
};

#endif
