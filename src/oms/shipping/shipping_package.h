/* shipping_package.h - what a parcel is and what may happen to it.
 *
 * Two kinds of events move a parcel: what we do with it (commands, refused
 * where they are not listed) and what its carrier says of it (facts, never
 * refused). A fact moves it only forward: what is older than the last that
 * counted, or ranks below what was reached, is stored and changes nothing
 * (I24). docs/states/package.md
 */
#ifndef WHARF_OMS_SHIPPING_PACKAGE_H
#define WHARF_OMS_SHIPPING_PACKAGE_H

#include "base/base.h"

struct machine;

/* Stored as numbers: append, never renumber. */
enum package_state {
    PACKAGE_NONE = 0,
    PACKAGE_DRAFT = 1,
    PACKAGE_LABEL_PENDING = 2,
    PACKAGE_LABELLED = 3,
    PACKAGE_MANIFESTED = 4, /* Handed over: its units are shipped. */
    PACKAGE_IN_TRANSIT = 5,
    PACKAGE_OUT_FOR_DELIVERY = 6,
    PACKAGE_DELIVERED = 7,
    PACKAGE_EXCEPTION = 8,
    PACKAGE_RETURN_TO_SENDER = 9,
    PACKAGE_LOST = 10,
    PACKAGE_VOIDED = 11
};
enum package_event {
    PACKAGE_EVENT_CREATE = 1,
    PACKAGE_EVENT_PACK,          /* Units in or out, box, weight. */
    PACKAGE_EVENT_REQUEST_LABEL, /* Its carrier shall be asked for one. */
    PACKAGE_EVENT_BOUGHT,        /* The label is there. */
    PACKAGE_EVENT_REFUSED,       /* The carrier will not. */
    PACKAGE_EVENT_UNLABEL,       /* The label is void; pack or buy anew. */
    PACKAGE_EVENT_SHIP,          /* By manifest or by hand. */
    PACKAGE_EVENT_VOID,          /* Its units go back to be packed. */
    /* What a carrier says: */
    PACKAGE_EVENT_MOVING,
    PACKAGE_EVENT_OUT,
    PACKAGE_EVENT_DELIVERED,
    PACKAGE_EVENT_TROUBLE,
    PACKAGE_EVENT_RETURNING,
    PACKAGE_EVENT_LOST
};
enum { PACKAGE_COMMANDS = 9 }; /* Events below it are commands. */
extern const struct machine package_machine;
/* PACKAGE_NONE where a command is refused or a fact changes nothing. */
enum package_state package_next(enum package_state from,
                                enum package_event event);
const char *package_state_name(enum package_state state);
/* ERR_STATE, naming the state, the event and what is allowed instead. */
MUST_USE err_t package_allow(struct ctx *ctx, enum package_state state,
                             enum package_event event);
/* The same for what is done inside a draft, by the name of the command. */
MUST_USE err_t package_allow_draft(struct ctx *ctx, enum package_state state,
                                   const char *command);
/* How far it got: 0 to 4 for not shipped, shipped, moving, out, delivered;
 * -1 for what is no progress (trouble, returning, lost, voided). */
int package_rank(enum package_state state);
bool package_is_shipped(enum package_state state);
/* In trouble, on its way back, or lost. */
bool package_is_in_trouble(enum package_state state);

/* ---- what carriers say, in one language ---- */

enum trace_code { /* Stored as numbers. */
                  TRACE_OTHER = 1,
                  TRACE_ANNOUNCED, /* The label is known; nothing was handed
                                      over. */
                  TRACE_ACCEPTED,  /* The carrier has it. */
                  TRACE_IN_TRANSIT,
                  TRACE_CUSTOMS,
                  TRACE_OUT_FOR_DELIVERY,
                  TRACE_AWAITING_PICKUP, /* Lies at a shop or locker for the
                                            buyer. */
                  TRACE_DELIVERED,
                  TRACE_ATTEMPT_FAILED,
                  TRACE_DELAYED,
                  TRACE_DAMAGED,
                  TRACE_ADDRESS_WRONG,
                  TRACE_RETURNING,
                  TRACE_RETURNED, /* Back with the sender. */
                  TRACE_LOST
};
enum { TRACE_CODES = 16 };
const char *trace_code_name(enum trace_code code);
bool trace_code_from_name(str name, enum trace_code *ret);
/* What the code means for the parcel; 0: nothing, it is only kept. */
enum package_event trace_event(enum trace_code code);

/* Where a parcel stands in its carrier's account of it. */
struct trace_place {
    enum package_state state;
    enum package_state reached; /* The farthest state with a rank. */
    utc_ms at;                  /* Of the last fact that counted; 0: none. */
};
/* Applies one fact; false where it changes nothing of the three. */
bool trace_apply(struct trace_place *place, enum trace_code code, utc_ms at);

#endif
