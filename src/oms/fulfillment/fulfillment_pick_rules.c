/* fulfillment_pick_rules.c - the moves of a pick task. */
#include "oms/fulfillment/fulfillment_pick_rules.h"

#include "base/machine.h"

static const char *const states[PICK_CANCELLED] = {
    "created", "assigned", "picking", "picked", "short", "packed", "cancelled"};
static const char *const events[PICK_EVENT_CANCEL] = {
    "create", "assign",   "unassign",       "start", "scan",  "short",
    "cut",    "complete", "complete_short", "pack",  "cancel"};

/* A pair that is not listed is refused. docs/states/pick_task.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
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

const struct machine pick_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* A task completes as its lines say, and units are cut and packed
     * elsewhere. */
    .unasked = 1u << PICK_EVENT_COMPLETE_SHORT | 1u << PICK_EVENT_CUT |
               1u << PICK_EVENT_PACK,
};

enum pick_state pick_next(enum pick_state from, enum pick_event event)
{
    return (enum pick_state)machine_next(&pick_machine, from, event);
}

const char *pick_state_name(enum pick_state state)
{
    return machine_state_name(&pick_machine, state);
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

err_t pick_allow(struct ctx *ctx, enum pick_state state, enum pick_event event)
{
    return machine_allow(ctx, &pick_machine, state, event);
}
