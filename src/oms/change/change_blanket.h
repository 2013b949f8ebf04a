/* change_blanket.h - orders that leave in parts over time: blanket orders.
 *
 * A blanket keeps the body of an order and a plan of releases. Each release
 * becomes an order of its own some days before it ships, by way of a draft
 * that is placed in the transaction that says so: once, whenever a process
 * dies. docs/blankets.md, docs/states/blanket.md
 */
#ifndef WHARF_OMS_CHANGE_BLANKET_H
#define WHARF_OMS_CHANGE_BLANKET_H

#include "oms/change/change_release.h"

struct json_in;
struct json_out;
struct machine;
struct draft_cmd;

/* Stored as numbers: append, never renumber. */
enum blanket_state {
    BLANKET_DRAFT = 1,
    BLANKET_ACTIVE,
    BLANKET_PAUSED,
    BLANKET_COMPLETED,
    BLANKET_CANCELLED
};
enum blanket_event {
    BLANKET_EVENT_CREATE = 1,
    BLANKET_EVENT_REVISE,
    BLANKET_EVENT_ACTIVATE,
    BLANKET_EVENT_PAUSE,
    BLANKET_EVENT_RESUME,
    BLANKET_EVENT_COMPLETE,
    BLANKET_EVENT_CANCEL
};
extern const struct machine blanket_machine;
enum release_state {
    RELEASE_PLANNED = 1,
    RELEASE_PLACED,
    RELEASE_SKIPPED,
    RELEASE_CANCELLED
};
enum { RELEASE_STATES = 4 };
extern const char *const release_states[RELEASE_STATES];

struct blanket {
    blanket_id id;
    enum blanket_state state;
    company_id company;   /* 0: none; so the next. */
    customer_id customer; /* Whom it is for. */
    str channel;
    char currency[4];
    int64_t total; /* Of a release of all its lines, as it was written. */
    str po_number; /* May be empty. */
    int64_t terms_days, reserve_days;
    str body; /* As POST /v1/orders/price takes it. */
    int64_t version;
    utc_ms created_at, updated_at;
};
struct release {
    int64_t n; /* From 1; never given again. */
    enum release_state state;
    utc_ms ship_at, try_at; /* try_at 0: not to be placed. */
    draft_id draft;
    order_id order;
    str code, field, detail; /* Why it was refused; may be empty. */
    str doc;                 /* {"lines": ...} of a release; or empty. */
};
struct blanket_sum { /* Of its releases. */
    int64_t count[RELEASE_STATES];
    utc_ms next_at; /* Of those that are planned; 0: none. */
};

/* ---- plans ---- */

enum every_unit { EVERY_DAY = 1, EVERY_WEEK, EVERY_MONTH };
struct every {
    enum every_unit unit;
    int64_t count;
    utc_ms from;
};
/* The k-th time, from 0, by the clocks of the zone: a month ends on its last
 * day. */
MUST_USE err_t every_time(struct ctx *ctx, str zone, const struct every *every,
                          int64_t k, utc_ms *ret);

struct blanket_cmd {
    blanket_id id;   /* 0: a new one. */
    int64_t version; /* Of REVISE. */
    struct draft_cmd *draft;
    str body; /* draft->order as it came. */
    int64_t reserve_days;
    struct release *releases; /* ship_at and doc; or, where count is 0: */
    size_t count;
    struct every every;
    utc_ms until;  /* 0: */
    int64_t times; /* so often. */
};
MUST_USE err_t blanket_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                     struct blanket_cmd *ret);
/* Of a release of an order of so many lines; sets draft->qty. */
MUST_USE err_t release_lines_from_json(struct ctx *ctx, struct json_in *in,
                                       size_t line_count,
                                       struct draft_cmd *draft);
/* Together with its sum. */
void blanket_write(const struct blanket *blanket, const struct blanket_sum *sum,
                   bool is_whole, struct json_out *out);
void release_write(const struct blanket *blanket, const struct release *release,
                   struct json_out *out);

/* ---- commands ---- */

MUST_USE err_t blanket_write_down(struct ctx *ctx, struct blanket_cmd *cmd,
                                  struct blanket *ret);
struct blanket_step {
    blanket_id id;
    int64_t version;
    int64_t n; /* Of a release that is skipped. */
};
MUST_USE err_t blanket_move(struct ctx *ctx, const struct blanket_step *step,
                            enum blanket_event event, struct blanket *ret);
MUST_USE err_t blanket_skip(struct ctx *ctx, const struct blanket_step *step,
                            struct blanket *ret);
/* Cancels and empties those of a customer. */
MUST_USE err_t blanket_erase(struct ctx *ctx, customer_id id);
/* Where nothing is planned any more an active one is completed; saves it and
 * writes the event, with what `write` adds to it. */
struct blanket_word {
    const char *type;
    void (*write)(struct json_out *out, const void *arg); /* May be NULL. */
    const void *arg;
};
MUST_USE err_t blanket_note(struct ctx *ctx, struct blanket *blanket,
                            const struct blanket_word *word);

extern const struct route_list blanket_routes;
extern const struct timer_list blanket_timers;
extern const struct verify_list blanket_verify;

#endif
