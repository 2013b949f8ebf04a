/* shipping_package_rules.c - the moves of a parcel, and what carriers' words
 * mean for it. */
#include "base/machine.h"
#include "base/str.h"
#include "oms/shipping/shipping_package.h"

static const char *const states[PACKAGE_VOIDED] = {
    "draft",      "label_pending", "labelled",
    "manifested", "in_transit",    "out_for_delivery",
    "delivered",  "exception",     "return_to_sender",
    "lost",       "voided"};
static const char *const events[PACKAGE_EVENT_LOST] = {
    "create",    "pack",    "request_label", "bought", "refused",
    "unlabel",   "ship",    "void",          "moving", "out",
    "delivered", "trouble", "returning",     "lost"};
/* Of the API, by event; what answers and carriers do has none. */
static const char *const commands[PACKAGE_EVENT_LOST] = {
    "create", "pack", "label", "label/record", NULL, "label/void", "ship",
    "void",   NULL,   NULL,    NULL,           NULL, NULL,         NULL};

/* A pair that is not listed is refused (commands) or changes nothing (facts).
 * docs/states/package.md shows the whole grid. */
static const struct machine_move moves[] = {
    {PACKAGE_NONE,             PACKAGE_EVENT_CREATE,        PACKAGE_DRAFT           },
    {PACKAGE_DRAFT,            PACKAGE_EVENT_PACK,          PACKAGE_DRAFT           },
    {PACKAGE_DRAFT,            PACKAGE_EVENT_REQUEST_LABEL, PACKAGE_LABEL_PENDING   },
    {PACKAGE_DRAFT,            PACKAGE_EVENT_BOUGHT,        PACKAGE_LABELLED        },
    {PACKAGE_DRAFT,            PACKAGE_EVENT_VOID,          PACKAGE_VOIDED          },
    {PACKAGE_LABEL_PENDING,    PACKAGE_EVENT_BOUGHT,        PACKAGE_LABELLED        },
    {PACKAGE_LABEL_PENDING,    PACKAGE_EVENT_REFUSED,       PACKAGE_DRAFT           },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_UNLABEL,       PACKAGE_DRAFT           },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_SHIP,          PACKAGE_MANIFESTED      },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_MOVING,        PACKAGE_IN_TRANSIT      },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_LABELLED,         PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_TROUBLE,       PACKAGE_EXCEPTION       },
    {PACKAGE_LABELLED,         PACKAGE_EVENT_RETURNING,     PACKAGE_RETURN_TO_SENDER},
    {PACKAGE_LABELLED,         PACKAGE_EVENT_LOST,          PACKAGE_LOST            },
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_MOVING,        PACKAGE_IN_TRANSIT      },
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_TROUBLE,       PACKAGE_EXCEPTION       },
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_RETURNING,     PACKAGE_RETURN_TO_SENDER},
    {PACKAGE_MANIFESTED,       PACKAGE_EVENT_LOST,          PACKAGE_LOST            },
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_MOVING,        PACKAGE_IN_TRANSIT      },
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_TROUBLE,       PACKAGE_EXCEPTION       },
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_RETURNING,     PACKAGE_RETURN_TO_SENDER},
    {PACKAGE_IN_TRANSIT,       PACKAGE_EVENT_LOST,          PACKAGE_LOST            },
    {PACKAGE_OUT_FOR_DELIVERY, PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_OUT_FOR_DELIVERY, PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_OUT_FOR_DELIVERY, PACKAGE_EVENT_TROUBLE,       PACKAGE_EXCEPTION       },
    {PACKAGE_OUT_FOR_DELIVERY, PACKAGE_EVENT_RETURNING,
     PACKAGE_RETURN_TO_SENDER                                                       },
    {PACKAGE_OUT_FOR_DELIVERY, PACKAGE_EVENT_LOST,          PACKAGE_LOST            },
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_MOVING,        PACKAGE_IN_TRANSIT      },
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_TROUBLE,       PACKAGE_EXCEPTION       },
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_RETURNING,     PACKAGE_RETURN_TO_SENDER},
    {PACKAGE_EXCEPTION,        PACKAGE_EVENT_LOST,          PACKAGE_LOST            },
    {PACKAGE_LOST,             PACKAGE_EVENT_MOVING,        PACKAGE_IN_TRANSIT      },
    {PACKAGE_LOST,             PACKAGE_EVENT_OUT,           PACKAGE_OUT_FOR_DELIVERY},
    {PACKAGE_LOST,             PACKAGE_EVENT_DELIVERED,     PACKAGE_DELIVERED       },
    {PACKAGE_LOST,             PACKAGE_EVENT_RETURNING,     PACKAGE_RETURN_TO_SENDER},
};

