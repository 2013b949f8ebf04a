/* fulfillment_production_rules.c - the moves of a line that is made to order.
 */
#include "oms/fulfillment/fulfillment_production.h"

/* A pair that is not listed is refused. docs/states/production.md shows the
 * whole grid. */
static const struct {
    int from;
    enum production_event event;
    enum production_status to;
} moves[] = {
    {0,                      PRODUCTION_EVENT_OPEN,   PRODUCTION_WAITING    },
    {PRODUCTION_WAITING,     PRODUCTION_EVENT_START,  PRODUCTION_IN_PROGRESS},
    {PRODUCTION_WAITING,     PRODUCTION_EVENT_MAKE,   PRODUCTION_MADE       },
    {PRODUCTION_IN_PROGRESS, PRODUCTION_EVENT_MAKE,   PRODUCTION_MADE       },
    {PRODUCTION_IN_PROGRESS, PRODUCTION_EVENT_REOPEN, PRODUCTION_WAITING    },
    {PRODUCTION_MADE,        PRODUCTION_EVENT_REOPEN, PRODUCTION_WAITING    },
};

enum production_status production_next(enum production_status from,
                                       enum production_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum production_status)0;
}

const char *production_status_name(enum production_status status)
{
    switch (status) {
    case PRODUCTION_WAITING: return "waiting";
    case PRODUCTION_IN_PROGRESS: return "in_production";
    case PRODUCTION_MADE: return "made";
    }
    return "none";
}

const char *production_event_name(enum production_event event)
{
    switch (event) {
    case PRODUCTION_EVENT_OPEN: return "open";
    case PRODUCTION_EVENT_START: return "start";
    case PRODUCTION_EVENT_MAKE: return "make";
    case PRODUCTION_EVENT_REOPEN: return "reopen";
    }
    UNREACHABLE("not an event of production");
}
