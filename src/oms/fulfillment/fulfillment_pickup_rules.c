/* fulfillment_pickup_rules.c - the moves of a pickup. */
#include "oms/fulfillment/fulfillment_pickup_rules.h"

#include "base/machine.h"
#include "base/str.h"

static const char *const states[PICKUP_CANCELLED] = {
    "reserved", "preparing", "ready", "collected", "expired", "cancelled"};
static const char *const events[PICKUP_EVENT_CANCEL] = {
    "reserve", "move",   "prepare", "ready",  "code",
    "refuse",  "extend", "collect", "expire", "cancel"};

/* A pair that is not listed is refused. docs/states/pickup.md shows the whole
 * grid. */
static const struct machine_move moves[] = {
    {0,                PICKUP_EVENT_RESERVE, PICKUP_RESERVED },
    {PICKUP_RESERVED,  PICKUP_EVENT_MOVE,    PICKUP_RESERVED },
    {PICKUP_RESERVED,  PICKUP_EVENT_PREPARE, PICKUP_PREPARING},
    {PICKUP_RESERVED,  PICKUP_EVENT_CANCEL,  PICKUP_CANCELLED},
    {PICKUP_PREPARING, PICKUP_EVENT_MOVE,    PICKUP_PREPARING},
    {PICKUP_PREPARING, PICKUP_EVENT_PREPARE, PICKUP_PREPARING},
    {PICKUP_PREPARING, PICKUP_EVENT_READY,   PICKUP_READY    },
    {PICKUP_PREPARING, PICKUP_EVENT_CANCEL,  PICKUP_CANCELLED},
    {PICKUP_READY,     PICKUP_EVENT_CODE,    PICKUP_READY    },
    {PICKUP_READY,     PICKUP_EVENT_REFUSE,  PICKUP_READY    },
    {PICKUP_READY,     PICKUP_EVENT_EXTEND,  PICKUP_READY    },
    {PICKUP_READY,     PICKUP_EVENT_COLLECT, PICKUP_COLLECTED},
    {PICKUP_READY,     PICKUP_EVENT_EXPIRE,  PICKUP_EXPIRED  },
    {PICKUP_READY,     PICKUP_EVENT_CANCEL,  PICKUP_CANCELLED},
};

const struct machine pickup_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* What happens to its order, its task and its code. */
    .unasked = 1u << PICKUP_EVENT_RESERVE | 1u << PICKUP_EVENT_MOVE |
               1u << PICKUP_EVENT_PREPARE | 1u << PICKUP_EVENT_REFUSE,
};

enum pickup_state pickup_next(enum pickup_state from, enum pickup_event event)
{
    return (enum pickup_state)machine_next(&pickup_machine, from, event);
}

const char *pickup_state_name(enum pickup_state state)
{
    return machine_state_name(&pickup_machine, state);
}

const char *pickup_event_name(enum pickup_event event)
{
    return machine_event_name(&pickup_machine, event);
}

err_t pickup_allow(struct ctx *ctx, enum pickup_state state,
                   enum pickup_event event)
{
    return machine_allow(ctx, &pickup_machine, state, event);
}

str pickup_code(struct arena *arena, uint32_t random)
{
    enum { CODES = 1000000 };
    uint64_t n = ((uint64_t)random * CODES) >> 32;
    return str_printf(arena, "%06llu", (unsigned long long)n);
}
