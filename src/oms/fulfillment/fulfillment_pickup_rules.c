/* fulfillment_pickup_rules.c - the moves of a pickup. */
#include "oms/fulfillment/fulfillment_pickup_rules.h"

#include "base/str.h"

/* A pair that is not listed is refused. docs/states/pickup.md shows the whole
 * grid. */
static const struct {
    int from;
    enum pickup_event event;
    enum pickup_state to;
} moves[] = {
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

enum pickup_state pickup_next(enum pickup_state from, enum pickup_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum pickup_state)0;
}

const char *pickup_state_name(enum pickup_state state)
{
    switch (state) {
    case PICKUP_RESERVED: return "reserved";
    case PICKUP_PREPARING: return "preparing";
    case PICKUP_READY: return "ready";
    case PICKUP_COLLECTED: return "collected";
    case PICKUP_EXPIRED: return "expired";
    case PICKUP_CANCELLED: return "cancelled";
    }
    return "none";
}

const char *pickup_event_name(enum pickup_event event)
{
    switch (event) {
    case PICKUP_EVENT_RESERVE: return "reserve";
    case PICKUP_EVENT_MOVE: return "move";
    case PICKUP_EVENT_PREPARE: return "prepare";
    case PICKUP_EVENT_READY: return "ready";
    case PICKUP_EVENT_CODE: return "code";
    case PICKUP_EVENT_REFUSE: return "refuse";
    case PICKUP_EVENT_EXTEND: return "extend";
    case PICKUP_EVENT_COLLECT: return "collect";
    case PICKUP_EVENT_EXPIRE: return "expire";
    case PICKUP_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a pickup");
}

static bool is_asked_for(enum pickup_event event)
{
    return event == PICKUP_EVENT_READY || event == PICKUP_EVENT_CODE ||
           event == PICKUP_EVENT_EXTEND || event == PICKUP_EVENT_COLLECT ||
           event == PICKUP_EVENT_EXPIRE || event == PICKUP_EVENT_CANCEL;
}

err_t pickup_allow(struct ctx *ctx, enum pickup_state state,
                   enum pickup_event event)
{
    if (pickup_next(state, event))
        return OK;
    str allowed = STR("nothing");
    bool is_first = true;
    for (int e = 1; e < PICKUP_EVENTS; e++) {
        if (!is_asked_for((enum pickup_event)e) ||
            !pickup_next(state, (enum pickup_event)e))
            continue;
        const char *name = pickup_event_name((enum pickup_event)e);
        allowed = is_first ? str_printf(ctx->arena, "%s", name)
                           : str_printf(ctx->arena, "%.*s, %s",
                                        STR_ARG(allowed), name);
        is_first = false;
    }
    return fail(ctx, ERR_STATE, "state",
                "event %s is refused in state %s; allowed: %.*s",
                pickup_event_name(event), pickup_state_name(state),
                STR_ARG(allowed));
}

str pickup_code(struct arena *arena, uint32_t random)
{
    enum { CODES = 1000000 };
    uint64_t n = ((uint64_t)random * CODES) >> 32;
    return str_printf(arena, "%06llu", (unsigned long long)n);
}
