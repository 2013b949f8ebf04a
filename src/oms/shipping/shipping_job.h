/* shipping_job.h - labels in bulk: a job, its items, their outcomes.
 *
 * An item is a parcel, or a fulfillment order that is packed as boxes take it.
 * Each is a command of its own, taken in order; where a process dies, the next
 * goes on with the first item that waits. A public header of the room, for the
 * worker (jobs/labels.h).
 */
#ifndef WHARF_OMS_SHIPPING_JOB_H
#define WHARF_OMS_SHIPPING_JOB_H

#include "base/base.h"
#include "oms/ids.h"

enum { LIMIT_JOB_ITEMS = 10000, JOB_BATCH = 20 };

/* Stored as numbers. */
enum job_state { JOB_RUNNING = 1, JOB_DONE, JOB_CANCELLED };
enum job_item_state {
    JOB_ITEM_WAITING = 1,
    JOB_ITEM_ASKED,
    JOB_ITEM_BOUGHT,
    JOB_ITEM_REFUSED
};

struct job_item {
    label_job_id job;
    int64_t n;
    fulfillment_order_id fo; /* 0: a parcel. */
    package_id package;      /* 0: not packed yet. */
    enum job_item_state state;
    str code, field, detail; /* Why it was refused. */
};

/* ---- for the worker ---- */

/* The first items that wait, of the oldest jobs; none while outbound work is
 * paused. */
MUST_USE err_t job_next(struct ctx *ctx, size_t limit, struct job_item **ret,
                        size_t *ret_count);
/* Packs where there is no parcel yet, and asks for labels. Does nothing where
 * the item waits no more. */
MUST_USE err_t job_item_run(struct ctx *ctx, const struct job_item *item);
/* It could not be: why is in `err`. */
MUST_USE err_t job_item_refuse(struct ctx *ctx, const struct job_item *item,
                               const struct err_detail *err);

#endif
