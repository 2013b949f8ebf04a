/* inventory_transfer_rules.c - what a transfer is and what may happen to it. */
#include "base/machine.h"
#include "oms/inventory/inventory_transfer.h"

static const char *const states[TRANSFER_CANCELLED] = {
    "draft",    "ready",    "in_transit", "partially_received",
    "received", "cancelled"};
static const char *const events[TRANSFER_EVENT_CANCEL] = {
    "create",  "edit",     "ready", "ship",
    "receive", "complete", "close", "cancel"};

/* A pair that is not listed is refused. docs/states/transfer.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
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

const struct machine transfer_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* A transfer completes by receiving. */
    .unasked = 1u << TRANSFER_EVENT_COMPLETE,
};

enum transfer_state transfer_next(enum transfer_state from,
                                  enum transfer_event event)
{
    return (enum transfer_state)machine_next(&transfer_machine, from, event);
}

const char *transfer_state_name(enum transfer_state state)
{
    return machine_state_name(&transfer_machine, state);
}

err_t transfer_allow(struct ctx *ctx, enum transfer_state state,
                     enum transfer_event event)
{
    return machine_allow(ctx, &transfer_machine, state, event);
}
