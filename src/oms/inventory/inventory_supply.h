/* inventory_supply.h - how units come in, move between locations and are
 * counted: lots, serial numbers, receipts.
 *
 * A third public header of the room. Every command here is one transaction:
 * it locks levels in key order, decides, and writes levels, movements and
 * events together.
 */
#ifndef WHARF_OMS_INVENTORY_SUPPLY_H
#define WHARF_OMS_INVENTORY_SUPPLY_H

#include "oms/inventory/inventory_command.h"

/* ---- what is expected ---- */

/* Stored as numbers: append, never renumber. */
enum supply_state { SUPPLY_OPEN = 1, SUPPLY_RECEIVED, SUPPLY_CANCELLED };
enum supply_source {
    SUPPLY_BY_HAND = 1, /* Or by a file. */
    SUPPLY_TRANSFER,    /* Units of a transfer on their way. */
    SUPPLY_PURCHASE     /* A line of a purchase order that was sent. */
};
const char *supply_state_name(enum supply_state state);

struct supply {
    supply_id id;
    sku_id sku;
    location_id location;
    int64_t qty, received;
    int64_t over_percent; /* How much more than qty may come in. */
    utc_ms expected_at;
    str reference;
    enum supply_state state;
    enum supply_source source;
    int64_t source_id, source_n; /* The transfer or order, and its line. */
    int64_t version;
    utc_ms created_at;
};
struct supply_cmd {
    str sku, location; /* Codes. */
    int64_t qty;
    int64_t over_percent; /* 0 to 100. */
    utc_ms expected_at;
    str reference;
    enum supply_source source; /* 0: by hand. */
    int64_t source_id, source_n;
};
struct supply_result {
    bool is_ok;
    struct supply supply;  /* Where it is ok. */
    struct err_detail err; /* Else why not; field is within the item. */
};
/* Announces goods, each on its own: a refused one does not stop the others. */
MUST_USE err_t supply_create_many(struct ctx *ctx,
                                  const struct supply_cmd *cmds, size_t count,
                                  struct supply_result *results);
/* What a change may name; what is NULL stays. */
struct supply_change {
    int64_t version; /* The one the caller saw. */
    const int64_t *qty, *over_percent;
    const utc_ms *expected_at;
    const str *reference;
};
/* ERR_STALE; ERR_STATE where it is not open or follows something else. */
MUST_USE err_t supply_change(struct ctx *ctx, supply_id id,
                             const struct supply_change *change);
/* What has not come will not come. */
MUST_USE err_t supply_cancel(struct ctx *ctx, supply_id id, int64_t version);
MUST_USE err_t supply_get(struct ctx *ctx, supply_id id, struct supply *ret);
/* By id, which may repeat or be 0; what is not there is left out. */
MUST_USE err_t supply_list_ids(struct ctx *ctx, const supply_id *ids,
                               size_t count, struct supply **ret,
                               size_t *ret_count);
/* What a source says of its rows: open ones are expected then; or none takes
 * any more, whether all has come or not. */
struct supply_day {
    supply_id id;
    utc_ms expected_at;
};
MUST_USE err_t supply_postpone_many(struct ctx *ctx,
                                    const struct supply_day *days,
                                    size_t count);
MUST_USE err_t supply_withdraw_many(struct ctx *ctx, const supply_id *ids,
                                    size_t count);

struct supply_filter {
    sku_id sku;              /* 0: all; only by time. */
    location_id location;    /* 0: all; only by time. */
    enum supply_state state; /* 0: any. */
    bool is_by_time;         /* Open ones in order of time. */
    utc_ms before;           /* Expected before; only with is_by_time. */
    utc_ms after_expected_at;
    supply_id after;
    size_t limit;
};
MUST_USE err_t supply_page(struct ctx *ctx, const struct supply_filter *filter,
                           struct supply **ret, size_t *ret_count);

/* ---- what orders wait for ---- */

/* Units of an order line that no level had. */
struct backorder {
    order_id order;
    int64_t n;
    sku_id sku;
    int64_t qty;        /* Over 0. */
    int64_t rank;       /* Served first where it is less. */
    channel_id channel; /* Whose order it is. */
};
/* What is kept of orders, read before the orders themselves are. */
struct backorder_book;
MUST_USE err_t backorder_open(struct ctx *ctx, const order_id *orders,
                              size_t count, struct backorder_book **ret);
/* Makes queues and sums by SKU hold of these orders what `lines` say, and
 * nothing else; once a book. ERR_RETRY where somebody else did so. */
MUST_USE err_t backorder_follow(struct ctx *ctx, struct backorder_book *book,
                                const struct backorder *lines, size_t count);
/* Units of the SKU that orders wait for, as far as the log was followed. */
MUST_USE err_t backorder_get(struct ctx *ctx, sku_id sku, int64_t *ret);

/* ---- receipts ---- */

struct receipt_line {
    str sku; /* Code. */
    int64_t qty;
    enum stock_bucket bucket; /* available, damaged or quality_control. */
    struct unit_names names;
    supply_id supply; /* What was expected and has come; 0: none. */
};
struct receipt_cmd {
    str location; /* Code. */
    str reference;
    const struct receipt_line *lines;
    size_t count;
};
/* Takes goods in, all lines or none. Fails with the path of the line. */
MUST_USE err_t receipt_create(struct ctx *ctx, const struct receipt_cmd *cmd,
                              receipt_id *ret);

/* lot, expires_on and serials of an object in a body. */
struct json_in;
MUST_USE err_t names_read(struct json_in *in, struct unit_names *ret);
/* Where goods come in: available (by default), quality_control, damaged. */
MUST_USE err_t inward_read(struct json_in *in, const char *key,
                           enum stock_bucket *ret);

#endif
