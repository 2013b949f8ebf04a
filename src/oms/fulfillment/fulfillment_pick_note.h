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

/* Units of a line that nobody has in hand yet are no longer wanted: takes them
 * off live tasks, and says of how many that was so. sku 0: of every component.
 * The caller has locked the order. */
struct pick_cut {
    fulfillment_order_id fo;
    int64_t n;
    sku_id sku;
    int64_t qty;      /* Units of the SKU; of sku 0: of the line. */
    pick_task_id but; /* Not of this task. */
};
MUST_USE err_t pick_cut(struct ctx *ctx, const struct pick_cut *cut,
                        int64_t *ret_cut);

/* Fulfillment orders that a command changed: tasks no longer walk for units
 * that are not theirs any more, or that nobody may pick now. ERR_STATE
 * (units_in_work) where such units are in a hand already. */
MUST_USE err_t pick_reconcile(struct ctx *ctx, struct fulfillment *const *all,
                              size_t count);
/* Tasks whose units all stand in parcels are packed. */
MUST_USE err_t pick_note_packed(struct ctx *ctx,
                                const fulfillment_order_id *fos, size_t count);

#endif
