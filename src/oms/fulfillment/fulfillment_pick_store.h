/* fulfillment_pick_store.h - rows of pick tasks. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_STORE_H
#define WHARF_OMS_FULFILLMENT_PICK_STORE_H

#include "oms/fulfillment/fulfillment_pick.h"

MUST_USE err_t pick_task_get(struct ctx *ctx, pick_task_id id,
                             struct pick_task *ret);
MUST_USE err_t pick_task_lock(struct ctx *ctx, pick_task_id id,
                              struct pick_task *ret);
struct pick_filter {
    location_id location;    /* 0: all. */
    enum pick_state state;   /* 0: any. */
    fulfillment_order_id fo; /* 0: any; then no other filter. */
    pick_task_id after;
    size_t limit;
};
/* By id. */
MUST_USE err_t pick_task_page(struct ctx *ctx, const struct pick_filter *filter,
                              struct pick_task **ret, size_t *ret_count);
MUST_USE err_t pick_task_add(struct ctx *ctx, const struct pick_task *rows,
                             size_t count);
/* At its version, which it raises. */
MUST_USE err_t pick_task_save(struct ctx *ctx, struct pick_task *row);

/* Of many tasks, by (task, n). */
MUST_USE err_t pick_line_list(struct ctx *ctx, const pick_task_id *ids,
                              size_t count, struct pick_line **ret,
                              size_t *ret_count);
/* Of many fulfillment orders, by (fulfillment order, its line, SKU, task, n),
 * in tasks that are not cancelled. */
struct pick_walked {
    struct pick_line line;
    enum pick_state state; /* Of its task. */
};
MUST_USE err_t pick_line_list_fos(struct ctx *ctx,
                                  const fulfillment_order_id *ids, size_t count,
                                  struct pick_walked **ret, size_t *ret_count);
/* The run of such lines that walk for one SKU of a line. */
struct pick_run {
    struct pick_walked *at;
    size_t count;
};
struct pick_run pick_run_of(struct pick_walked *lines, size_t count,
                            fulfillment_order_id fo, int64_t fo_n, sku_id sku);
MUST_USE err_t pick_line_save(struct ctx *ctx, const struct pick_line *lines,
                              size_t count);

/* Of many tasks, by (task, n, lot, serial). */
MUST_USE err_t pick_unit_list(struct ctx *ctx, const pick_task_id *ids,
                              size_t count, struct pick_unit **ret,
                              size_t *ret_count);
/* Of one fulfillment order, those still in the house, in the same order. */
MUST_USE err_t pick_unit_list_fo(struct ctx *ctx, fulfillment_order_id fo,
                                 struct pick_unit **ret, size_t *ret_count);
MUST_USE err_t pick_unit_save(struct ctx *ctx, const struct pick_unit *units,
                              size_t count);

/* Units of a SKU's lots at a location that are in somebody's hand, wait to
 * leave, or are to be taken by a live task. */
struct pick_claim {
    lot_id lot;
    int64_t in_hand, planned;
};
MUST_USE err_t pick_claim_list(struct ctx *ctx, sku_id sku,
                               location_id location, struct pick_claim **ret,
                               size_t *ret_count);
/* Whether the numbered unit is in hand or waits to leave. */
MUST_USE err_t pick_serial_is_taken(struct ctx *ctx, sku_id sku,
                                    location_id location, str serial,
                                    bool *ret);

/* Whether it was taken before; its content then. */
MUST_USE err_t pick_scan_find(struct ctx *ctx, pick_task_id id, str scan_id,
                              bool *ret_found, int64_t *ret_hash);
MUST_USE err_t pick_scan_add(struct ctx *ctx, pick_task_id id, str scan_id,
                             int64_t hash);

#endif
