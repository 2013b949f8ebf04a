/* purchasing_store.h - rules, rows and bodies of the room. Private to it. */
#ifndef WHARF_OMS_PURCHASING_STORE_H
#define WHARF_OMS_PURCHASING_STORE_H

#include "oms/purchasing/purchasing.h"

struct json_in;
struct route_list;
struct event_list;
struct verify_list;

/* ---- rules ---- */

/* The next state, or 0 where the event is refused; from 0: a new one. */
enum purchase_status purchase_next(enum purchase_status from,
                                   enum purchase_event event);
const char *purchase_status_name(enum purchase_status status);
/* Exact, or ERR_INVALID naming the line. */
MUST_USE err_t purchase_sum(struct ctx *ctx, const struct purchase_line *lines,
                            size_t count, int64_t *ret);
/* What receipts make of an order: COMPLETE once nothing is open. */
enum purchase_event purchase_progress(const struct purchase_line *lines,
                                      size_t count);
/* Units that are still expected. */
int64_t purchase_open(enum purchase_status status,
                      const struct purchase_line *line);

/* ---- suppliers ---- */

MUST_USE err_t supplier_get(struct ctx *ctx, supplier_id id,
                            struct supplier *ret);
MUST_USE err_t supplier_list_ids(struct ctx *ctx, const supplier_id *ids,
                                 size_t count, struct supplier **ret,
                                 size_t *ret_count);
/* ERR_INVALID (supplier_unknown), field "supplier". */
MUST_USE err_t supplier_named(struct ctx *ctx, str code, struct supplier *ret);
/* Newest first. */
MUST_USE err_t supplier_page(struct ctx *ctx, supplier_id before, size_t limit,
                             struct supplier **ret, size_t *ret_count);

/* ---- orders ---- */

MUST_USE err_t purchase_get(struct ctx *ctx, purchase_order_id id,
                            struct purchase_order *ret);
MUST_USE err_t purchase_lock(struct ctx *ctx, purchase_order_id id,
                             struct purchase_order *ret);
struct purchase_filter { /* 0: any. */
    enum purchase_status status;
    supplier_id supplier;
    location_id location;
    sku_id sku;
    purchase_order_id before;
    size_t limit;
};
/* Newest first. */
MUST_USE err_t purchase_page(struct ctx *ctx,
                             const struct purchase_filter *filter,
                             struct purchase_order **ret, size_t *ret_count);
/* The next one. */
MUST_USE err_t purchase_number(struct ctx *ctx, int64_t *ret);
/* "PO-7" */
str purchase_number_text(struct ctx *ctx, const struct purchase_order *order);
MUST_USE err_t purchase_add(struct ctx *ctx, const struct purchase_order *row);
/* At its version, which it raises. */
MUST_USE err_t purchase_save(struct ctx *ctx, struct purchase_order *row);
/* Of many orders, newest first, by n. */
MUST_USE err_t purchase_line_list(struct ctx *ctx, const purchase_order_id *ids,
                                  size_t count, struct purchase_line **ret,
                                  size_t *ret_count);
MUST_USE err_t purchase_line_save(struct ctx *ctx,
                                  const struct purchase_line *lines,
                                  size_t count);
/* Drops lines after number n. */
MUST_USE err_t purchase_line_drop(struct ctx *ctx, purchase_order_id id,
                                  int64_t n);
/* The orders of which units came in by one of these receipts. */
MUST_USE err_t purchase_of_receipts(struct ctx *ctx, const int64_t *receipts,
                                    size_t count, purchase_order_id **ret,
                                    size_t *ret_count);

/* ---- an order while a command is at it ---- */

struct purchase_work {
    struct purchase_order order;
    struct purchase_line *lines; /* By n. */
    size_t count;
};
MUST_USE err_t purchase_lock_work(struct ctx *ctx, purchase_order_id id,
                                  struct purchase_work *ret);
/* Takes over what receipts posted since have brought: state and event too. */
MUST_USE err_t purchase_note_received(struct ctx *ctx,
                                      struct purchase_work *work);
/* Locks it, compares the version, takes over what has come, and asks the
 * machine. Before an order closes or is cancelled its goods are withdrawn. */
MUST_USE err_t purchase_open_work(struct ctx *ctx, purchase_order_id id,
                                  int64_t version, enum purchase_event event,
                                  struct purchase_work *ret);
/* Asks the machine, saves order and lines and tells what happened. */
MUST_USE err_t purchase_finish(struct ctx *ctx, enum purchase_event event,
                               struct purchase_work *work);
MUST_USE err_t purchase_tell(struct ctx *ctx, enum purchase_event event,
                             const struct purchase_work *work);

#define PURCHASE_CONSUMER "purchase_orders"
extern const struct route_list purchasing_routes;
extern const struct event_list purchasing_events;
extern const struct verify_list purchasing_verify;

#endif
