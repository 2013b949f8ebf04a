/* fulfillment_rules.c - what a fulfillment order is and what may happen to it.
 */
#include "oms/fulfillment/fulfillment_rules.h"

#include "base/machine.h"

static const char *const states[FULFILLMENT_CANCELLED] = {
    "scheduled",  "open",   "on_hold",  "in_progress",
    "incomplete", "closed", "cancelled"};
static const char *const events[FULFILLMENT_EVENT_CANCEL] = {
    "schedule", "open", "hold", "release", "edit",  "cut",   "start",
    "stop",     "work", "fail", "reroute", "close", "cancel"};
/* Of the API, by event. */
static const char *const commands[FULFILLMENT_EVENT_CANCEL] = {
    NULL,   "open", "hold",  "release", "split, merge or move",
    NULL,   "pick", NULL,    "ship",    NULL,
    "move", NULL,   "cancel"};

/* A pair that is not listed is refused. docs/states/fulfillment_order.md shows
 * the whole grid. */
static const struct machine_move moves[] = {
    {0,                       FULFILLMENT_EVENT_SCHEDULE, FULFILLMENT_SCHEDULED  },
    {0,                       FULFILLMENT_EVENT_OPEN,     FULFILLMENT_OPEN       },
    {FULFILLMENT_SCHEDULED,   FULFILLMENT_EVENT_OPEN,     FULFILLMENT_OPEN       },
    {FULFILLMENT_SCHEDULED,   FULFILLMENT_EVENT_EDIT,     FULFILLMENT_SCHEDULED  },
    {FULFILLMENT_SCHEDULED,   FULFILLMENT_EVENT_CUT,      FULFILLMENT_SCHEDULED  },
    {FULFILLMENT_SCHEDULED,   FULFILLMENT_EVENT_CANCEL,   FULFILLMENT_CANCELLED  },
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_HOLD,     FULFILLMENT_ON_HOLD    },
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_EDIT,     FULFILLMENT_OPEN       },
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_CUT,      FULFILLMENT_OPEN       },
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_START,    FULFILLMENT_IN_PROGRESS},
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_CLOSE,    FULFILLMENT_CLOSED     },
    {FULFILLMENT_OPEN,        FULFILLMENT_EVENT_CANCEL,   FULFILLMENT_CANCELLED  },
    {FULFILLMENT_ON_HOLD,     FULFILLMENT_EVENT_RELEASE,  FULFILLMENT_OPEN       },
    {FULFILLMENT_ON_HOLD,     FULFILLMENT_EVENT_EDIT,     FULFILLMENT_ON_HOLD    },
    {FULFILLMENT_ON_HOLD,     FULFILLMENT_EVENT_CUT,      FULFILLMENT_ON_HOLD    },
    {FULFILLMENT_ON_HOLD,     FULFILLMENT_EVENT_CANCEL,   FULFILLMENT_CANCELLED  },
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_CUT,      FULFILLMENT_IN_PROGRESS},
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_STOP,     FULFILLMENT_OPEN       },
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_WORK,     FULFILLMENT_IN_PROGRESS},
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_FAIL,     FULFILLMENT_INCOMPLETE },
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_CLOSE,    FULFILLMENT_CLOSED     },
    {FULFILLMENT_IN_PROGRESS, FULFILLMENT_EVENT_CANCEL,   FULFILLMENT_CANCELLED  },
    {FULFILLMENT_INCOMPLETE,  FULFILLMENT_EVENT_CUT,      FULFILLMENT_INCOMPLETE },
    {FULFILLMENT_INCOMPLETE,  FULFILLMENT_EVENT_REROUTE,  FULFILLMENT_OPEN       },
    {FULFILLMENT_INCOMPLETE,  FULFILLMENT_EVENT_CLOSE,    FULFILLMENT_CLOSED     },
    {FULFILLMENT_INCOMPLETE,  FULFILLMENT_EVENT_CANCEL,   FULFILLMENT_CANCELLED  },
};

const struct machine fulfillment_machine = {
    .states = states,
    .events = events,
    .commands = commands,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .field = "status",
};

enum fulfillment_status fulfillment_next(enum fulfillment_status from,
                                         enum fulfillment_event event)
{
    return (enum fulfillment_status)machine_next(&fulfillment_machine, from,
                                                 event);
}

const char *fulfillment_status_name(enum fulfillment_status status)
{
    return machine_state_name(&fulfillment_machine, status);
}

err_t fulfillment_move(struct ctx *ctx, struct fulfillment *fo,
                       enum fulfillment_event event)
{
    TRY(machine_allow(ctx, &fulfillment_machine, fo->status, event));
    fo->status = fulfillment_next(fo->status, event);
    return OK;
}