const struct machine package_machine = {
    .states = states,
    .events = events,
    .commands = commands,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    /* What a carrier says. */
    .unasked = ~(uint32_t)0 << PACKAGE_COMMANDS,
};

enum package_state package_next(enum package_state from,
                                enum package_event event)
{
    return (enum package_state)machine_next(&package_machine, from, event);
}

const char *package_state_name(enum package_state state)
{
    return machine_state_name(&package_machine, state);
}

err_t package_allow(struct ctx *ctx, enum package_state state,
                    enum package_event event)
{
    ASSERT((int)event < PACKAGE_COMMANDS);
    return machine_allow(ctx, &package_machine, state, event);
}

err_t package_allow_draft(struct ctx *ctx, enum package_state state,
                          const char *command)
{
    return machine_allow_as(ctx, &package_machine, state, PACKAGE_EVENT_PACK,
                            command);
}

int package_rank(enum package_state state)
{
    switch (state) {
    case PACKAGE_NONE:
    case PACKAGE_DRAFT:
    case PACKAGE_LABEL_PENDING:
    case PACKAGE_LABELLED: return 0;
    case PACKAGE_MANIFESTED: return 1;
    case PACKAGE_IN_TRANSIT: return 2;
    case PACKAGE_OUT_FOR_DELIVERY: return 3;
    case PACKAGE_DELIVERED: return 4;
    case PACKAGE_EXCEPTION:
    case PACKAGE_RETURN_TO_SENDER:
    case PACKAGE_LOST:
    case PACKAGE_VOIDED: return -1;
    }
    UNREACHABLE("not a state of a package");
}

bool package_is_shipped(enum package_state state)
{
    return state >= PACKAGE_MANIFESTED && state != PACKAGE_VOIDED;
}

bool package_is_in_trouble(enum package_state state)
{
    return state == PACKAGE_EXCEPTION || state == PACKAGE_RETURN_TO_SENDER ||
           state == PACKAGE_LOST;
}

/* ---- what carriers say ---- */

static const struct {
    enum trace_code code;
    const char *name;
    enum package_event event; /* 0: it is only kept. */
} codes[] = {
    {TRACE_OTHER,            "other",            0                      },
    {TRACE_ANNOUNCED,        "announced",        0                      },
    {TRACE_ACCEPTED,         "accepted",         PACKAGE_EVENT_MOVING   },
    {TRACE_IN_TRANSIT,       "in_transit",       PACKAGE_EVENT_MOVING   },
    {TRACE_CUSTOMS,          "customs",          PACKAGE_EVENT_MOVING   },
    {TRACE_OUT_FOR_DELIVERY, "out_for_delivery", PACKAGE_EVENT_OUT      },
    {TRACE_AWAITING_PICKUP,  "awaiting_pickup",  PACKAGE_EVENT_OUT      },
    {TRACE_DELIVERED,        "delivered",        PACKAGE_EVENT_DELIVERED},
    {TRACE_ATTEMPT_FAILED,   "attempt_failed",   PACKAGE_EVENT_TROUBLE  },
    {TRACE_DELAYED,          "delayed",          PACKAGE_EVENT_TROUBLE  },
    {TRACE_DAMAGED,          "damaged",          PACKAGE_EVENT_TROUBLE  },
    {TRACE_ADDRESS_WRONG,    "address_wrong",    PACKAGE_EVENT_TROUBLE  },
    {TRACE_RETURNING,        "returning",        PACKAGE_EVENT_RETURNING},
    {TRACE_RETURNED,         "returned",         PACKAGE_EVENT_RETURNING},
    {TRACE_LOST,             "lost",             PACKAGE_EVENT_LOST     },
};

const char *trace_code_name(enum trace_code code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code)
            return codes[i].name;
    UNREACHABLE("not a tracking code");
}

bool trace_code_from_name(str name, enum trace_code *ret)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (str_equal_cstr(name, codes[i].name)) {
            *ret = codes[i].code;
            return true;
        }
    return false;
}

enum package_event trace_event(enum trace_code code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code)
            return codes[i].event;
    UNREACHABLE("not a tracking code");
}

bool trace_apply(struct trace_place *place, enum trace_code code, utc_ms at)
{
    enum package_event event = trace_event(code);
    if (!event || at < place->at)
        return false;
    enum package_state to = package_next(place->state, event);
    if (to == PACKAGE_NONE)
        return false;
    ASSERT(package_rank(place->reached) >= 0);
    /* Out of trouble it goes on from where it was. */
    if (package_rank(to) >= 0 &&
        package_rank(to) < package_rank(place->reached))
        to = place->reached;
    if (to == place->state && at == place->at)
        return false;
    place->state = to;
    if (package_rank(to) > package_rank(place->reached))
        place->reached = to;
    place->at = at;
    return true;
}
