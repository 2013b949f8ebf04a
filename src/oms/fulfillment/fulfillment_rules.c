/* fulfillment_rules.c - what a fulfillment order is and what may happen to it.
 */
#include "oms/fulfillment/fulfillment_rules.h"

#include "base/str.h"

/* A pair that is not listed is refused. docs/states/fulfillment_order.md shows
 * the whole grid. */
static const struct {
    int from;
    enum fulfillment_event event;
    enum fulfillment_status to;
} moves[] = {
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

enum fulfillment_status fulfillment_next(enum fulfillment_status from,
                                         enum fulfillment_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum fulfillment_status)0;
}

const char *fulfillment_status_name(enum fulfillment_status status)
{
    switch (status) {
    case FULFILLMENT_SCHEDULED: return "scheduled";
    case FULFILLMENT_OPEN: return "open";
    case FULFILLMENT_ON_HOLD: return "on_hold";
    case FULFILLMENT_IN_PROGRESS: return "in_progress";
    case FULFILLMENT_INCOMPLETE: return "incomplete";
    case FULFILLMENT_CLOSED: return "closed";
    case FULFILLMENT_CANCELLED: return "cancelled";
    }
    return "none";
}

const char *fulfillment_event_name(enum fulfillment_event event)
{
    switch (event) {
    case FULFILLMENT_EVENT_SCHEDULE: return "schedule";
    case FULFILLMENT_EVENT_OPEN: return "open";
    case FULFILLMENT_EVENT_HOLD: return "hold";
    case FULFILLMENT_EVENT_RELEASE: return "release";
    case FULFILLMENT_EVENT_EDIT: return "edit";
    case FULFILLMENT_EVENT_CUT: return "cut";
    case FULFILLMENT_EVENT_START: return "start";
    case FULFILLMENT_EVENT_STOP: return "stop";
    case FULFILLMENT_EVENT_WORK: return "work";
    case FULFILLMENT_EVENT_FAIL: return "fail";
    case FULFILLMENT_EVENT_REROUTE: return "reroute";
    case FULFILLMENT_EVENT_CLOSE: return "close";
    case FULFILLMENT_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a fulfillment order");
}

static str with(struct ctx *ctx, str list, const char *name)
{
    return list.len == 0
               ? str_printf(ctx->arena, "%s", name)
               : str_printf(ctx->arena, "%.*s, %s", STR_ARG(list), name);
}

err_t fulfillment_move(struct ctx *ctx, struct fulfillment *fo,
                       enum fulfillment_event event)
{
    enum fulfillment_status next = fulfillment_next(fo->status, event);
    str allowed = STR_NONE;
    if (next) {
        fo->status = next;
        return OK;
    }
    for (int e = 1; e < FULFILLMENT_EVENTS; e++)
        if (fulfillment_next(fo->status, (enum fulfillment_event)e))
            allowed = with(ctx, allowed,
                           fulfillment_event_name((enum fulfillment_event)e));
    return fail(ctx, ERR_STATE, "status",
                "event %s is refused in status %s; allowed: %.*s",
                fulfillment_event_name(event),
                fulfillment_status_name(fo->status),
                STR_ARG(allowed.len > 0 ? allowed : STR("nothing")));
}

/* docs/states/fulfillment_request.md shows the whole grid. */
static const struct {
    int from;
    enum request_event event;
    enum fulfillment_request_status to;
} requests[] = {
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

enum fulfillment_request_status
fulfillment_request_next(enum fulfillment_request_status from,
                         enum request_event event)
{
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        if (requests[i].from == (int)from && requests[i].event == event)
            return requests[i].to;
    return (enum fulfillment_request_status)0;
}

const char *fulfillment_request_name(enum fulfillment_request_status status)
{
    switch (status) {
    case REQUEST_UNSUBMITTED: return "unsubmitted";
    case REQUEST_SUBMITTED: return "submitted";
    case REQUEST_ACCEPTED: return "accepted";
    case REQUEST_REJECTED: return "rejected";
    case REQUEST_CANCELLATION_REQUESTED: return "cancellation_requested";
    case REQUEST_CANCELLATION_ACCEPTED: return "cancellation_accepted";
    case REQUEST_CANCELLATION_REJECTED: return "cancellation_rejected";
    }
    return "none";
}

const char *request_event_name(enum request_event event)
{
    switch (event) {
    case REQUEST_EVENT_SUBMIT: return "submit";
    case REQUEST_EVENT_ACCEPT: return "accept";
    case REQUEST_EVENT_REJECT: return "reject";
    case REQUEST_EVENT_REQUEST_CANCELLATION: return "request_cancellation";
    case REQUEST_EVENT_ACCEPT_CANCELLATION: return "accept_cancellation";
    case REQUEST_EVENT_REJECT_CANCELLATION: return "reject_cancellation";
    case REQUEST_EVENT_RESET: return "reset";
    }
    UNREACHABLE("not an event of a fulfillment request");
}

err_t fulfillment_request_move(struct ctx *ctx, struct fulfillment *fo,
                               enum request_event event)
{
    enum fulfillment_request_status next =
        fulfillment_request_next(fo->request_status, event);
    str allowed = STR_NONE;
    if (next) {
        fo->request_status = next;
        return OK;
    }
    for (int e = 1; e < REQUEST_EVENTS; e++)
        if (fulfillment_request_next(fo->request_status, (enum request_event)e))
            allowed =
                with(ctx, allowed, request_event_name((enum request_event)e));
    return fail_as(ctx, ERR_STATE, "request_state", "request_status",
                   "event %s is refused in request status %s; allowed: %.*s",
                   request_event_name(event),
                   fulfillment_request_name(fo->request_status),
                   STR_ARG(allowed.len > 0 ? allowed : STR("nothing")));
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
