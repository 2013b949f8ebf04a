/* consumers.h - what follows the event log: one thread, every consumer.
 *
 * Woken by commits, it runs each consumer's steps as low-lane work: a run of
 * events and the move of the cursor are one transaction. A consumer whose step
 * fails stops and raises an alarm (store/event.h, struct event_stop), and tries
 * again ever more seldom; it never skips an event, since that would falsify a
 * counter.
 */
#ifndef WHARF_JOBS_CONSUMERS_H
#define WHARF_JOBS_CONSUMERS_H

#include "base/base.h"

struct buf;
struct consumers;
struct event_list;
struct store;

/* `lists` is NULL-ended and outlives the consumers. The store has started. */
MUST_USE err_t consumers_open(struct ctx *ctx, struct store *store,
                              const struct event_list *const *lists,
                              struct consumers **ret);
/* Finishes the running step. Takes NULL. */
void consumers_close(struct consumers *consumers);
/* Waits until every consumer has seen every event committed before the call;
 * false if one has stopped. */
bool consumers_drain(struct consumers *consumers);
/* Prometheus text: wharf_consumer_lag_events, wharf_consumer_stopped. */
void consumers_metrics(const struct consumers *consumers, struct buf *out);

#endif
