/* purchasing.h - what is ordered from suppliers.
 *
 * A purchase order that was sent is expected: each line stands as an expected
 * receipt of the inventory room, which counts as incoming and serves who
 * waits. Units come in by receipts alone; what a line has received is what its
 * expected receipt has, whoever posted it.
 */
#ifndef WHARF_OMS_PURCHASING_H
#define WHARF_OMS_PURCHASING_H

#include "oms/inventory/inventory_supply.h"

struct machine;
struct room;

/* ---- suppliers ---- */

struct supplier {
    supplier_id id;
    str code; /* Never changes. */
    str name, email;
    char currency[4];
    int64_t lead_days;    /* From sending an order to the goods. */
    int64_t over_percent; /* How much more than ordered may come. */
    str address;          /* A JSON object. */
    bool is_active;
    int64_t version;
    utc_ms created_at, updated_at;
};
/* id, version and times are made here. ERR_CONFLICT (code_taken). */
MUST_USE err_t supplier_create(struct ctx *ctx, struct supplier *supplier);
/* The whole of it but the code; supplier->version is the one that was seen. */
MUST_USE err_t supplier_change(struct ctx *ctx, struct supplier *supplier);

/* ---- purchase orders ---- */

/* Stored as numbers: append, never renumber. docs/states/purchase_order.md */
enum purchase_status {
    PURCHASE_DRAFT = 1,
    PURCHASE_APPROVED,
    PURCHASE_SENT,
    PURCHASE_PARTIALLY_RECEIVED,
    PURCHASE_RECEIVED,
    PURCHASE_CLOSED,
    PURCHASE_CANCELLED
};
enum purchase_event {
    PURCHASE_EVENT_CREATE = 1,
    PURCHASE_EVENT_EDIT,
    PURCHASE_EVENT_APPROVE,
    PURCHASE_EVENT_SEND,       /* Its goods are expected. */
    PURCHASE_EVENT_RESCHEDULE, /* Some of them on another day. */
    PURCHASE_EVENT_RECEIVE,    /* Some came, more may. */
    PURCHASE_EVENT_COMPLETE,   /* All of them have come. */
    PURCHASE_EVENT_CLOSE,      /* What has not come will not. */
    PURCHASE_EVENT_CANCEL
};
extern const struct machine purchase_machine;

struct purchase_order {
    purchase_order_id id;
    int64_t number;
    supplier_id supplier;
    location_id location;
    char currency[4];
    int64_t total; /* Of what was ordered. */
    str note;
    enum purchase_status status;
    utc_ms sent_at; /* 0: not yet. */
    int64_t version;
    utc_ms created_at, updated_at;
};
struct purchase_line {
    purchase_order_id order;
    int64_t n;
    sku_id sku;
    int64_t qty, unit_cost;
    str supplier_sku;   /* Empty: none. */
    utc_ms expected_at; /* 0: not known. */
    int64_t received;
    supply_id supply; /* 0: not sent. */
};

struct purchase_line_cmd {
    str sku; /* Code. */
    int64_t qty, unit_cost;
    str supplier_sku;
    utc_ms expected_at;
};
struct purchase_cmd {
    str supplier, location; /* Codes. */
    char currency[4];       /* Empty: the supplier's. */
    str note;
    const struct purchase_line_cmd *lines;
    size_t count;
};
MUST_USE err_t purchase_create(struct ctx *ctx, const struct purchase_cmd *cmd,
                               purchase_order_id *ret);
/* What an edit of a draft may name; what is NULL stays. */
struct purchase_edit {
    int64_t version; /* The one the caller saw, here and below. */
    const str *location, *note;
    const struct purchase_line_cmd *lines; /* All of them. */
    size_t count;
};
MUST_USE err_t purchase_edit(struct ctx *ctx, purchase_order_id id,
                             const struct purchase_edit *edit);

/* approve, send, close and cancel. What is sent without a day is expected
 * after the supplier's lead time. */
MUST_USE err_t purchase_step(struct ctx *ctx, purchase_order_id id,
                             int64_t version, enum purchase_event event);

struct purchase_day {
    int64_t n; /* The line. */
    utc_ms expected_at;
};
MUST_USE err_t purchase_reschedule(struct ctx *ctx, purchase_order_id id,
                                   int64_t version,
                                   const struct purchase_day *days,
                                   size_t count);

struct purchase_item {
    int64_t n; /* The line. */
    int64_t qty;
    enum stock_bucket bucket;
    struct unit_names names;
};
struct purchase_receipt {
    int64_t version;
    str reference;                     /* Of the delivery. */
    const struct purchase_item *items; /* None: all that is open. */
    size_t count;
};
/* By a receipt: its refusals, as over_received. */
MUST_USE err_t purchase_receive(struct ctx *ctx, purchase_order_id id,
                                const struct purchase_receipt *receipt);

extern const struct room purchasing_room;

#endif
