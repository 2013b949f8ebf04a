/* inventory_count.h - cycle counts. Private.
 *
 * Each SKU (and lot) is compared with what was on hand at the moment it was
 * counted, and the difference is posted on top of what is on hand when it is
 * posted: what moved in between is not counted away.
 */
#ifndef WHARF_OMS_INVENTORY_COUNT_H
#define WHARF_OMS_INVENTORY_COUNT_H

#include "oms/inventory/inventory_command.h"

struct machine;

/* Stored as numbers: append, never renumber. docs/states/count.md */
enum count_state {
    COUNT_OPEN = 1,
    COUNT_REVIEW,
    COUNT_POSTED,
    COUNT_CANCELLED
};
enum count_event {
    COUNT_EVENT_CREATE = 1,
    COUNT_EVENT_ENTER,
    COUNT_EVENT_REVIEW,
    COUNT_EVENT_REOPEN,
    COUNT_EVENT_POST_PART, /* Some lines do not fit. */
    COUNT_EVENT_POST,
    COUNT_EVENT_CANCEL
};
extern const struct machine count_machine;
enum count_state count_next(enum count_state from, enum count_event event);
const char *count_state_name(enum count_state state);
MUST_USE err_t count_allow(struct ctx *ctx, enum count_state state,
                           enum count_event event);

struct count {
    count_id id;
    location_id location;
    str name;
    bool is_all; /* Every SKU there, else those named. */
    enum count_state state;
    int64_t version;
    utc_ms created_at, updated_at;
};
enum count_line_state {
    COUNT_LINE_COUNTED = 1,
    COUNT_LINE_POSTED,
    COUNT_LINE_REFUSED /* More is missing than nobody has claimed. */
};
struct count_line {
    sku_id sku;
    lot_id lot;       /* 0: none. */
    int64_t counted;  /* What was found. */
    int64_t expected; /* On hand at that moment. */
    utc_ms counted_at;
    enum count_line_state state;
    int64_t unclaimed; /* Of a refused line: what could have been taken. */
};

struct count_cmd {
    str location, name;
    const str *skus; /* Codes; NULL: all. */
    size_t count;
    pick_task_id missed_by; /* Which did not find them; 0: none. */
};
MUST_USE err_t count_create(struct ctx *ctx, const struct count_cmd *cmd,
                            count_id *ret);
struct count_entry {
    str sku; /* Code. */
    struct unit_names names;
    int64_t qty;
    bool is_more; /* Adds to what was entered before, else replaces it. */
};
/* Enters what was found, all entries or none. */
MUST_USE err_t count_enter(struct ctx *ctx, count_id id,
                           const struct count_entry *entries, size_t count);
MUST_USE err_t count_step(struct ctx *ctx, count_id id, int64_t version,
                          enum count_event event);
/* Posts every line that fits, once; those that do not stay refused, and the
 * count in review. */
MUST_USE err_t count_post(struct ctx *ctx, count_id id, int64_t version);

MUST_USE err_t count_get(struct ctx *ctx, count_id id, struct count *ret);
MUST_USE err_t count_lock(struct ctx *ctx, count_id id, struct count *ret);
MUST_USE err_t count_add(struct ctx *ctx, const struct count *row);
MUST_USE err_t count_save(struct ctx *ctx, struct count *row);
MUST_USE err_t count_page(struct ctx *ctx, enum count_state state,
                          count_id after, size_t limit, struct count **ret,
                          size_t *ret_count);
MUST_USE err_t count_scope_add(struct ctx *ctx, count_id id, const sku_id *skus,
                               size_t count);
MUST_USE err_t count_scope_list(struct ctx *ctx, count_id id, sku_id **ret,
                                size_t *ret_count);
MUST_USE err_t count_line_save(struct ctx *ctx, count_id id,
                               const struct count_line *lines, size_t count);
/* By (SKU, lot), after those of *after. */
MUST_USE err_t count_line_list(struct ctx *ctx, count_id id,
                               const struct count_line *after, size_t limit,
                               struct count_line **ret, size_t *ret_count);
/* SKUs that are still to be counted, as lines with what is on hand. */
MUST_USE err_t count_uncounted(struct ctx *ctx, const struct count *count,
                               sku_id after, size_t limit,
                               struct count_line **ret, size_t *ret_count);

#endif
