/* change_draft_rules.c - the moves of a draft. */
#include "base/machine.h"
#include "oms/change/change_draft.h"

static const char *const states[DRAFT_DISCARDED] = {
    "draft",    "requested", "approved", "refused",   "sent",
    "accepted", "declined",  "expired",  "converted", "discarded"};
static const char *const events[DRAFT_EVENT_DISCARD] = {
    "create", "revise",  "request", "approve", "refuse", "send",
    "accept", "decline", "expire",  "convert", "discard"};
static const struct machine_move moves[] = {
    {0,               DRAFT_EVENT_CREATE,  DRAFT_DRAFT    },
    {DRAFT_DRAFT,     DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_DRAFT,     DRAFT_EVENT_REQUEST, DRAFT_REQUESTED},
    {DRAFT_DRAFT,     DRAFT_EVENT_SEND,    DRAFT_SENT     },
    {DRAFT_DRAFT,     DRAFT_EVENT_CONVERT, DRAFT_CONVERTED},
    {DRAFT_DRAFT,     DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_REQUESTED, DRAFT_EVENT_APPROVE, DRAFT_APPROVED },
    {DRAFT_REQUESTED, DRAFT_EVENT_REFUSE,  DRAFT_REFUSED  },
    {DRAFT_REQUESTED, DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_APPROVED,  DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_APPROVED,  DRAFT_EVENT_SEND,    DRAFT_SENT     },
    {DRAFT_APPROVED,  DRAFT_EVENT_CONVERT, DRAFT_CONVERTED},
    {DRAFT_APPROVED,  DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_REFUSED,   DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_REFUSED,   DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_SENT,      DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_SENT,      DRAFT_EVENT_ACCEPT,  DRAFT_ACCEPTED },
    {DRAFT_SENT,      DRAFT_EVENT_DECLINE, DRAFT_DECLINED },
    {DRAFT_SENT,      DRAFT_EVENT_EXPIRE,  DRAFT_EXPIRED  },
    {DRAFT_SENT,      DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_ACCEPTED,  DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_ACCEPTED,  DRAFT_EVENT_EXPIRE,  DRAFT_EXPIRED  },
    {DRAFT_ACCEPTED,  DRAFT_EVENT_CONVERT, DRAFT_CONVERTED},
    {DRAFT_ACCEPTED,  DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_DECLINED,  DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_DECLINED,  DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
    {DRAFT_EXPIRED,   DRAFT_EVENT_REVISE,  DRAFT_DRAFT    },
    {DRAFT_EXPIRED,   DRAFT_EVENT_DISCARD, DRAFT_DISCARDED},
};
const struct machine draft_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "draft_state",
    .field = "state",
    .noun = "draft",
    .unasked = 1u << DRAFT_EVENT_EXPIRE,
};