static const char *const request_states[REQUEST_CANCELLATION_REJECTED] = {
    "unsubmitted",
    "submitted",
    "accepted",
    "rejected",
    "cancellation_requested",
    "cancellation_accepted",
    "cancellation_rejected"};
static const char *const request_events[REQUEST_EVENT_RESET] = {
    "submit",
    "accept",
    "reject",
    "request_cancellation",
    "accept_cancellation",
    "reject_cancellation",
    "reset"};
/* Of the API, by event. */
static const char *const request_commands[REQUEST_EVENT_RESET] = {
    "submit",
    "accept",
    "reject",
    "request-cancellation",
    "accept-cancellation",
    "reject-cancellation",
    NULL};

/* docs/states/fulfillment_request.md shows the whole grid. */
static const struct machine_move request_moves[] = {
    {0,                              REQUEST_EVENT_RESET,                REQUEST_UNSUBMITTED},
    {REQUEST_UNSUBMITTED,            REQUEST_EVENT_SUBMIT,               REQUEST_SUBMITTED  },
    {REQUEST_SUBMITTED,              REQUEST_EVENT_ACCEPT,               REQUEST_ACCEPTED   },
    {REQUEST_SUBMITTED,              REQUEST_EVENT_REJECT,               REQUEST_REJECTED   },
    {REQUEST_ACCEPTED,               REQUEST_EVENT_REQUEST_CANCELLATION,
     REQUEST_CANCELLATION_REQUESTED                                                         },
    {REQUEST_REJECTED,               REQUEST_EVENT_RESET,                REQUEST_UNSUBMITTED},
    {REQUEST_CANCELLATION_REQUESTED, REQUEST_EVENT_ACCEPT_CANCELLATION,
     REQUEST_CANCELLATION_ACCEPTED                                                          },
    {REQUEST_CANCELLATION_REQUESTED, REQUEST_EVENT_REJECT_CANCELLATION,
     REQUEST_CANCELLATION_REJECTED                                                          },
    {REQUEST_CANCELLATION_ACCEPTED,  REQUEST_EVENT_RESET,                REQUEST_UNSUBMITTED},
};

const struct machine request_machine = {
    .states = request_states,
    .events = request_events,
    .commands = request_commands,
    .state_count = COUNT_OF(request_states),
    .event_count = COUNT_OF(request_events),
    .moves = request_moves,
    .move_count = COUNT_OF(request_moves),
    .field = "request_status",
    .noun = "request status",
    .slug = "request_state",
};

enum fulfillment_request_status
fulfillment_request_next(enum fulfillment_request_status from,
                         enum request_event event)
{
    return (enum fulfillment_request_status)machine_next(&request_machine, from,
                                                         event);
}

const char *fulfillment_request_name(enum fulfillment_request_status status)
{
    return machine_state_name(&request_machine, status);
}

err_t fulfillment_request_move(struct ctx *ctx, struct fulfillment *fo,
                               enum request_event event)
{
    TRY(machine_allow(ctx, &request_machine, fo->request_status, event));
    fo->request_status = fulfillment_request_next(fo->request_status, event);
    return OK;
}

bool fulfillment_is_elsewhere(const struct fulfillment *fo)
{
    switch (fo->request_status) {
    case REQUEST_UNSUBMITTED:
    case REQUEST_REJECTED:
    case REQUEST_CANCELLATION_ACCEPTED: return false;
    case REQUEST_SUBMITTED:
    case REQUEST_ACCEPTED:
    case REQUEST_CANCELLATION_REQUESTED:
    case REQUEST_CANCELLATION_REJECTED: return true;
    }
    UNREACHABLE("not a status of a request");
}

int64_t fulfillment_outstanding(const struct fulfillment *fo)
{
    int64_t units = 0;
    for (size_t i = 0; i < fo->line_count; i++)
        units += fo->lines[i].qty - fo->lines[i].shipped;
    return units;
}

bool fulfillment_is_over(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_CLOSED ||
           fo->status == FULFILLMENT_CANCELLED;
}

int64_t fulfillment_flags(struct fulfillment *const *all, size_t count)
{
    int64_t flags = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i]->status == FULFILLMENT_ON_HOLD)
            flags |= ORDER_FULFIL_ON_HOLD;
        if (all[i]->status == FULFILLMENT_SCHEDULED)
            flags |= ORDER_FULFIL_SCHEDULED;
        if (all[i]->status == FULFILLMENT_IN_PROGRESS &&
            fulfillment_is_elsewhere(all[i]))
            flags |= ORDER_FULFIL_STARTED;
    }
    return flags;
}
