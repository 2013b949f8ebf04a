/* change_hold_rules.c - the moves of an order's hold and its reasons. */
#include "base/machine.h"
#include "oms/change/change_hold.h"

static const char *const states[ORDER_HOLD_EXPIRED] = {"active", "released",
                                                       "expired"};
static const char *const events[ORDER_HOLD_EVENT_EXPIRE] = {"place", "release",
                                                            "expire"};
static const struct machine_move moves[] = {
    {0,                 ORDER_HOLD_EVENT_PLACE,   ORDER_HOLD_ACTIVE  },
    {ORDER_HOLD_ACTIVE, ORDER_HOLD_EVENT_RELEASE, ORDER_HOLD_RELEASED},
    {ORDER_HOLD_ACTIVE, ORDER_HOLD_EVENT_EXPIRE,  ORDER_HOLD_EXPIRED },
};
const struct machine order_hold_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "hold_state",
    .field = "state",
    .noun = "hold",
    .unasked = 1u << ORDER_HOLD_EVENT_EXPIRE,
};
