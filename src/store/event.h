/* event.h - the event log: what happened, in the same commit as the rows.
 *
 * Append-only. It is the audit trail, the timeline of every subject and the
 * only way anything else in the house learns of a change. `data` is JSON of
 * our own making without personal data. Order of reading is (xid, id): on
 * SQLite xid is 0 and ids rise in commit order; on PostgreSQL readers stop
 * before the oldest transaction still running.
 */
#ifndef WHARF_STORE_EVENT_H
#define WHARF_STORE_EVENT_H

#include "base/base.h"

struct event {
    int64_t id;
    int64_t xid;
    utc_ms at;
    str type;         /* "order.placed" */
    str subject_kind; /* "order" */
    int64_t subject_id;
    struct actor actor;
    str data; /* A JSON object. */
};

/* Appends one; *ret_id (may be NULL) gets its id, for movement rows. The label
 * is needed: libevent exports an event_add() too, and would call ours. */
MUST_USE err_t event_add(struct ctx *ctx, const char *type,
                         const char *subject_kind, int64_t subject_id, str data,
                         int64_t *ret_id) __asm__("wharf_event_add");
/* Appends many whose id, at and actor are set by the caller (event_id). */
MUST_USE err_t event_add_many(struct ctx *ctx, const struct event *events,
                              size_t count);
/* The next event id about that subject, to write into rows before the event. */
int64_t event_id(struct ctx *ctx, int64_t subject_id);

/* A place in the log, behind the event of that id; id 0: its beginning,
 * whatever the xid. */
struct event_cursor {
    int64_t xid, id;
};
/* Below, at or above 0 as `a` is before, at or behind `b`. */
int event_cursor_cmp(struct event_cursor a, struct event_cursor b);
/* Up to `limit` events after the cursor, oldest first, finished ones only. All
 * lists of events are cut short where the data is large: with more than
 * LIMIT_EVENTS_BYTES of it, fewer than `limit` are not the end, only none is.
 */
MUST_USE err_t event_list_after(struct ctx *ctx, struct event_cursor after,
                                size_t limit, struct event **ret,
                                size_t *ret_count);
/* Where that event stands in the log; false where there is no such event. */
MUST_USE err_t event_cursor_find(struct ctx *ctx, int64_t id,
                                 bool *ret_is_found, struct event_cursor *ret);
/* The last event a reader may see; zero where there is none. */
MUST_USE err_t event_head(struct ctx *ctx, struct event_cursor *ret);
/* The timeline of a subject, oldest first, keyset by id. */
struct event_subject {
    const char *kind;
    int64_t id;
    int64_t after_id; /* Of the last event seen, or 0. */
};
MUST_USE err_t event_list_subject(struct ctx *ctx,
                                  const struct event_subject *subject,
                                  size_t limit, struct event **ret,
                                  size_t *ret_count);
/* The same in the order of the log; after_id is not looked at. */
MUST_USE err_t event_list_subject_after(struct ctx *ctx,
                                        const struct event_subject *subject,
                                        struct event_cursor after, size_t limit,
                                        struct event **ret, size_t *ret_count);

/* A consumer: a name, what it does with a run of events. */
typedef err_t event_consume_fn(struct ctx *ctx, const struct event *events,
                               size_t count);
struct event_consumer {
    const char *name; /* Its cursor in the store. */
    /* Handles many events in the transaction that moves the cursor. */
    event_consume_fn *consume;
    bool is_prompt; /* People watch what it keeps: it is not kept waiting. */
};
struct event_list {
    const struct event_consumer *at;
    size_t count;
};
/* One step in ctx's transaction: reads after the consumer's cursor, consumes,
 * moves the cursor. *ret_count 0: it has caught up. */
MUST_USE err_t event_step(struct ctx *ctx,
                          const struct event_consumer *consumer, size_t limit,
                          size_t *ret_count);
/* What keeps a consumer from its next event; gone once a step succeeds. */
struct event_stop {
    str consumer;
    utc_ms since;
    int64_t event; /* The next one; 0: there is none that may be seen. */
    str error;
};
/* Of the step that just failed; of one that succeeded without an event. */
MUST_USE err_t event_stop_put(struct ctx *ctx, const char *consumer, str error);
MUST_USE err_t event_stop_clear(struct ctx *ctx, const char *consumer);
/* Oldest first. */
MUST_USE err_t event_stop_list(struct ctx *ctx, struct event_stop **ret,
                               size_t *ret_count);
/* Consumes up to `limit` events behind *at, also those whose turn has not come
 * while an older transaction runs, and moves *at. The consumer's own cursor
 * stays, so they come again: for consumers that may take an event twice.
 * event_cursor_of: where to begin, just after a step. */
MUST_USE err_t event_step_ahead(struct ctx *ctx,
                                const struct event_consumer *consumer,
                                struct event_cursor *at, size_t limit,
                                size_t *ret_count);
MUST_USE err_t event_cursor_of(struct ctx *ctx, const char *consumer,
                               struct event_cursor *ret);
/* Events behind, at most `cap`; also those whose turn has not come, since an
 * older transaction still runs. 0: what the consumer keeps is as the rows. */
MUST_USE err_t event_lag(struct ctx *ctx, const char *consumer, size_t cap,
                         size_t *ret);

#endif
