/* fulfillment_pick_rules.h - what a pick task may do, and the order of its
 * walk. Pure. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_RULES_H
#define WHARF_OMS_FULFILLMENT_PICK_RULES_H

#include "base/base.h"
#include "oms/ids.h"

struct machine;

/* Stored as numbers: append, never renumber. docs/states/pick_task.md */
enum pick_state {
    PICK_CREATED = 1,
    PICK_ASSIGNED,
    PICK_PICKING,
    PICK_PICKED, /* Every unit was found. */
    PICK_SHORT,  /* Some were not. */
    PICK_PACKED,
    PICK_CANCELLED /* Nothing is picked, or all was put back. */
};
enum pick_event {
    PICK_EVENT_CREATE = 1,
    PICK_EVENT_ASSIGN,
    PICK_EVENT_UNASSIGN,
    PICK_EVENT_START,
    PICK_EVENT_SCAN,           /* Units of a line are in the picker's hand. */
    PICK_EVENT_SHORT,          /* Units of a line are not there. */
    PICK_EVENT_CUT,            /* Units are no longer wanted. */
    PICK_EVENT_COMPLETE,       /* Every unit was found. */
    PICK_EVENT_COMPLETE_SHORT, /* Some were not. */
    PICK_EVENT_PACK,           /* All of it stands in parcels. */
    PICK_EVENT_CANCEL          /* What is in hand goes back. */
};
extern const struct machine pick_machine;
/* The next state, or 0 where the event is refused; from 0: a new one. */
enum pick_state pick_next(enum pick_state from, enum pick_event event);
const char *pick_state_name(enum pick_state state);
/* ERR_STATE, naming the state, the event and what is allowed instead. */
MUST_USE err_t pick_allow(struct ctx *ctx, enum pick_state state,
                          enum pick_event event);
/* Whether its units are still to be found or in somebody's hand. */
bool pick_is_live(enum pick_state state);

/* Stored as numbers: append, never renumber. */
enum pick_mode {
    PICK_SINGLE = 1, /* One task an order. */
    PICK_BATCH,      /* Many orders on one walk. */
    PICK_WAVE,       /* All that is due together, in as many walks as needed. */
    PICK_ZONE /* One walk in each zone; an order may take part in many. */
};
enum { PICK_MODES = PICK_ZONE + 1 };
const char *pick_mode_name(enum pick_mode mode);

/* ---- who goes on which walk ---- */

/* Units of one SKU for one line of one order. */
struct pick_want {
    size_t order; /* Its place in the list of orders. */
    int64_t n;    /* The line. */
    sku_id sku;
    int64_t per; /* Units that make one of the line. */
    int64_t qty;
    str bin, zone; /* Empty: not known. */
};
struct pick_order {
    fulfillment_order_id id;
    size_t fo;     /* For the caller: where its own row stands. */
    utc_ms due_at; /* 0: none. */
    const struct pick_want *wants;
    size_t count;
};
struct pick_limits {
    enum pick_mode mode;
    int64_t orders, units, lines; /* Of one walk. */
};
struct pick_walk {
    str zone; /* PICK_ZONE alone; empty: what has no zone. */
    const struct pick_want **wants; /* In the order of the walk. */
    size_t count, room;
    int64_t orders, units;
};
/* Deals orders out to walks: those due first go first (without a time last,
 * older ones first). An order is never torn apart but by zone; one that is
 * greater than the limits has a walk of its own. In ctx->arena. */
void pick_plan(struct arena *arena, const struct pick_order *orders,
               size_t count, const struct pick_limits *limits,
               struct pick_walk **ret, size_t *ret_count);

/* Names of bins as people count: "A-2" before "A-10". */
int bin_compare(str a, str b);

/* ---- which lots ---- */

/* A lot that may be taken from, in the order in which lots expire. */
struct pick_lot {
    lot_id lot;
    int64_t left; /* Units nobody else takes. */
};
struct pick_share {
    lot_id lot; /* 0: no lot has them. */
    int64_t qty;
};
/* Deals qty units out to the lots, first ones first, and takes them off
 * `left`. What no lot has comes last, without one. */
void pick_share_lots(struct arena *arena, struct pick_lot *lots, size_t count,
                     int64_t qty, struct pick_share **ret, size_t *ret_count);

#endif
