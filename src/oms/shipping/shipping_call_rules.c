/* shipping_call_rules.c - the moves of what is asked of carriers. */
#include "oms/shipping/shipping_call.h"

#include "base/machine.h"

static const char *const states[CALL_CANCELLED] = {
    "wanted", "asked",   "unknown", "looking",
    "done",   "refused", "stuck",   "cancelled"};
static const char *const events[CALL_EVENT_CANCEL] = {
    "want", "doubt",  "take",    "done",  "refuse", "later",
    "lose", "absent", "give_up", "retry", "cancel"};

/* A pair that is not listed is refused. docs/states/carrier_call.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
    {CALL_NONE,    CALL_EVENT_WANT,    CALL_WANTED   },
    {CALL_WANTED,  CALL_EVENT_DOUBT,   CALL_UNKNOWN  },
    {CALL_WANTED,  CALL_EVENT_TAKE,    CALL_ASKED    },
    {CALL_WANTED,  CALL_EVENT_CANCEL,  CALL_CANCELLED},
    {CALL_WANTED,  CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_ASKED,   CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_ASKED,   CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_ASKED,   CALL_EVENT_LATER,   CALL_WANTED   },
    {CALL_ASKED,   CALL_EVENT_LOSE,    CALL_UNKNOWN  },
    {CALL_UNKNOWN, CALL_EVENT_TAKE,    CALL_LOOKING  },
    {CALL_UNKNOWN, CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_UNKNOWN, CALL_EVENT_GIVE_UP, CALL_STUCK    },
 /* Carriers that never buy twice for a reference are simply asked again. */
    {CALL_UNKNOWN, CALL_EVENT_ABSENT,  CALL_WANTED   },
    {CALL_LOOKING, CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_LOOKING, CALL_EVENT_LATER,   CALL_UNKNOWN  },
    {CALL_LOOKING, CALL_EVENT_LOSE,    CALL_UNKNOWN  },
    {CALL_LOOKING, CALL_EVENT_ABSENT,  CALL_WANTED   },
    {CALL_LOOKING, CALL_EVENT_GIVE_UP, CALL_STUCK    },
    {CALL_STUCK,   CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_STUCK,   CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_STUCK,   CALL_EVENT_RETRY,   CALL_UNKNOWN  },
};

const struct machine call_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum call_state call_next(enum call_state from, enum call_event event)
{
    return (enum call_state)machine_next(&call_machine, from, event);
}

int64_t call_backoff_ms(int64_t times)
{
    static const int64_t most = (int64_t)15 * 60 * 1000;
    int64_t ms = 1000;
    for (int64_t i = 1; i < times && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}
