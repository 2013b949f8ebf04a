/* change_replace.h - goods that are sent once more.
 *
 * What was lost, broken or not in its parcel is sent again as a line of its own
 * that costs nothing; the line that was paid for keeps its worth. No more units
 * are replaced than left and are still the buyer's. docs/replacements.md.
 * Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_REPLACE_H
#define WHARF_OMS_CHANGE_REPLACE_H

#include "base/base.h"
#include "oms/ids.h"

struct order;
struct route_list;
struct verify_list;

/* Stored as numbers: append, never renumber. */
enum replace_cause {
    REPLACE_LOST = 1,
    REPLACE_DAMAGED = 2,
    REPLACE_WRONG_ITEM = 3,
    REPLACE_MISSING = 4 /* Not in the parcel it should be in. */
};
enum { REPLACE_CAUSES = REPLACE_MISSING };

struct replacement {
    int64_t n, of; /* Its line, and the one that it replaces units of. */
    int64_t qty;   /* As it was asked for. */
    int64_t live;  /* Less what was cancelled since. */
    enum replace_cause cause;
    utc_ms at;
};
struct replace_cmd {
    order_id order;
    int64_t version; /* Of the order, as the caller saw it. */
    int64_t of, qty;
    enum replace_cause cause;
};
/* ERR_INVALID (line_unknown, over_replaced naming the limit), ERR_STALE, or as
 * a change that adds a line is refused. */
MUST_USE err_t order_replace(struct ctx *ctx, const struct replace_cmd *cmd,
                             struct replacement *ret, struct order *ret_order);
/* By line. */
MUST_USE err_t replacement_list(struct ctx *ctx, order_id order,
                                struct replacement **ret, size_t *ret_count);
MUST_USE err_t replacement_add(struct ctx *ctx, order_id order,
                               const struct replacement *at);
const char *replace_cause_name(enum replace_cause cause);
extern const char *const replace_causes[REPLACE_CAUSES];

extern const struct route_list replace_routes;
extern const struct verify_list replace_verify;

#endif
