/* automation_rules.c - what a task is and what may happen to it. Pure. */
#include "base/str.h"
#include "oms/automation/automation_task.h"

/* A pair that is not listed is refused. docs/states/task.md shows the whole
 * grid. */
static const struct {
    int from;
    enum task_event event;
    enum task_state to;
} moves[] = {
    {0,             TASK_EVENT_OPEN,    TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_REPEAT,  TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_ASSIGN,  TASK_OPEN    },
    {TASK_OPEN,     TASK_EVENT_RESOLVE, TASK_RESOLVED},
    {TASK_OPEN,     TASK_EVENT_CLOSE,   TASK_RESOLVED},
    {TASK_RESOLVED, TASK_EVENT_REOPEN,  TASK_OPEN    },
};

enum task_state task_next(enum task_state from, enum task_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum task_state)0;
}

const char *task_state_name(enum task_state state)
{
    switch (state) {
    case TASK_OPEN: return "open";
    case TASK_RESOLVED: return "resolved";
    }
    return "none";
}

const char *task_event_name(enum task_event event)
{
    switch (event) {
    case TASK_EVENT_OPEN: return "open";
    case TASK_EVENT_REPEAT: return "repeat";
    case TASK_EVENT_ASSIGN: return "assign";
    case TASK_EVENT_RESOLVE: return "resolve";
    case TASK_EVENT_CLOSE: return "close";
    case TASK_EVENT_REOPEN: return "reopen";
    }
    UNREACHABLE("not an event of a task");
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
    if (task_next(state, event))
        return OK;
    return fail(ctx, ERR_STATE, "state",
                "event %s is refused in state %s; allowed: %s",
                task_event_name(event), task_state_name(state),
                state == TASK_OPEN ? "assign, resolve" : "reopen");
}
