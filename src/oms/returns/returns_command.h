/* returns_command.h - the commands on returns. Private to the room. */
#ifndef WHARF_OMS_RETURNS_COMMAND_H
#define WHARF_OMS_RETURNS_COMMAND_H

#include "oms/returns/returns_rules.h"

struct json_in;

struct return_ask { /* What of a line, and why. */
    int64_t n, qty;
    str reason, note, photo;
    enum disposition disposition; /* Of what is received at once. */
};
struct return_request {
    order_id order;
    enum return_origin origin;
    const struct return_ask *items;
    size_t count;
    str location; /* Code of where to; empty: where the first line left. */
    str note;
    bool is_exception; /* Whatever window and final sale say; with a note. */
    bool is_approved;  /* Needs nobody's yes. */
    bool is_received;  /* Given at a counter: approved, and at `location`. */
};
/* ERR_STATE (order_not_returnable, limit_reached, final_sale, window_over),
 * ERR_INVALID (over_return_requested, reason_unknown, note_required,
 * photo_required, line_unknown, location_unknown) with the item's field. */
MUST_USE err_t return_request(struct ctx *ctx, const struct return_request *cmd,
                              struct rma *ret);

struct return_step {
    return_id id;
    int64_t version;
    enum return_event event; /* APPROVE, DECLINE or CANCEL. */
    str why;
    str location; /* Of APPROVE: elsewhere; empty: as it is. */
};
MUST_USE err_t return_do(struct ctx *ctx, const struct return_step *step,
                         struct rma *ret);

struct receive_item {
    int64_t i; /* The return's line. */
    str sku;   /* One component of a kit; empty: all of the line. */
    int64_t qty;
    enum reception_event event; /* RECEIVE, LOSE, MISS, MISTAKE, GIVE. */
    enum disposition disposition;
    struct unit_names names;
};
struct receive_cmd {
    return_id id;
    int64_t version;
    str location; /* Code; empty: the return's. */
    const struct receive_item *items;
    size_t count; /* 0: all that is awaited came. */
};
/* ERR_INVALID over_received names how many are awaited. */
MUST_USE err_t return_receive(struct ctx *ctx, const struct receive_cmd *cmd,
                              struct rma *ret);

struct inspect_item {
    int64_t u;
    int64_t qty;                  /* 0: all. */
    enum acceptance_event event;  /* 0: as it is. */
    enum disposition disposition; /* NONE: as it is. */
};
struct inspect_cmd {
    return_id id;
    int64_t version;
    const struct inspect_item *items;
    size_t count;
};
/* ERR_STATE (not_received, acceptance_state, disposition_state), ERR_INVALID
 * (unit_unknown, over_inspected). */
MUST_USE err_t return_inspect(struct ctx *ctx, const struct inspect_cmd *cmd,
                              struct rma *ret);

/* Labels with which the buyer sends what is awaited: one for each parcel that
 * it left in. ERR_STATE (no_parcel); else as a label is refused. */
struct back_cmd;
struct label_ask {
    return_id id;
    int64_t version;
    struct back_cmd *back; /* Account, service, mode, weight. */
};
MUST_USE err_t return_label(struct ctx *ctx, const struct label_ask *ask,
                            struct rma *ret);

/* Open ones whose time is over, `limit` at most. */
MUST_USE err_t return_expire(struct ctx *ctx, size_t limit, bool *ret_is_more);

/* ---- bodies ---- */

MUST_USE err_t return_read_request(struct ctx *ctx, struct json_in *in,
                                   struct return_request *ret);
/* What a buyer may say: no place, no exception, nothing received. */
MUST_USE err_t return_read_self(struct ctx *ctx, struct json_in *in,
                                struct return_request *ret);
MUST_USE err_t return_read_step(struct ctx *ctx, struct json_in *in,
                                struct return_step *ret);
MUST_USE err_t return_read_receive(struct ctx *ctx, struct json_in *in,
                                   struct receive_cmd *ret);
MUST_USE err_t return_read_label(struct json_in *in, struct label_ask *ret);
MUST_USE err_t return_read_inspect(struct ctx *ctx, struct json_in *in,
                                   struct inspect_cmd *ret);

#endif
