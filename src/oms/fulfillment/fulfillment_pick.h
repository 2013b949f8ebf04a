/* fulfillment_pick.h - pick tasks: who walks for which units, and what was
 * found. Private to the room.
 *
 * A task is somebody's walk at one location. Its lines say how many units of
 * a SKU (of which lot) one line of one fulfillment order wants. What is
 * scanned is in the picker's hand and in these rows alone; the order learns of
 * it when the task is complete. A unit of a fulfillment order stands in one
 * live task at most.
 */
#ifndef WHARF_OMS_FULFILLMENT_PICK_H
#define WHARF_OMS_FULFILLMENT_PICK_H

#include "oms/fulfillment/fulfillment_pick_rules.h"

struct pick_task {
    pick_task_id id;
    location_id location;
    enum pick_mode mode;
    enum pick_state state;
    str zone, tote;        /* May be empty. */
    pick_task_id wave;     /* The first task made in the same go. */
    struct actor assignee; /* kind 0: nobody. */
    int64_t version;
    utc_ms created_at, updated_at;
    utc_ms started_at, ended_at; /* 0: not yet. */
};
struct pick_line {
    pick_task_id task;
    int64_t n;
    fulfillment_order_id fo;
    int64_t fo_n; /* Its line, which is that of the order. */
    order_id order;
    sku_id sku;
    lot_id lot;  /* To be taken; 0: any, or the SKU has no lots. */
    int64_t per; /* Units that make one of the line: a kit's component. */
    int64_t qty, picked;
    int64_t missing; /* Not there; reason says why. */
    str reason, bin, zone, tote;
    location_id location; /* Of its task, in lists by fulfillment order. */
};
/* Units in hand that can be told apart. */
struct pick_unit {
    pick_task_id task;
    int64_t n;
    lot_id lot; /* 0: none. */
    str serial; /* Empty: none. */
    fulfillment_order_id fo;
    int64_t fo_n;
    sku_id sku;
    location_id location;
    int64_t qty, gone; /* gone: shipped or put back. */
};

/* ---- commands ---- */

struct pick_make_cmd {
    bool has_mode;
    enum pick_mode mode;
    const fulfillment_order_id *ids; /* Or, where there are none: */
    size_t count;
    bool is_lenient; /* Skips ids that are not open any more. */
    location_id location;
    bool has_zone;
    str zone;       /* Only what lies there. */
    int method;     /* 0: any. */
    utc_ms due_by;  /* 0: any; else only what is promised or due by then. */
    int64_t orders; /* Of one walk. */
    int64_t units;  /* 0: as the location says. */
    str tote;
};
struct pick_skip {
    fulfillment_order_id id;
    const char *code; /* "nothing_to_pick" */
};
struct pick_made {
    pick_task_id *tasks;
    size_t count;
    struct pick_skip *skips;
    size_t skip_count;
};
/* Makes tasks for what is open and in no task yet. With ids each of them must
 * be open and at one location; what has nothing left to pick is skipped. */
MUST_USE err_t pick_make(struct ctx *ctx, const struct pick_make_cmd *cmd,
                         struct pick_made *ret);

/* kind 0: nobody. */
MUST_USE err_t pick_assign(struct ctx *ctx, pick_task_id id, int64_t version,
                           struct actor assignee);
/* Whoever starts a task nobody has, has it. */
MUST_USE err_t pick_start(struct ctx *ctx, pick_task_id id, int64_t version);

struct pick_scan_cmd {
    str barcode, sku; /* One of them. */
    int64_t line;     /* 0: whichever wants it. */
    int64_t qty;
    str lot, serial, tote;
    str scan_id;       /* The device's own name of the scan; empty: none. */
    bool is_any_lot;   /* Another lot than the one to be taken. */
    int64_t body_hash; /* Of all the above. */
};
/* Takes units in hand. *ret_is_repeat: the scan was taken before. */
MUST_USE err_t pick_scan(struct ctx *ctx, pick_task_id id,
                         const struct pick_scan_cmd *cmd, bool *ret_is_repeat);

struct pick_short_cmd {
    int64_t version;
    int64_t line, qty;
    str reason;
};
/* Says that units of a line are not there. */
MUST_USE err_t pick_short(struct ctx *ctx, pick_task_id id,
                          const struct pick_short_cmd *cmd);
/* Every unit is in hand or missing: the orders learn of it. */
MUST_USE err_t pick_complete(struct ctx *ctx, pick_task_id id, int64_t version);
/* What is in hand goes back to its place. */
MUST_USE err_t pick_cancel(struct ctx *ctx, pick_task_id id, int64_t version);

#endif
