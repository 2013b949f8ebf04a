/* inventory_receipt.h - rows of receipts, lots and policies. Private. */
#ifndef WHARF_OMS_INVENTORY_RECEIPT_H
#define WHARF_OMS_INVENTORY_RECEIPT_H

#include "oms/inventory/inventory_lot.h"
#include "oms/inventory/inventory_supply.h"

struct receipt {
    receipt_id id;
    location_id location;
    str reference;
    int64_t event_id;
    utc_ms created_at;
};
struct receipt_row {
    receipt_id receipt;
    int64_t n;
    sku_id sku;
    int64_t qty;
    enum stock_bucket bucket;
    lot_id lot;       /* 0: none. */
    supply_id supply; /* What was expected; 0: none. */
    str serials;      /* A JSON list. */
};
MUST_USE err_t receipt_get(struct ctx *ctx, receipt_id id, struct receipt *ret);
/* By id; location 0: all. */
MUST_USE err_t receipt_page(struct ctx *ctx, location_id location,
                            receipt_id after, size_t limit,
                            struct receipt **ret, size_t *ret_count);
/* The lines of many receipts, by (receipt, n). */
MUST_USE err_t receipt_line_list(struct ctx *ctx,
                                 const struct receipt *receipts, size_t count,
                                 struct receipt_row **ret, size_t *ret_count);

struct lot;
/* Lots by id; missing ones are left out. */
MUST_USE err_t lot_list_ids(struct ctx *ctx, const lot_id *ids, size_t count,
                            struct lot **ret, size_t *ret_count);

/* A serial number, as it stands. */
struct serial_row {
    sku_id sku;
    str code;
    lot_id lot;
    location_id location; /* 0: not at any. */
    int64_t place;        /* enum unit_place. */
    int64_t transit_id, movement_id;
};
struct serial_filter {
    sku_id sku;
    str code; /* Empty: all. */
    str after;
    size_t limit;
};
MUST_USE err_t serial_page(struct ctx *ctx, const struct serial_filter *filter,
                           struct serial_row **ret, size_t *ret_count);

#endif
