/* fulfillment_pickup_rules.h - what may happen to units that a buyer comes to
 * collect. Pure. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICKUP_RULES_H
#define WHARF_OMS_FULFILLMENT_PICKUP_RULES_H

#include "base/base.h"

struct machine;

/* Stored as numbers: append, never renumber. docs/states/pickup.md */
enum pickup_state {
    PICKUP_RESERVED = 1, /* The units are the buyer's, and on the shelf. */
    PICKUP_PREPARING,    /* They are being picked. */
    PICKUP_READY,        /* They wait at the counter. */
    PICKUP_COLLECTED,
    PICKUP_EXPIRED, /* Nobody came: they are for sale again. */
    PICKUP_CANCELLED
};
enum pickup_event {
    PICKUP_EVENT_RESERVE = 1,
    PICKUP_EVENT_MOVE, /* Its units are taken from another location. */
    PICKUP_EVENT_PREPARE,
    PICKUP_EVENT_READY,
    PICKUP_EVENT_CODE,   /* A new hand-over code; the one before ends. */
    PICKUP_EVENT_REFUSE, /* A wrong code was shown. */
    PICKUP_EVENT_EXTEND, /* It waits longer. */
    PICKUP_EVENT_COLLECT,
    PICKUP_EVENT_EXPIRE,
    PICKUP_EVENT_CANCEL
};
extern const struct machine pickup_machine;
enum pickup_state pickup_next(enum pickup_state from, enum pickup_event event);
const char *pickup_state_name(enum pickup_state state);
const char *pickup_event_name(enum pickup_event event);
MUST_USE err_t pickup_allow(struct ctx *ctx, enum pickup_state state,
                            enum pickup_event event);

enum { PICKUP_CODE_DIGITS = 6, PICKUP_TRIES = 5 };
/* Six digits of a random number, which is not a plain remainder. */
str pickup_code(struct arena *arena, uint32_t random);

#endif
