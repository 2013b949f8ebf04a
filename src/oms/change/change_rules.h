/* change_rules.h - the pure part of the change room. Private to it. */
#ifndef WHARF_OMS_CHANGE_RULES_H
#define WHARF_OMS_CHANGE_RULES_H

#include "oms/change/change.h"
#include "oms/order/order_edit.h"

struct route_list;

/* What taking `qty` open units off a line comes to. */
struct line_cut {
    int64_t n;
    int64_t unallocated, backordered, allocated; /* Taken from each. */
};
/* Unallocated and backordered units go first, then allocated ones. */
struct line_cut change_cut(const struct order_line *line, int64_t qty);
void change_cut_apply(const struct line_cut *cut, struct order_line *line);

/* Reads the command against the order: one cut per line it touches. Fails
 * with ERR_INVALID (no such line, named twice) or ERR_STATE (fewer units are
 * open, or nothing is). */
MUST_USE err_t change_cuts_make(struct ctx *ctx, const struct cancel_cmd *cmd,
                                const struct order *order,
                                struct line_cut **ret, size_t *ret_count);

/* The event of a cancellation: which units went, and what the order was before.
 * ERR_INVALID, slug cancellation_too_large, past LIMIT_EVENT_BYTES. */
struct cancelling {
    str reason;
    const struct line_cut *cuts;
    size_t count;
    const struct order *before, *after;
};
MUST_USE err_t change_cancel_text(struct ctx *ctx, const struct cancelling *did,
                                  str *ret);

/* Frees the stock of units that left, at the places named, by row id, never "by
 * line": a row is released once. */
struct fulfillment_cut;
MUST_USE err_t change_release(struct ctx *ctx, const struct order *order,
                              const struct fulfillment_cut *cuts, size_t count,
                              int64_t event);

/* Reads the body of a cancellation; the id is the path's and stays. */
struct json_in;
MUST_USE err_t change_cancel_from_json(struct ctx *ctx, struct json_in *in,
                                       struct cancel_cmd *ret);

/* PUT /v1/skus/{id}/components */
struct request;
MUST_USE err_t api_set_components(struct ctx *ctx, struct request *req);
struct kit_cmd;
MUST_USE err_t change_kit_from_json(struct ctx *ctx, struct json_in *in,
                                    struct kit_cmd *ret);

extern const struct route_list change_routes;

#endif
