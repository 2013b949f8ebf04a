/* webhooks.h - the worker that sends events to the webhooks of one store.
 *
 * One thread: it reads what the endpoints want, turns it into deliveries,
 * calls, and records what came of it. To each endpoint one call at a time, in
 * the order of the log; what failed comes again when it is due and holds up
 * nobody. A call may be made twice (the process dies before the outcome is
 * recorded), with the same webhook-id; it is never left out. See
 * docs/webhooks.md.
 */
#ifndef WHARF_JOBS_WEBHOOKS_H
#define WHARF_JOBS_WEBHOOKS_H

#include "base/base.h"

struct buf;
struct call_guard;
struct store;
struct webhooks;

struct webhooks_config {
    struct call_guard *guard; /* Outlives the worker. */
    int first_retry_ms;       /* 5000 unless set; the others grow with it. */
    int timeout_ms;           /* Of one call; 15000 unless set. */
};

/* The store has started. */
MUST_USE err_t webhooks_open(struct ctx *ctx, struct store *store,
                             const struct webhooks_config *config,
                             struct webhooks **ret);
/* Gives up the calls under way: they are made again. Before the store closes;
 * takes NULL. */
void webhooks_close(struct webhooks *webhooks);
/* Prometheus text: wharf_webhook_calls_total, wharf_webhook_failures_total,
 * wharf_webhook_waiting. */
void webhooks_metrics(const struct webhooks *webhooks, struct buf *out);

#endif
