/* machine.h - state machines: what may happen to a thing, and what it is then.
 *
 * A room has enums of its own for states and events, both from 1 on, and typed
 * functions over these. State 0 is what is not there yet; as an answer it means
 * that the event is refused. A test compares every machine with its page in
 * docs/states (testing_grid.h).
 */
#ifndef WHARF_BASE_MACHINE_H
#define WHARF_BASE_MACHINE_H

#include "base/base.h"

struct json_out;

/* What is <from> and sees <event> becomes <to>. */
struct machine_move {
    uint8_t from, event, to;
};
struct machine {
    const char *const *states, *const *events; /* Their names, from 1 on. */
    size_t state_count, event_count;
    const struct machine_move *moves; /* What is not listed is refused. */
    size_t move_count;
    /* What the API calls each event, in refusals; NULL in it: nobody commands
     * that one. NULL: events are called by their own names. */
    const char *const *commands;
    /* Of refusals; NULL: err_slug(ERR_STATE), "state", as the field. */
    const char *slug, *field, *noun;
    /* Events that nobody can ask for, so that no refusal names them as
     * allowed: bits 1 << event. */
    uint32_t unasked;
};

/* The state that follows, or 0. */
int machine_next(const struct machine *machine, int from, int event);
const char *machine_state_name(const struct machine *machine, int state);
const char *machine_event_name(const struct machine *machine, int event);
/* False where no state has that name; 0 has none to be read. */
bool machine_state_from_name(const struct machine *machine, str name, int *ret);
/* "complete, cancel", or "nothing"; in the arena. */
str machine_allowed(struct arena *arena, const struct machine *machine,
                    int from);
/* "allowed": the same as a list, by the names of the events, so that who shows
 * a thing need not know its machine. */
void machine_put_allowed(struct json_out *out, const struct machine *machine,
                         int from);
/* ERR_STATE, naming the state, the event and what is allowed instead. */
MUST_USE err_t machine_allow(struct ctx *ctx, const struct machine *machine,
                             int from, int event);
/* The same where one event serves many commands: the refusal calls it so. */
MUST_USE err_t machine_allow_as(struct ctx *ctx, const struct machine *machine,
                                int from, int event, const char *command);

#endif
