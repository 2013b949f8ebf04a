/* bulk.h - the bulk room: one command on many orders, as a job.
 *
 * A job names up to LIMIT_ORDER_JOB_ITEMS orders, chosen when it is made. Each
 * is an item, done by the very command that one order takes, in the
 * transaction that says so: so each is done once, whenever a process dies. A
 * worker takes them in turns, jobs one after the other. docs/bulk.md
 */
#ifndef WHARF_OMS_BULK_H
#define WHARF_OMS_BULK_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

enum { ORDER_JOB_BATCH = 20, ORDER_JOB_KEEP_DAYS = 90 };

/* Stored as numbers: append, never renumber. */
enum order_job_item_state {
    ORDER_JOB_ITEM_WAITING = 1,
    ORDER_JOB_ITEM_ASKED, /* For labels, which come later. */
    ORDER_JOB_ITEM_DONE,
    ORDER_JOB_ITEM_FAILED
};
struct order_job_item {
    order_job_id job;
    int64_t n; /* From 1, by order id. */
    order_id order;
    enum order_job_item_state state;
    str code, field, detail; /* Why it failed. */
};

/* ---- for the worker ---- */

/* The first items that wait, of the job that moved longest ago. */
MUST_USE err_t order_job_next(struct ctx *ctx, size_t limit,
                              struct order_job_item **ret, size_t *ret_count);
/* Locks the job and the orders of items, as others lock orders: by id. */
MUST_USE err_t order_job_lock_orders(struct ctx *ctx,
                                     const struct order_job_item *items,
                                     size_t count);
/* As its caller would. Does nothing where the item waits no more. */
MUST_USE err_t order_job_item_run(struct ctx *ctx,
                                  const struct order_job_item *item);
/* It could not be: why is in `err`. */
MUST_USE err_t order_job_item_refuse(struct ctx *ctx,
                                     const struct order_job_item *item,
                                     const struct err_detail *err);

extern const struct room bulk_room;

#endif
