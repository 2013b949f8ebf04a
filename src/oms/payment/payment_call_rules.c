/* payment_call_rules.c - the moves of what is asked of gateways. */
#include "oms/payment/payment_call.h"

#include "base/machine.h"

/* A pair that is not listed is refused. docs/states/gateway_call.md shows the
 * whole grid. Late answers may tell at any time what became of it. */
static const struct machine_move moves[] = {
    {CALL_NONE,    CALL_EVENT_WANT,    CALL_WANTED   },
    {CALL_WANTED,  CALL_EVENT_DOUBT,   CALL_UNKNOWN  },
    {CALL_WANTED,  CALL_EVENT_TAKE,    CALL_ASKED    },
    {CALL_WANTED,  CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_WANTED,  CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_WANTED,  CALL_EVENT_CANCEL,  CALL_CANCELLED},
    {CALL_ASKED,   CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_ASKED,   CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_ASKED,   CALL_EVENT_LATER,   CALL_WANTED   },
    {CALL_ASKED,   CALL_EVENT_LOSE,    CALL_UNKNOWN  },
    {CALL_UNKNOWN, CALL_EVENT_TAKE,    CALL_LOOKING  },
    {CALL_UNKNOWN, CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_UNKNOWN, CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_UNKNOWN, CALL_EVENT_GIVE_UP, CALL_STUCK    },
 /* Gateways that never do a reference twice are simply asked again. */
    {CALL_UNKNOWN, CALL_EVENT_ABSENT,  CALL_WANTED   },
    {CALL_LOOKING, CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_LOOKING, CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_LOOKING, CALL_EVENT_LATER,   CALL_UNKNOWN  },
    {CALL_LOOKING, CALL_EVENT_LOSE,    CALL_UNKNOWN  },
    {CALL_LOOKING, CALL_EVENT_ABSENT,  CALL_WANTED   },
    {CALL_STUCK,   CALL_EVENT_DONE,    CALL_DONE     },
    {CALL_STUCK,   CALL_EVENT_REFUSE,  CALL_REFUSED  },
    {CALL_STUCK,   CALL_EVENT_RETRY,   CALL_UNKNOWN  },
};

const struct machine payment_call_machine = {
    .states = call_state_names,
    .events = call_event_names,
    .state_count = COUNT_OF(call_state_names),
    .event_count = COUNT_OF(call_event_names),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum call_state payment_call_next(enum call_state from, enum call_event event)
{
    return (enum call_state)machine_next(&payment_call_machine, from, event);
}

bool payment_call_is_live(const struct payment_call *call)
{
    switch (call->state) {
    case CALL_WANTED:
    case CALL_ASKED:
    case CALL_UNKNOWN:
    case CALL_LOOKING:
    case CALL_STUCK: return true;
    case CALL_NONE:
    case CALL_DONE:
    case CALL_REFUSED:
    case CALL_CANCELLED: return false;
    }
    UNREACHABLE("not a state of a call");
}

bool payment_has_call(const struct payment *pay, gateway_call_id id)
{
    for (size_t i = 0; i < pay->call_count; i++)
        if (pay->calls[i].id.v == id.v)
            return true;
    return false;
}
