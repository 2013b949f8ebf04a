/* notify_webhook.h - webhooks: endpoints, and what the worker that calls them
 * asks of the store.
 *
 * Each endpoint has its own cursor in the log. Events after it that it wants
 * become deliveries while fewer than WEBHOOK_WINDOW wait: the log itself is
 * the queue. A delivery is tried until it is delivered or dead; what fails
 * waits for its own next try and does not hold up those behind it.
 */
#ifndef WHARF_OMS_NOTIFY_WEBHOOK_H
#define WHARF_OMS_NOTIFY_WEBHOOK_H

#include "oms/ids.h"
#include "oms/notify/notify.h"

struct machine;

enum {
    WEBHOOK_WINDOW = 200, /* Deliveries that may wait at once. */
    WEBHOOK_TRIES = 10,
    WEBHOOK_SECRET_BYTES = 6 + 44 /* "whsec_" and base64 of 32 bytes. */
};

enum delivery_state {
    DELIVERY_NONE = 0,
    DELIVERY_PENDING = 1,
    DELIVERY_DELIVERED = 2,
    DELIVERY_RETRYING = 3,
    DELIVERY_DEAD = 4
};
enum delivery_event {
    DELIVERY_EVENT_TAKE = 1,
    DELIVERY_EVENT_ANSWER,  /* 2xx */
    DELIVERY_EVENT_FAIL,    /* And there are tries left. */
    DELIVERY_EVENT_GIVE_UP, /* And there are none. */
    DELIVERY_EVENT_REPLAY
};
extern const struct machine delivery_machine;
/* DELIVERY_NONE where the move is forbidden; docs/states/delivery.md. */
enum delivery_state delivery_next(enum delivery_state from,
                                  enum delivery_event event);
const char *delivery_state_name(enum delivery_state state);

/* When to try again after so many tries: from 5 s to 14 h, about 32 h in all,
 * with a jitter of a fifth that `seed` decides. first_ms instead of 5000
 * shrinks the whole row. */
int64_t webhook_backoff_ms(int64_t attempts, int64_t first_ms, uint64_t seed);

/* "v1,…" over id.timestamp.body; secret as "whsec_…". In the arena. */
str webhook_sign(struct arena *arena, str secret, str id, int64_t timestamp_s,
                 str body);

/* ---- for the worker ---- */

/* The log is not quite in the order of time: where events are replayed since a
 * time, older ones stand between them. They are passed over up to where the
 * endpoint was; behind that, none was ever taken. */
struct webhook_replay {
    utc_ms since; /* 0: none. */
    struct event_cursor until;
};

/* An endpoint that is active. */
struct webhook_target {
    webhook_id id;
    str url;
    str secret, old_secret; /* Opened; old_secret may be empty. */
    const char *secret_why; /* Slug where they could not be opened, or NULL. */
    struct event_types types;
    struct event_cursor cursor;
    int64_t cursor_seq; /* Another one: the cursor was set by hand. */
    struct webhook_replay replay;
    int64_t taken;
    int64_t lease_owner;
    utc_ms lease_until;
};
/* None while outbound work is paused. */
MUST_USE err_t webhook_target_list(struct ctx *ctx, struct webhook_target **ret,
                                   size_t *ret_count);

struct webhook_due {
    int64_t n, attempts;
    struct event event;
};
/* What may be sent now, oldest first; how many wait in all (at most
 * WEBHOOK_WINDOW) and when the first of them is due (0: none waits). */
MUST_USE err_t webhook_due_list(struct ctx *ctx, webhook_id id, size_t limit,
                                struct webhook_due **ret, size_t *ret_count,
                                size_t *ret_waiting, utc_ms *ret_next_at);
/* Events behind `after` that the endpoint wants, as event_page(). */
MUST_USE err_t webhook_wanted(struct ctx *ctx,
                              const struct webhook_target *target,
                              struct event_cursor after,
                              struct event_page *ret);

/* Events become deliveries and the cursor moves, if the target is still as it
 * was read and `owner` may work on it; *ret_is_mine says so. */
struct webhook_taking {
    const struct webhook_target *target;
    int64_t owner;
    utc_ms lease_until;
    const struct event *events;
    size_t count;
    struct event_cursor cursor;
};
MUST_USE err_t webhook_take(struct ctx *ctx, const struct webhook_taking *take,
                            bool *ret_is_mine);
/* Gives leases back: the owner's, or all of them. */
MUST_USE err_t webhook_lease_end(struct ctx *ctx, int64_t owner, bool is_all);

/* What came of one try. */
struct webhook_outcome {
    webhook_id id;
    int64_t n, event_id, attempts; /* As they were. */
    int status;                    /* 0: no answer. */
    str error;                     /* Empty where delivered. */
    int64_t retry_after_s, duration_ms;
    int64_t first_ms; /* For webhook_backoff_ms(). */
};
MUST_USE err_t webhook_record(struct ctx *ctx,
                              const struct webhook_outcome *outcome);

#endif
