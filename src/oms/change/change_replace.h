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

struct exchange_outlook;
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
    exchange_id exchange; /* It waits, or waited, for goods; 0: it does not. */
    return_id rma;        /* These. */
    int state;            /* Of the exchange. */
};
struct replace_cmd {
    order_id order;
    int64_t version; /* Of the order, as the caller saw it. */
    int64_t of, qty;
    enum replace_cause cause;
    return_id rma; /* Nothing leaves before this came; 0: at once. */
};
/* ERR_INVALID (line_unknown, over_replaced naming the limit, return_unknown,
 * return_differs), ERR_STATE (return_over, return_exchanged), ERR_STALE, or as
 * a change that adds a line is refused. */
MUST_USE err_t order_replace(struct ctx *ctx, const struct replace_cmd *cmd,
                             struct replacement *ret, struct order *ret_order);
/* By line. */
MUST_USE err_t replacement_list(struct ctx *ctx, order_id order,
                                struct replacement **ret, size_t *ret_count);
MUST_USE err_t replacement_add(struct ctx *ctx, order_id order,
                               const struct replacement *at);
/* ---- parts of the command ---- */

/* The line once more, for nothing. */
struct order_line_cmd replace_line(const struct replace_cmd *cmd,
                                   const struct order *order);
/* The event of the order; ret: what it is of. */
struct order_note replace_note(struct ctx *ctx, const struct replace_cmd *cmd,
                               const struct replacement *at);
/* In the order that is open in `look`: an exchange of what comes back for the
 * same, of the same worth, which waits for it. */
MUST_USE err_t replace_gated(struct ctx *ctx, const struct replace_cmd *cmd,
                             struct exchange_outlook *look,
                             struct replacement *ret);

const char *replace_cause_name(enum replace_cause cause);
extern const char *const replace_causes[REPLACE_CAUSES];

extern const struct route_list replace_routes;
extern const struct verify_list replace_verify;

#endif
