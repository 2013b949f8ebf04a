/* fulfillment_pick_note.h - what pick tasks and fulfillment orders know of each
 * other. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_NOTE_H
#define WHARF_OMS_FULFILLMENT_PICK_NOTE_H

#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_pick_work.h"

/* Fulfillment orders that could be picked: ids of open ones, those due first
 * first. */
struct pick_search {
    location_id location;
    int method;    /* 0: any. */
    utc_ms due_by; /* 0: any. */
    bool is_again; /* Also those that stand in a live task. */
    size_t limit;
};
MUST_USE err_t pick_search_fos(struct ctx *ctx, const struct pick_search *what,
                               fulfillment_order_id **ret, size_t *ret_count);

/* The fulfillment orders of a task, each once, by id. */
void pick_fos_of(struct arena *arena, const struct pick_work *work,
                 fulfillment_order_id **ret, size_t *ret_count);

/* The orders' side of the commands; they lock orders in the order of the ids
 * of their fulfillment orders. */
MUST_USE err_t pick_note_started(struct ctx *ctx, struct pick_work *work);
/* Units picked go to their orders, missing ones are held, routed anew and
 * counted. *ret_more tells of it. */
MUST_USE err_t pick_note_done(struct ctx *ctx, struct pick_work *work,
                              str *ret_more);
/* The task is called off: what was picked goes back. */
MUST_USE err_t pick_note_back(struct ctx *ctx, struct pick_work *work);
/* It is called off: what may not leave any more is held. */
MUST_USE err_t pick_note_left(struct ctx *ctx, struct pick_work *work);

/* Units of lines of live tasks that nobody has in hand yet are no longer
 * wanted: each task is cut once. ERR_RETRY where somebody has taken some since
 * the lines were read. Sorts them. The caller has locked the orders. */
struct pick_cut {
    pick_task_id task;
    int64_t n, qty;
};
MUST_USE err_t pick_cut(struct ctx *ctx, struct pick_cut *cuts, size_t count);
/* Names lines of a run that shall give so many units, last ones first, and
 * lowers what they want. Appends to `cuts`, which has room for all lines; what
 * it found. Lines of `but` give none. */
int64_t pick_cut_from(struct pick_run run, int64_t qty, pick_task_id but,
                      struct pick_cut *cuts, size_t *count);

/* Fulfillment orders that a command changed: tasks no longer walk for units
 * that are not theirs any more, or that nobody may pick now. ERR_STATE
 * (units_in_work) where such units are in a hand already. */
MUST_USE err_t pick_reconcile(struct ctx *ctx, struct fulfillment *const *all,
                              size_t count);
/* Tasks whose units all stand in parcels are packed. */
MUST_USE err_t pick_note_packed(struct ctx *ctx,
                                const fulfillment_order_id *fos, size_t count);

#endif
