/* inventory_count_rules.c - what a count is and what may happen to it. */
#include "base/str.h"
#include "oms/inventory/inventory_count.h"

/* A pair that is not listed is refused. docs/states/count.md shows the whole
 * grid. */
static const struct {
    int from;
    enum count_event event;
    enum count_state to;
} moves[] = {
    {0,            COUNT_EVENT_CREATE,    COUNT_OPEN     },
    {COUNT_OPEN,   COUNT_EVENT_ENTER,     COUNT_OPEN     },
    {COUNT_OPEN,   COUNT_EVENT_REVIEW,    COUNT_REVIEW   },
    {COUNT_OPEN,   COUNT_EVENT_CANCEL,    COUNT_CANCELLED},
    {COUNT_REVIEW, COUNT_EVENT_REOPEN,    COUNT_OPEN     },
    {COUNT_REVIEW, COUNT_EVENT_POST_PART, COUNT_REVIEW   },
    {COUNT_REVIEW, COUNT_EVENT_POST,      COUNT_POSTED   },
    {COUNT_REVIEW, COUNT_EVENT_CANCEL,    COUNT_CANCELLED},
};

enum count_state count_next(enum count_state from, enum count_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == (int)from && moves[i].event == event)
            return moves[i].to;
    return (enum count_state)0;
}

const char *count_state_name(enum count_state state)
{
    switch (state) {
    case COUNT_OPEN: return "open";
    case COUNT_REVIEW: return "review";
    case COUNT_POSTED: return "posted";
    case COUNT_CANCELLED: return "cancelled";
    }
    return "none";
}

const char *count_event_name(enum count_event event)
{
    switch (event) {
    case COUNT_EVENT_CREATE: return "create";
    case COUNT_EVENT_ENTER: return "enter";
    case COUNT_EVENT_REVIEW: return "review";
    case COUNT_EVENT_REOPEN: return "reopen";
    case COUNT_EVENT_POST_PART: return "post_part";
    case COUNT_EVENT_POST: return "post";
    case COUNT_EVENT_CANCEL: return "cancel";
    }
    UNREACHABLE("not an event of a count");
}

err_t count_allow(struct ctx *ctx, enum count_state state,
                  enum count_event event)
{
    if (count_next(state, event))
        return OK;
    str allowed = STR("nothing");
    bool is_first = true;
    for (int e = 1; e < COUNT_EVENTS; e++) {
        /* Which way a post goes its lines decide. */
        if (e == COUNT_EVENT_POST_PART ||
            !count_next(state, (enum count_event)e))
            continue;
        const char *name = count_event_name((enum count_event)e);
        allowed = is_first ? str_printf(ctx->arena, "%s", name)
                           : str_printf(ctx->arena, "%.*s, %s",
                                        STR_ARG(allowed), name);
        is_first = false;
    }
    return fail(ctx, ERR_STATE, "state",
                "event %s is refused in state %s; allowed: %.*s",
                count_event_name(event), count_state_name(state),
                STR_ARG(allowed));
}
