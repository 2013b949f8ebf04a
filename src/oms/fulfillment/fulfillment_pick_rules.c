/* fulfillment_pick_rules.c - the moves of a pick task. */
#include "oms/fulfillment/fulfillment_pick_rules.h"

#include "base/str.h"

/* A pair that is not listed is refused. docs/states/pick_task.md shows the
 * whole grid. */
static const struct {
    int from;
    enum pick_event event;
    enum pick_state to;
} moves[] = {
    {0,             PICK_EVENT_CREATE,         PICK_CREATED  },
    {PICK_CREATED,  PICK_EVENT_ASSIGN,         PICK_ASSIGNED },
    {PICK_CREATED,  PICK_EVENT_START,          PICK_PICKING  },
    {PICK_CREATED,  PICK_EVENT_CUT,            PICK_CREATED  },
    {PICK_CREATED,  PICK_EVENT_CANCEL,         PICK_CANCELLED},
    {PICK_ASSIGNED, PICK_EVENT_ASSIGN,         PICK_ASSIGNED },
    {PICK_ASSIGNED, PICK_EVENT_UNASSIGN,       PICK_CREATED  },
    {PICK_ASSIGNED, PICK_EVENT_START,          PICK_PICKING  },
    {PICK_ASSIGNED, PICK_EVENT_CUT,            PICK_ASSIGNED },
    {PICK_ASSIGNED, PICK_EVENT_CANCEL,         PICK_CANCELLED},
    {PICK_PICKING,  PICK_EVENT_ASSIGN,         PICK_PICKING  },
    {PICK_PICKING,  PICK_EVENT_SCAN,           PICK_PICKING  },
    {PICK_PICKING,  PICK_EVENT_SHORT,          PICK_PICKING  },
    {PICK_PICKING,  PICK_EVENT_CUT,            PICK_PICKING  },
    {PICK_PICKING,  PICK_EVENT_COMPLETE,       PICK_PICKED   },
    {PICK_PICKING,  PICK_EVENT_COMPLETE_SHORT, PICK_SHORT    },
    {PICK_PICKING,  PICK_EVENT_CANCEL,         PICK_CANCELLED},
    {PICK_PICKED,   PICK_EVENT_PACK,           PICK_PACKED   },
    {PICK_PICKED,   PICK_EVENT_CANCEL,         PICK_CANCELLED},
    {PICK_SHORT,    PICK_EVENT_PACK,           PICK_PACKED   },
    {PICK_SHORT,    PICK_EVENT_CANCEL,         PICK_CANCELLED},
};

enum pick_state pick_next(enum pick_state from, enum pick_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum pick_state)0;
}

const char *pick_state_name(enum pick_state state)
{
    switch (state) {
    case PICK_CREATED: return "created";
    case PICK_ASSIGNED: return "assigned";
    case PICK_PICKING: return "picking";
    case PICK_PICKED: return "picked";
    case PICK_SHORT: return "short";
    case PICK_PACKED: return "packed";
    case PICK_CANCELLED: return "cancelled";
    }
    return "none";
}

const char *pick_event_name(enum pick_event event)
{
    switch (event) {
    case PICK_EVENT_CREATE: return "create";
    case PICK_EVENT_ASSIGN: return "assign";
    case PICK_EVENT_UNASSIGN: return "unassign";
    case PICK_EVENT_START: return "start";
    case PICK_EVENT_SCAN: return "scan";
    case PICK_EVENT_SHORT: return "short";
    case PICK_EVENT_CUT: return "cut";
    case PICK_EVENT_COMPLETE: return "complete";
    case PICK_EVENT_COMPLETE_SHORT: return "complete_short";
    case PICK_EVENT_PACK: return "pack";
    case PICK_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a pick task");
}

bool pick_is_live(enum pick_state state)
{
    return state == PICK_CREATED || state == PICK_ASSIGNED ||
           state == PICK_PICKING;
}

const char *pick_mode_name(enum pick_mode mode)
{
    switch (mode) {
    case PICK_SINGLE: return "single";
    case PICK_BATCH: return "batch";
    case PICK_WAVE: return "wave";
    case PICK_ZONE: return "zone";
    }
    UNREACHABLE("not a way to pick");
}

/* What somebody who asks may do: a task completes as its lines say, and units
 * are cut and packed elsewhere. */
static bool is_asked_for(enum pick_event event)
{
    return event != PICK_EVENT_COMPLETE_SHORT && event != PICK_EVENT_CUT &&
           event != PICK_EVENT_PACK;
}

err_t pick_allow(struct ctx *ctx, enum pick_state state, enum pick_event event)
{
    if (pick_next(state, event))
        return OK;
    str allowed = STR("nothing");
    bool is_first = true;
    for (int e = 1; e < PICK_EVENTS; e++) {
        if (!is_asked_for((enum pick_event)e) ||
            !pick_next(state, (enum pick_event)e))
            continue;
        const char *name = pick_event_name((enum pick_event)e);
        allowed = is_first ? str_printf(ctx->arena, "%s", name)
                           : str_printf(ctx->arena, "%.*s, %s",
                                        STR_ARG(allowed), name);
        is_first = false;
    }
    return fail(ctx, ERR_STATE, "state",
                "event %s is refused in state %s; allowed: %.*s",
                pick_event_name(event), pick_state_name(state),
                STR_ARG(allowed));
}
