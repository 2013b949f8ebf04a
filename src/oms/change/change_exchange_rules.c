/* change_exchange_rules.c - the moves of an exchange, and which is due. */
#include "base/machine.h"
#include "oms/change/change_exchange.h"

static const char *const states[EXCHANGE_CANCELLED] = {
    "draft",    "confirmed", "awaiting_payment", "awaiting_return",
    "released", "closed",    "cancelled"};
static const char *const events[EXCHANGE_EVENT_CANCEL] = {
    "draft",   "confirm", "await_payment", "await_return",
    "release", "close",   "cancel"};
static const struct machine_move moves[] = {
    {0,                         EXCHANGE_EVENT_DRAFT,         EXCHANGE_DRAFT          },
    {EXCHANGE_DRAFT,            EXCHANGE_EVENT_CONFIRM,       EXCHANGE_CONFIRMED      },
    {EXCHANGE_DRAFT,            EXCHANGE_EVENT_CANCEL,        EXCHANGE_CANCELLED      },
    {EXCHANGE_CONFIRMED,        EXCHANGE_EVENT_AWAIT_PAYMENT,
     EXCHANGE_AWAITING_PAYMENT                                                        },
    {EXCHANGE_CONFIRMED,        EXCHANGE_EVENT_AWAIT_RETURN,  EXCHANGE_AWAITING_RETURN},
    {EXCHANGE_CONFIRMED,        EXCHANGE_EVENT_RELEASE,       EXCHANGE_RELEASED       },
    {EXCHANGE_CONFIRMED,        EXCHANGE_EVENT_CANCEL,        EXCHANGE_CANCELLED      },
    {EXCHANGE_AWAITING_PAYMENT, EXCHANGE_EVENT_AWAIT_RETURN,
     EXCHANGE_AWAITING_RETURN                                                         },
    {EXCHANGE_AWAITING_PAYMENT, EXCHANGE_EVENT_RELEASE,       EXCHANGE_RELEASED       },
    {EXCHANGE_AWAITING_PAYMENT, EXCHANGE_EVENT_CANCEL,        EXCHANGE_CANCELLED      },
    {EXCHANGE_AWAITING_RETURN,  EXCHANGE_EVENT_AWAIT_PAYMENT,
     EXCHANGE_AWAITING_PAYMENT                                                        },
    {EXCHANGE_AWAITING_RETURN,  EXCHANGE_EVENT_RELEASE,       EXCHANGE_RELEASED       },
    {EXCHANGE_AWAITING_RETURN,  EXCHANGE_EVENT_CANCEL,        EXCHANGE_CANCELLED      },
    {EXCHANGE_RELEASED,         EXCHANGE_EVENT_CLOSE,         EXCHANGE_CLOSED         },
};
const struct machine exchange_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "exchange_state",
    .field = "state",
    .noun = "exchange",
    .unasked = 1u << EXCHANGE_EVENT_AWAIT_PAYMENT |
               1u << EXCHANGE_EVENT_AWAIT_RETURN |
               1u << EXCHANGE_EVENT_RELEASE | 1u << EXCHANGE_EVENT_CLOSE,
};

/* What is sent again has the worth of what comes: it waits for that alone. */
static enum exchange_event gate_of_goods(const struct exchange_facts *facts)
{
    if (facts->is_missing)
        return facts->is_over ? EXCHANGE_EVENT_CANCEL
                              : EXCHANGE_EVENT_AWAIT_RETURN;
    return facts->may_leave ? EXCHANGE_EVENT_RELEASE
                            : EXCHANGE_EVENT_AWAIT_RETURN;
}

/* Paid as things are, it waits for nothing; else what comes back is to be as
 * far as the channel asks, and to cover the rest. */
static enum exchange_event gate_of(const struct exchange_facts *facts)
{
    if (facts->is_replacement)
        return gate_of_goods(facts);
    if (facts->due_now <= 0)
        return EXCHANGE_EVENT_RELEASE;
    if (facts->due_after > 0)
        return EXCHANGE_EVENT_AWAIT_PAYMENT;
    return facts->may_leave ? EXCHANGE_EVENT_RELEASE
                            : EXCHANGE_EVENT_AWAIT_RETURN;
}

enum exchange_event exchange_next(enum exchange_state state,
                                  const struct exchange_facts *facts)
{
    enum exchange_event event = (enum exchange_event)0;
    switch (state) {
    case EXCHANGE_NONE:
    case EXCHANGE_DRAFT:
    case EXCHANGE_CLOSED:
    case EXCHANGE_CANCELLED: return event;
    case EXCHANGE_CONFIRMED:
    case EXCHANGE_AWAITING_PAYMENT:
    case EXCHANGE_AWAITING_RETURN:
        event = facts->left > 0 ? gate_of(facts) : EXCHANGE_EVENT_CANCEL;
        break;
    case EXCHANGE_RELEASED:
        if (facts->is_settled && facts->open == 0)
            event = EXCHANGE_EVENT_CLOSE;
        break;
    }
    return machine_next(&exchange_machine, (int)state, (int)event)
               ? event
               : (enum exchange_event)0;
}
