/* shipping_call_rules.c - the moves of what is asked of carriers. */
#include "oms/shipping/shipping_call.h"

/* A pair that is not listed is refused. docs/states/carrier_call.md shows the
 * whole grid. */
static const struct {
    enum call_state from;
    enum call_event event;
    enum call_state to;
} moves[] = {
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

enum call_state call_next(enum call_state from, enum call_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == from && moves[i].event == event)
            return moves[i].to;
    return CALL_NONE;
}

const char *call_state_name(enum call_state state)
{
    switch (state) {
    case CALL_NONE: return "none";
    case CALL_WANTED: return "wanted";
    case CALL_ASKED: return "asked";
    case CALL_UNKNOWN: return "unknown";
    case CALL_LOOKING: return "looking";
    case CALL_DONE: return "done";
    case CALL_REFUSED: return "refused";
    case CALL_STUCK: return "stuck";
    case CALL_CANCELLED: return "cancelled";
    }
    UNREACHABLE("not a state of a call");
}

const char *call_event_name(enum call_event event)
{
    switch (event) {
    case CALL_EVENT_WANT: return "want";
    case CALL_EVENT_DOUBT: return "doubt";
    case CALL_EVENT_TAKE: return "take";
    case CALL_EVENT_DONE: return "done";
    case CALL_EVENT_REFUSE: return "refuse";
    case CALL_EVENT_LATER: return "later";
    case CALL_EVENT_LOSE: return "lose";
    case CALL_EVENT_ABSENT: return "absent";
    case CALL_EVENT_GIVE_UP: return "give_up";
    case CALL_EVENT_RETRY: return "retry";
    case CALL_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a call");
}

int64_t call_backoff_ms(int64_t times)
{
    static const int64_t most = (int64_t)15 * 60 * 1000;
    int64_t ms = 1000;
    for (int64_t i = 1; i < times && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}
