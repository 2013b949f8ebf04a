/* inventory_count_rules.c - what a count is and what may happen to it. */
#include "base/machine.h"
#include "oms/inventory/inventory_count.h"

static const char *const states[COUNT_CANCELLED] = {"open", "review", "posted",
                                                    "cancelled"};
static const char *const events[COUNT_EVENT_CANCEL] = {
    "create", "enter", "review", "reopen", "post_part", "post", "cancel"};

/* A pair that is not listed is refused. docs/states/count.md shows the whole
 * grid. */
static const struct machine_move moves[] = {
    {0,            COUNT_EVENT_CREATE,    COUNT_OPEN     },
    {COUNT_OPEN,   COUNT_EVENT_ENTER,     COUNT_OPEN     },
    {COUNT_OPEN,   COUNT_EVENT_REVIEW,    COUNT_REVIEW   },
    {COUNT_OPEN,   COUNT_EVENT_CANCEL,    COUNT_CANCELLED},
    {COUNT_REVIEW, COUNT_EVENT_REOPEN,    COUNT_OPEN     },
    {COUNT_REVIEW, COUNT_EVENT_POST_PART, COUNT_REVIEW   },
    {COUNT_REVIEW, COUNT_EVENT_POST,      COUNT_POSTED   },
    {COUNT_REVIEW, COUNT_EVENT_CANCEL,    COUNT_CANCELLED},
};

const struct machine count_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* Which way a post goes its lines decide. */
    .unasked = 1u << COUNT_EVENT_POST_PART,
};

enum count_state count_next(enum count_state from, enum count_event event)
{
    return (enum count_state)machine_next(&count_machine, from, event);
}

const char *count_state_name(enum count_state state)
{
    return machine_state_name(&count_machine, state);
}

err_t count_allow(struct ctx *ctx, enum count_state state,
                  enum count_event event)
{
    return machine_allow(ctx, &count_machine, state, event);
}
