/* automation_rules.c - what a task is and what may happen to it. Pure. */
#include "base/machine.h"
#include "oms/automation/automation_task.h"

static const char *const states[TASK_RESOLVED] = {"open", "resolved"};
static const char *const events[TASK_EVENT_REOPEN] = {
    "open", "repeat", "assign", "resolve", "close", "reopen"};

/* A pair that is not listed is refused. docs/states/task.md shows the whole
 * grid. */
static const struct machine_move moves[] = {
    {0,             TASK_EVENT_OPEN,    TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_REPEAT,  TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_ASSIGN,  TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_RESOLVE, TASK_RESOLVED},
    {TASK_OPEN,     TASK_EVENT_CLOSE,   TASK_RESOLVED},
    {TASK_RESOLVED, TASK_EVENT_REOPEN,  TASK_OPEN    },
};

const struct machine task_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* What events do. */
    .unasked = 1u << TASK_EVENT_REPEAT | 1u << TASK_EVENT_CLOSE,
};

enum task_state task_next(enum task_state from, enum task_event event)
{
    return (enum task_state)machine_next(&task_machine, from, event);
}

const char *task_state_name(enum task_state state)
{
    return machine_state_name(&task_machine, state);
}

const char *task_resolution_name(enum task_resolution resolution)
{
    switch (resolution) {
    case TASK_NOT_YET: return "not_yet";
    case TASK_DONE: return "done";
    case TASK_DISMISSED: return "dismissed";
    case TASK_DUPLICATE: return "duplicate";
    case TASK_OVER: return "over";
    }
    UNREACHABLE("not a resolution");
}

err_t task_allow(struct ctx *ctx, enum task_state state, enum task_event event)
{
    return machine_allow(ctx, &task_machine, state, event);
}
