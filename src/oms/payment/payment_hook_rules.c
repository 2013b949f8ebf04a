/* payment_hook_rules.c - the moves of what gateways tell by themselves. */
#include "base/machine.h"
#include "oms/payment/payment_hook.h"

static const char *const states[GATEWAY_EVENT_DEAD] = {
    "received", "parked", "applied", "duplicate", "dead"};
static const char *const moves_names[GATEWAY_EVENT_RETRY] = {
    "receive", "park", "apply", "repeat", "give_up", "retry"};

const char *const *const gateway_event_states = states;

/* A pair that is not listed is refused. docs/states/gateway_event.md shows the
 * whole grid. */
static const struct machine_move moves[] = {
    {GATEWAY_EVENT_NONE,     GATEWAY_EVENT_RECEIVE, GATEWAY_EVENT_RECEIVED },
    {GATEWAY_EVENT_RECEIVED, GATEWAY_EVENT_PARK,    GATEWAY_EVENT_PARKED   },
    {GATEWAY_EVENT_RECEIVED, GATEWAY_EVENT_APPLY,   GATEWAY_EVENT_APPLIED  },
    {GATEWAY_EVENT_RECEIVED, GATEWAY_EVENT_REPEAT,  GATEWAY_EVENT_DUPLICATE},
    {GATEWAY_EVENT_RECEIVED, GATEWAY_EVENT_GIVE_UP, GATEWAY_EVENT_DEAD     },
    {GATEWAY_EVENT_PARKED,   GATEWAY_EVENT_PARK,    GATEWAY_EVENT_PARKED   },
    {GATEWAY_EVENT_PARKED,   GATEWAY_EVENT_APPLY,   GATEWAY_EVENT_APPLIED  },
    {GATEWAY_EVENT_PARKED,   GATEWAY_EVENT_REPEAT,  GATEWAY_EVENT_DUPLICATE},
    {GATEWAY_EVENT_PARKED,   GATEWAY_EVENT_GIVE_UP, GATEWAY_EVENT_DEAD     },
    {GATEWAY_EVENT_DEAD,     GATEWAY_EVENT_RETRY,   GATEWAY_EVENT_RECEIVED },
};

const struct machine gateway_event_machine = {
    .states = states,
    .events = moves_names,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(moves_names),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "event_state",
    .noun = "an event that is",
};
