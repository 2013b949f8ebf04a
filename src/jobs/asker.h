/* asker.h - a worker that asks services outside what a store has stored to be
 * asked: carriers (labels.h), gateways (gateways.h).
 *
 * One thread a kind and store: it takes the calls that are due (they are
 * marked as asked before anybody is asked), makes them or has them answered
 * here, and records what came of them, many in one transaction. A service that
 * hangs holds up its own calls alone. What was under way when a process died
 * is looked up before it is asked again. See docs/shipping.md,
 * docs/gateways.md.
 */
#ifndef WHARF_JOBS_ASKER_H
#define WHARF_JOBS_ASKER_H

#include "oms/outside.h"

struct arena;
struct asker;
struct buf;
struct call_guard;
struct store;

/* First in each task, which the kind's room knows. */
struct asker_task {
    int64_t account;
    bool is_unknown; /* Once it is done: nothing could be told. */
};
struct asker_kind {
    const char *name;    /* Of the thread, in the log. */
    const char *metrics; /* "wharf_carrier": how names of metrics begin. */
    size_t task_bytes;
    err_t (*peek)(struct ctx *ctx, const struct call_taker *taker,
                  utc_ms *ret_next_at);
    err_t (*take)(struct ctx *ctx, const struct call_taker *taker, void **ret,
                  size_t *ret_count);
    /* Makes the request, or puts an outcome into the task: then true. */
    bool (*ask)(struct ctx *ctx, void *task, struct outside_call *ret);
    /* Puts what came back into the task as an outcome. */
    void (*read)(struct ctx *ctx, void *task,
                 const struct outside_reply *reply);
    err_t (*record)(struct ctx *ctx, const void *task);
    err_t (*release)(struct ctx *ctx, int64_t owner, bool is_others);
    /* What the thread does besides; true where there was something to do. Both
     * arenas are its own while it runs. May be NULL. */
    bool (*besides)(struct store *store, struct arena *arena,
                    struct arena *scratch);
};

/* The store has started; the guard outlives the worker. */
MUST_USE err_t asker_open(struct ctx *ctx, struct store *store,
                          const struct call_guard *guard,
                          const struct asker_kind *kind, struct asker **ret);
/* Gives up the calls under way: they are looked up at the next start. Before
 * the store closes; takes NULL. */
void asker_close(struct asker *asker);
/* Prometheus text: <metrics>_calls_total, <metrics>_unknown_total. */
void asker_metrics(const struct asker *asker, struct buf *out);

#endif
