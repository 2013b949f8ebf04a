/* shipping_call_rules.c - the moves of what is asked of carriers. */
#include "oms/shipping/shipping_call.h"

#include "base/machine.h"

/* A pair that is not listed is refused. docs/states/carrier_call.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
    {CALL_NONE,    CALL_EVENT_WANT,    CALL_WANTED   },
    {CALL_WANTED,  CALL_EVENT_DOUBT,   CALL_UNKNOWN  },
    {CALL_WANTED,  CALL_EVENT_TAKE,    CALL_ASKED    },
    {CALL_WANTED,  CALL_EVENT_CANCEL,  CALL_CANCELLED},
    {CALL_WANTED,  CALL_EVENT_DONE,    CALL_DONE     }, /* Late. */
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
    .states = call_state_names,
    .events = call_event_names,
    .state_count = COUNT_OF(call_state_names),
    .event_count = COUNT_OF(call_event_names),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum call_state call_next(enum call_state from, enum call_event event)
{
    return (enum call_state)machine_next(&call_machine, from, event);
}
