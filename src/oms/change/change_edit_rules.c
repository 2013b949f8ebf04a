/* change_edit_rules.c - the moves of a change and the names of its actions. */
#include "base/machine.h"
#include "oms/change/change_edit.h"

static const char *const states[EDIT_CANCELLED] = {
    "draft", "requested", "confirmed", "declined", "expired", "cancelled"};
static const char *const events[EDIT_EVENT_CANCEL] = {
    "draft", "request", "confirm", "decline", "expire", "cancel"};
static const struct machine_move moves[] = {
    {0,              EDIT_EVENT_DRAFT,   EDIT_DRAFT    },
    {EDIT_DRAFT,     EDIT_EVENT_REQUEST, EDIT_REQUESTED},
    {EDIT_DRAFT,     EDIT_EVENT_EXPIRE,  EDIT_EXPIRED  },
    {EDIT_DRAFT,     EDIT_EVENT_CANCEL,  EDIT_CANCELLED},
    {EDIT_REQUESTED, EDIT_EVENT_CONFIRM, EDIT_CONFIRMED},
    {EDIT_REQUESTED, EDIT_EVENT_DECLINE, EDIT_DECLINED },
    {EDIT_REQUESTED, EDIT_EVENT_EXPIRE,  EDIT_EXPIRED  },
    {EDIT_REQUESTED, EDIT_EVENT_CANCEL,  EDIT_CANCELLED},
};
const struct machine edit_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "change_state",
    .field = "state",
    .noun = "change",
    .unasked = 1u << EDIT_EVENT_EXPIRE,
};

const char *const edit_type_names[EDIT_TYPES] = {
    "set_quantity", "remove_line",    "add_line",    "set_price",
    "set_discount", "order_discount", "set_charges", "set_address",
    "set_service",  "set_ship_date"};
