/* timers.h - what rooms do again and again: one thread, every timer.
 *
 * A turn is low-lane work of the store, so it never holds up clients. A turn
 * that fails is told once and tried again after its period: what is due stands
 * in the store and waits.
 */
#ifndef WHARF_JOBS_TIMERS_H
#define WHARF_JOBS_TIMERS_H

#include "base/base.h"

struct buf;
struct store;
struct timer_list;
struct timers;

/* `lists` is NULL-ended; the tables in it outlive the timers. The store has
 * started. The first turns come at once. */
MUST_USE err_t timers_open(struct ctx *ctx, struct store *store,
                           const struct timer_list *const *lists,
                           struct timers **ret);
/* Finishes the running turns. Takes NULL. */
void timers_close(struct timers *timers);
/* Prometheus text: wharf_timer_turns_total, wharf_timer_failing. */
void timers_metrics(const struct timers *timers, struct buf *out);

#endif
