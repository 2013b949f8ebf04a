/* machine.c - state machines: what follows, what is refused, and in which
 * words. */
#include "base/machine.h"

#include "base/json.h"
#include "base/str.h"

int machine_next(const struct machine *machine, int from, int event)
{
    const struct machine_move *moves = machine->moves;
    for (size_t i = 0; i < machine->move_count; i++)
        if (moves[i].from == from && moves[i].event == event)
            return moves[i].to;
    return 0;
}

const char *machine_state_name(const struct machine *machine, int state)
{
    ASSERT(state >= 0 && (size_t)state <= machine->state_count);
    return state == 0 ? "none" : machine->states[state - 1];
}

const char *machine_event_name(const struct machine *machine, int event)
{
    ASSERT(event > 0 && (size_t)event <= machine->event_count);
    return machine->events[event - 1];
}

bool machine_state_from_name(const struct machine *machine, str name, int *ret)
{
    for (size_t i = 0; i < machine->state_count; i++)
        if (str_equal_cstr(name, machine->states[i])) {
            *ret = (int)i + 1;
            return true;
        }
    return false;
}

/* NULL where nobody can ask for it. */
static const char *command_name(const struct machine *machine, int event)
{
    if (!machine->commands)
        return machine_event_name(machine, event);
    return machine->commands[event - 1];
}

static bool may(const struct machine *machine, int from, int event)
{
    return !(machine->unasked >> event & 1) && command_name(machine, event) &&
           machine_next(machine, from, event);
}

str machine_allowed(struct arena *arena, const struct machine *machine,
                    int from)
{
    str list = STR_NONE;
    for (int e = 1; e <= (int)machine->event_count; e++)
        if (may(machine, from, e))
            list =
                str_printf(arena, "%.*s%s%s", STR_ARG(list),
                           list.len > 0 ? ", " : "", command_name(machine, e));
    return list.len > 0 ? list : STR("nothing");
}

void machine_put_allowed(struct json_out *out, const struct machine *machine,
                         int from)
{
    json_begin_list(out, "allowed");
    for (int e = 1; e <= (int)machine->event_count; e++)
        if (may(machine, from, e))
            json_put_cstr(out, NULL, machine_event_name(machine, e));
    json_end_list(out);
}

err_t machine_allow_as(struct ctx *ctx, const struct machine *machine, int from,
                       int event, const char *command)
{
    if (machine_next(machine, from, event))
        return OK;
    const char *field = machine->field ? machine->field : "state";
    str allowed = machine_allowed(ctx->arena, machine, from);
    return fail_as(ctx, ERR_STATE, machine->slug, field,
                   "%s%s is refused in %s %s; allowed: %.*s",
                   command ? "" : "event ",
                   command ? command : machine_event_name(machine, event),
                   machine->noun ? machine->noun : field,
                   machine_state_name(machine, from), STR_ARG(allowed));
}

err_t machine_allow(struct ctx *ctx, const struct machine *machine, int from,
                    int event)
{
    const char *command =
        machine->commands ? command_name(machine, event) : NULL;
    return machine_allow_as(ctx, machine, from, event, command);
}
