/* labels.h - the worker that asks the carriers of one store.
 *
 * One thread: it takes the calls that are due (they are marked as asked before
 * anybody is asked), makes them or has local carriers answer, and records what
 * came of them, many in one transaction. A carrier that hangs holds up its own
 * calls alone. What was under way when a process died is looked up before it is
 * asked again. See docs/shipping.md.
 */
#ifndef WHARF_JOBS_LABELS_H
#define WHARF_JOBS_LABELS_H

#include "base/base.h"

struct buf;
struct call_guard;
struct labels;
struct store;

/* The store has started; the guard outlives the worker. */
MUST_USE err_t labels_open(struct ctx *ctx, struct store *store,
                           const struct call_guard *guard, struct labels **ret);
/* Gives up the calls under way: they are looked up at the next start. Before
 * the store closes; takes NULL. */
void labels_close(struct labels *labels);
/* Prometheus text: wharf_carrier_calls_total, wharf_carrier_unknown_total. */
void labels_metrics(const struct labels *labels, struct buf *out);

#endif
