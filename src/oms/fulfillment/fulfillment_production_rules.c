/* fulfillment_production_rules.c - the moves of a line that is made to order.
 */
#include "oms/fulfillment/fulfillment_production.h"

#include "base/machine.h"

static const char *const states[PRODUCTION_MADE] = {"waiting", "in_production",
                                                    "made"};
static const char *const events[PRODUCTION_EVENT_REOPEN] = {"open", "start",
                                                            "make", "reopen"};

/* A pair that is not listed is refused. docs/states/production.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
    {0,                      PRODUCTION_EVENT_OPEN,   PRODUCTION_WAITING    },
    {PRODUCTION_WAITING,     PRODUCTION_EVENT_START,  PRODUCTION_IN_PROGRESS},
    {PRODUCTION_WAITING,     PRODUCTION_EVENT_MAKE,   PRODUCTION_MADE       },
    {PRODUCTION_IN_PROGRESS, PRODUCTION_EVENT_MAKE,   PRODUCTION_MADE       },
    {PRODUCTION_IN_PROGRESS, PRODUCTION_EVENT_REOPEN, PRODUCTION_WAITING    },
    {PRODUCTION_MADE,        PRODUCTION_EVENT_REOPEN, PRODUCTION_WAITING    },
};

const struct machine production_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .field = "production_status",
    .noun = "state",
};

enum production_status production_next(enum production_status from,
                                       enum production_event event)
{
    return (enum production_status)machine_next(&production_machine, from,
                                                event);
}

const char *production_status_name(enum production_status status)
{
    return machine_state_name(&production_machine, status);
}
