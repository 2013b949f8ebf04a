/* inventory_store.h - rows of the inventory room. Private to it. */
#ifndef WHARF_OMS_INVENTORY_STORE_H
#define WHARF_OMS_INVENTORY_STORE_H

#include "oms/inventory/inventory.h"

struct sql_rows;

/* Reads the fourteen columns every level statement begins with. */
void level_read(const struct sql_rows *rows, size_t i, struct stock_level *ret);
MUST_USE err_t level_get(struct ctx *ctx, sku_id sku, location_id location,
                         struct stock_level *ret);

struct level_key {
    sku_id sku;
    location_id location;
};
/* Makes empty levels where there are none; ERR_RETRY where a SKU has become a
 * kit. */
MUST_USE err_t level_open(struct ctx *ctx, const struct level_key *keys,
                          size_t count);

/* stock_lock_at() for the places of the keys; makes the levels that are not
 * there yet. */
MUST_USE err_t level_lock(struct ctx *ctx, const struct level_key *keys,
                          size_t count, struct stock **ret);
/* The same for those who touch the SKUs' levels at more places. */
MUST_USE err_t level_lock_at(struct ctx *ctx, const struct level_key *keys,
                             size_t count, location_id *at, size_t at_count,
                             struct stock **ret);

struct level_filter {
    sku_id sku;           /* 0: all. */
    location_id location; /* 0: all. */
    bool is_policy;       /* Only those with a policy; no other filter. */
    struct level_key after;
    size_t limit;
};
/* By (SKU, location). */
MUST_USE err_t level_page(struct ctx *ctx, const struct level_filter *filter,
                          struct stock_level **ret, size_t *ret_count);

/* A row of the ledger of a level. */
struct movement {
    movement_id id, prev;
    enum movement_type type;
    enum stock_bucket from, to;
    int64_t qty;
    str reason;
    enum ref_kind ref_kind;
    int64_t ref_id, event_id;
    utc_ms at;
};
/* Walks the ledger backwards from movement `from`, which is included. */
MUST_USE err_t movement_walk(struct ctx *ctx, const struct level_key *key,
                             movement_id from, size_t limit,
                             struct movement **ret, size_t *ret_count);

/* The level after its last movement that is not younger than `at`; what is on
 * its way is not known. ERR_NOT_FOUND, slug not_known_yet, before the first.
 */
MUST_USE err_t level_get_at(struct ctx *ctx, const struct level_key *key,
                            utc_ms at, struct stock_level *ret);

struct location_row {
    struct location location;
    str address; /* JSON object. */
    bool has_point;
    int64_t lat_e6, lon_e6;
    str tz;
    bool is_pickup;
    str attrs;
    int64_t version;
    utc_ms created_at;
};
struct location_filter {
    str code;                /* Empty: any. */
    enum location_type type; /* 0: any. */
    int64_t after;
    size_t limit;
};
MUST_USE err_t location_row_get(struct ctx *ctx, location_id id,
                                struct location_row *ret);
MUST_USE err_t location_row_lock(struct ctx *ctx, location_id id,
                                 struct location_row *ret);
MUST_USE err_t location_row_page(struct ctx *ctx,
                                 const struct location_filter *filter,
                                 struct location_row **ret, size_t *ret_count);
/* *ret_added is 0 where the code exists. */
MUST_USE err_t location_row_add(struct ctx *ctx, const struct location_row *row,
                                int64_t *ret_added);
/* Writes at row->version, which it then raises. */
MUST_USE err_t location_row_save(struct ctx *ctx, struct location_row *row);
MUST_USE err_t location_list_codes(struct ctx *ctx, const str *codes,
                                   size_t count, struct location **ret,
                                   size_t *ret_count);

#endif
