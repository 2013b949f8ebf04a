/* change_exchange.h - goods that come back for other goods, in one order.
 *
 * An exchange adds lines to the order of a return, as a change would. They are
 * reserved from then on and leave once the difference is paid and the return is
 * as far as the channel asks. docs/exchanges.md, docs/states/exchange.md.
 * Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_EXCHANGE_H
#define WHARF_OMS_CHANGE_EXCHANGE_H

#include "oms/change/change_edit.h"
#include "oms/returns/returns.h"

struct event_list;
struct machine;
struct order_note;

enum { LIMIT_EXCHANGES = 50 }; /* Of an order. */

/* Stored as numbers: append, never renumber. */
enum exchange_state {
    EXCHANGE_NONE = 0,
    EXCHANGE_DRAFT = 1,
    EXCHANGE_CONFIRMED = 2,
    EXCHANGE_AWAITING_PAYMENT = 3,
    EXCHANGE_AWAITING_RETURN = 4,
    EXCHANGE_RELEASED = 5, /* What is sent may leave. */
    EXCHANGE_CLOSED = 6,
    EXCHANGE_CANCELLED = 7
};
enum exchange_event {
    EXCHANGE_EVENT_DRAFT = 1,
    EXCHANGE_EVENT_CONFIRM,
    EXCHANGE_EVENT_AWAIT_PAYMENT,
    EXCHANGE_EVENT_AWAIT_RETURN,
    EXCHANGE_EVENT_RELEASE,
    EXCHANGE_EVENT_CLOSE,
    EXCHANGE_EVENT_CANCEL
};
extern const struct machine exchange_machine;

struct exchange {
    struct edit edit; /* Its id, order, lines to add, totals, version. */
    return_id rma;
    enum exchange_state state;
    int64_t first_line;  /* Of the lines it added, edit.count; 0: not yet. */
    utc_ms settled_at;   /* The return was over; 0: not yet. */
    bool is_unsettled;   /* Goods are out that nobody paid. */
    bool is_replacement; /* Of what comes back, for its worth. */
    str refused;         /* Why it does not follow its order; empty: it does. */
};

/* ---- rules: pure ---- */

struct exchange_facts {
    int64_t balance;     /* Of the order. */
    int64_t due_now;     /* That less what is promised, */
    int64_t due_after;   /* and once all that is to come back is accepted. */
    bool may_leave;      /* By the return, as the channel asks. */
    bool is_over;        /* Nothing of the return is awaited or to be judged. */
    bool is_settled;     /* It was over, and nothing is to be paid. */
    bool is_replacement; /* It waits for goods alone, */
    bool is_missing;     /* of which some do not come or are not taken back. */
    int64_t open;        /* Units of its lines that are still to leave, */
    int64_t left;        /* and those that were not given up. */
};
/* The event that the facts ask for; 0: it stays as it is. */
enum exchange_event exchange_next(enum exchange_state state,
                                  const struct exchange_facts *facts);

/* ---- rows ---- */

MUST_USE err_t exchange_get(struct ctx *ctx, exchange_id id,
                            struct exchange *ret);
/* Of an order, oldest first. */
MUST_USE err_t exchange_list(struct ctx *ctx, order_id id,
                             struct exchange **ret, size_t *ret_count);
MUST_USE err_t exchange_insert(struct ctx *ctx, const struct exchange *at);
MUST_USE err_t exchange_save(struct ctx *ctx, struct exchange *at);
/* Without its version; an empty code: it follows again. */
MUST_USE err_t exchange_refuse(struct ctx *ctx, exchange_id id, str code);
/* Open ones of orders or returns, by order and id; ids may repeat. */
struct exchange_key {
    int64_t order, id;
};
MUST_USE err_t exchange_find(struct ctx *ctx, const int64_t *subjects,
                             size_t count, struct exchange_key **ret,
                             size_t *ret_count);

/* ---- commands ---- */

struct exchange_outlook {
    struct edit_outlook look;
    struct exchange_facts facts;
    int64_t worth; /* What comes off the order yet by its return. */
    enum exchange_state then;
};
/* What confirming it would do; of a draft, or of one that is not drafted. */
MUST_USE err_t exchange_preview(struct ctx *ctx, struct exchange *at,
                                struct exchange_outlook *ret);
MUST_USE err_t exchange_draft(struct ctx *ctx, struct exchange *at);
/* edit_cmd: order_version 0 is that of the draft. */
MUST_USE err_t exchange_confirm(struct ctx *ctx, const struct edit_cmd *cmd,
                                struct exchange *ret, struct order *ret_order);
/* Before it is released: its units are free again. */
MUST_USE err_t exchange_cancel(struct ctx *ctx, const struct edit_cmd *cmd,
                               struct exchange *ret, struct order *ret_order);

/* ---- parts of commands ---- */

/* What is known of it on that order, whose returns are looked at; but for what
 * became of its lines. */
MUST_USE err_t exchange_look(struct ctx *ctx, const struct exchange *at,
                             const struct order *order,
                             struct exchange_outlook *ret);
struct exchange_step {
    const char *told[4]; /* Once it is saved. */
    size_t count;
    bool is_owed; /* The order owes money, and gives it back now. */
};
MUST_USE err_t exchange_move(struct ctx *ctx, struct exchange *at,
                             enum exchange_event event,
                             struct exchange_step *step);
/* As far as the facts ask, in memory. */
MUST_USE err_t exchange_advance(struct ctx *ctx, struct exchange *at,
                                struct exchange_facts *facts,
                                struct exchange_step *step);
/* Saves it with its events, and gives money back. */
MUST_USE err_t exchange_keep(struct ctx *ctx, struct exchange *at,
                             const struct order *order,
                             const struct exchange_step *step);

/* ERR_INVALID return_unknown, ERR_STATE return_over, return_exchanged,
 * too_many_exchanges. */
MUST_USE err_t exchange_check_return(struct ctx *ctx,
                                     const struct exchange *at);
/* It is drafted: written down, and told. */
MUST_USE err_t exchange_add(struct ctx *ctx, struct exchange *at);
/* Its lines come into the order open in `look`; note: of the order. */
MUST_USE err_t exchange_place(struct ctx *ctx, struct exchange *at,
                              struct exchange_outlook *look,
                              const struct order_note *note);

/* It cannot follow its order, by that code: told once. */
MUST_USE err_t exchange_refused(struct ctx *ctx, exchange_id id, str code);
extern const struct route_list exchange_routes;
extern const struct verify_list exchange_verify;
extern const struct event_list exchange_events;

#endif
