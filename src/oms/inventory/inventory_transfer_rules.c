/* inventory_transfer_rules.c - what a transfer is and what may happen to it. */
#include "base/str.h"
#include "oms/inventory/inventory_transfer.h"

/* A pair that is not listed is refused. docs/states/transfer.md shows the
 * whole grid. */
static const struct {
    int from;
    enum transfer_event event;
    enum transfer_state to;
} moves[] = {
    {0,                           TRANSFER_EVENT_CREATE,   TRANSFER_DRAFT             },
    {TRANSFER_DRAFT,              TRANSFER_EVENT_EDIT,     TRANSFER_DRAFT             },
    {TRANSFER_DRAFT,              TRANSFER_EVENT_READY,    TRANSFER_READY             },
    {TRANSFER_DRAFT,              TRANSFER_EVENT_CANCEL,   TRANSFER_CANCELLED         },
    {TRANSFER_READY,              TRANSFER_EVENT_SHIP,     TRANSFER_IN_TRANSIT        },
    {TRANSFER_READY,              TRANSFER_EVENT_CANCEL,   TRANSFER_CANCELLED         },
    {TRANSFER_IN_TRANSIT,         TRANSFER_EVENT_SHIP,     TRANSFER_IN_TRANSIT        },
    {TRANSFER_IN_TRANSIT,         TRANSFER_EVENT_RECEIVE,  TRANSFER_PARTIALLY_RECEIVED},
    {TRANSFER_IN_TRANSIT,         TRANSFER_EVENT_COMPLETE, TRANSFER_RECEIVED          },
    {TRANSFER_IN_TRANSIT,         TRANSFER_EVENT_CLOSE,    TRANSFER_RECEIVED          },
    {TRANSFER_PARTIALLY_RECEIVED, TRANSFER_EVENT_SHIP,
     TRANSFER_PARTIALLY_RECEIVED                                                      },
    {TRANSFER_PARTIALLY_RECEIVED, TRANSFER_EVENT_RECEIVE,
     TRANSFER_PARTIALLY_RECEIVED                                                      },
    {TRANSFER_PARTIALLY_RECEIVED, TRANSFER_EVENT_COMPLETE, TRANSFER_RECEIVED          },
    {TRANSFER_PARTIALLY_RECEIVED, TRANSFER_EVENT_CLOSE,    TRANSFER_RECEIVED          },
};

enum transfer_state transfer_next(enum transfer_state from,
                                  enum transfer_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum transfer_state)0;
}

const char *transfer_state_name(enum transfer_state state)
{
    switch (state) {
    case TRANSFER_DRAFT: return "draft";
    case TRANSFER_READY: return "ready";
    case TRANSFER_IN_TRANSIT: return "in_transit";
    case TRANSFER_PARTIALLY_RECEIVED: return "partially_received";
    case TRANSFER_RECEIVED: return "received";
    case TRANSFER_CANCELLED: return "cancelled";
    }
    return "none";
}

const char *transfer_event_name(enum transfer_event event)
{
    switch (event) {
    case TRANSFER_EVENT_CREATE: return "create";
    case TRANSFER_EVENT_EDIT: return "edit";
    case TRANSFER_EVENT_READY: return "ready";
    case TRANSFER_EVENT_SHIP: return "ship";
    case TRANSFER_EVENT_RECEIVE: return "receive";
    case TRANSFER_EVENT_COMPLETE: return "complete";
    case TRANSFER_EVENT_CLOSE: return "close";
    case TRANSFER_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a transfer");
}

err_t transfer_allow(struct ctx *ctx, enum transfer_state state,
                     enum transfer_event event)
{
    if (transfer_next(state, event))
        return OK;
    str allowed = STR("nothing");
    bool is_first = true;
    for (int e = 1; e < TRANSFER_EVENTS; e++) {
        /* A transfer completes by receiving. */
        if (e == TRANSFER_EVENT_COMPLETE ||
            !transfer_next(state, (enum transfer_event)e))
            continue;
        const char *name = transfer_event_name((enum transfer_event)e);
        allowed = is_first ? str_printf(ctx->arena, "%s", name)
                           : str_printf(ctx->arena, "%.*s, %s",
                                        STR_ARG(allowed), name);
        is_first = false;
    }
    return fail(ctx, ERR_STATE, "state",
                "event %s is refused in state %s; allowed: %.*s",
                transfer_event_name(event), transfer_state_name(state),
                STR_ARG(allowed));
}
