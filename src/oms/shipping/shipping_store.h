/* shipping_store.h - rows of parcels. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_STORE_H
#define WHARF_OMS_SHIPPING_STORE_H

#include "oms/ids.h"
#include "oms/shipping/shipping_box.h"
#include "oms/shipping/shipping_package.h"

struct json_out;

enum {
    LIMIT_PACKAGE_ITEMS = 1000,
    LIMIT_PACKAGES_OF_FO = 500,
    LIMIT_PACKAGE_G = 1000 * 1000
};

struct package {
    package_id id;
    order_id order;
    fulfillment_order_id fo;
    location_id location;
    struct trace_place place; /* State, reached, last fact. */
    bool is_closed;           /* Packed; nothing goes in any more. */
    box_id box;               /* 0: none. */
    int64_t weight_g;
    struct box_size size;       /* Outer. */
    bool is_weighed;            /* Else the weight was added up. */
    carrier_account_id account; /* 0: none yet, or a label by hand. */
    str carrier, service, tracking, sscc;
    char currency[4]; /* Of the three; empty: no price is known. */
    int64_t list_minor, quoted_minor, cost_minor; /* -1: not known. */
    str choice; /* How the service was chosen, JSON object. */
    label_id label;
    manifest_id manifest;
    utc_ms packed_at, shipped_at, delivered_at; /* 0: not yet. */
    int64_t version;
    utc_ms created_at, updated_at;
    utc_ms erased_at;   /* Its buyer is nobody since; 0: not. */
    package_id returns; /* Whose goods it brings back; 0: it brings them. */
};
MUST_USE err_t package_get(struct ctx *ctx, package_id id, struct package *ret);
MUST_USE err_t package_lock(struct ctx *ctx, package_id id,
                            struct package *ret);
struct package_filter { /* One of them; all 0: every parcel. */
    fulfillment_order_id fo;
    order_id order;
    manifest_id manifest;
    str tracking;             /* With an account: its. */
    enum package_state state; /* With a place: there. */
    location_id place;
    location_id to_ship; /* Labelled there, with that account (0: any). */
    carrier_account_id account;
    package_id after;
    size_t limit;
};
/* By id. */
MUST_USE err_t package_page(struct ctx *ctx,
                            const struct package_filter *filter,
                            struct package **ret, size_t *ret_count);
MUST_USE err_t package_add(struct ctx *ctx, const struct package *row);
/* At its version, which it raises. */
MUST_USE err_t package_save(struct ctx *ctx, struct package *row);
/* Counts the move in memory; asserts that it is listed. */
void package_move(struct package *package, enum package_event event);

struct package_item {
    package_id package;
    int64_t n; /* The line. */
    sku_id sku;
    int64_t qty;
    int64_t per; /* Units of it in one unit of the line. */
};
/* Of many parcels, by (parcel, n, sku). */
MUST_USE err_t package_item_list(struct ctx *ctx, const package_id *ids,
                                 size_t count, struct package_item **ret,
                                 size_t *ret_count);
MUST_USE err_t package_item_save(struct ctx *ctx,
                                 const struct package_item *items,
                                 size_t count);
MUST_USE err_t package_item_drop(struct ctx *ctx, package_id id);

struct package_unit {
    package_id package;
    int64_t n;
    sku_id sku;
    str lot, serial; /* Either may be empty, not both. */
    int64_t qty;
};
/* Of many parcels, by (parcel, n, sku, lot, serial). */
MUST_USE err_t package_unit_list(struct ctx *ctx, const package_id *ids,
                                 size_t count, struct package_unit **ret,
                                 size_t *ret_count);
/* Adds to what is there of the same. */
MUST_USE err_t package_unit_add(struct ctx *ctx,
                                const struct package_unit *units, size_t count);

/* True if the scan is new; ERR_CONFLICT where the id stood for another. */
MUST_USE err_t package_scan_note(struct ctx *ctx, package_id id, str scan_id,
                                 uint64_t hash, bool *ret_is_new);

/* Appends an event about the parcel as it is now; `why` may be empty. */
MUST_USE err_t package_tell(struct ctx *ctx, const char *type,
                            const struct package *package, str why);
/* Saves and tells. */
MUST_USE err_t package_finish(struct ctx *ctx, const char *type,
                              struct package *package, str why);

#endif
