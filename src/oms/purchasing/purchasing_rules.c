/* purchasing_rules.c - what a purchase order is, what may happen to it, and
 * what it comes to. */
#include "base/limits.h"
#include "base/machine.h"
#include "base/money.h"
#include "oms/purchasing/purchasing_store.h"

static const char *const states[PURCHASE_CANCELLED] = {
    "draft",    "approved", "sent",     "partially_received",
    "received", "closed",   "cancelled"};
static const char *const events[PURCHASE_EVENT_CANCEL] = {
    "create",  "edit",     "approve", "send",  "reschedule",
    "receive", "complete", "close",   "cancel"};

/* A pair that is not listed is refused. docs/states/purchase_order.md shows
 * the whole grid. */
static const struct machine_move moves[] = {
    {0,                           PURCHASE_EVENT_CREATE,     PURCHASE_DRAFT             },
    {PURCHASE_DRAFT,              PURCHASE_EVENT_EDIT,       PURCHASE_DRAFT             },
    {PURCHASE_DRAFT,              PURCHASE_EVENT_APPROVE,    PURCHASE_APPROVED          },
    {PURCHASE_DRAFT,              PURCHASE_EVENT_CANCEL,     PURCHASE_CANCELLED         },
    {PURCHASE_APPROVED,           PURCHASE_EVENT_SEND,       PURCHASE_SENT              },
    {PURCHASE_APPROVED,           PURCHASE_EVENT_CANCEL,     PURCHASE_CANCELLED         },
    {PURCHASE_SENT,               PURCHASE_EVENT_RESCHEDULE, PURCHASE_SENT              },
    {PURCHASE_SENT,               PURCHASE_EVENT_RECEIVE,    PURCHASE_PARTIALLY_RECEIVED},
    {PURCHASE_SENT,               PURCHASE_EVENT_COMPLETE,   PURCHASE_RECEIVED          },
    {PURCHASE_SENT,               PURCHASE_EVENT_CANCEL,     PURCHASE_CANCELLED         },
    {PURCHASE_PARTIALLY_RECEIVED, PURCHASE_EVENT_RESCHEDULE,
     PURCHASE_PARTIALLY_RECEIVED                                                        },
    {PURCHASE_PARTIALLY_RECEIVED, PURCHASE_EVENT_RECEIVE,
     PURCHASE_PARTIALLY_RECEIVED                                                        },
    {PURCHASE_PARTIALLY_RECEIVED, PURCHASE_EVENT_COMPLETE,   PURCHASE_RECEIVED          },
    {PURCHASE_PARTIALLY_RECEIVED, PURCHASE_EVENT_CLOSE,      PURCHASE_CLOSED            },
 /* More than was ordered, within the tolerance. */
    {PURCHASE_RECEIVED,           PURCHASE_EVENT_RECEIVE,    PURCHASE_RECEIVED          },
    {PURCHASE_RECEIVED,           PURCHASE_EVENT_COMPLETE,   PURCHASE_RECEIVED          },
    {PURCHASE_RECEIVED,           PURCHASE_EVENT_CLOSE,      PURCHASE_CLOSED            },
};

const struct machine purchase_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .field = "status",
    .noun = "purchase order",
    /* An order completes by receiving. */
    .unasked = 1u << PURCHASE_EVENT_COMPLETE,
};

enum purchase_status purchase_next(enum purchase_status from,
                                   enum purchase_event event)
{
    return (enum purchase_status)machine_next(&purchase_machine, from, event);
}

const char *purchase_status_name(enum purchase_status status)
{
    return machine_state_name(&purchase_machine, status);
}

err_t purchase_sum(struct ctx *ctx, const struct purchase_line *lines,
                   size_t count, int64_t *ret)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t line;
        char field[40];
        ASSERT(lines[i].qty > 0 && lines[i].unit_cost >= 0);
        snprintf(field, sizeof field, "lines[%zu].unit_cost", i);
        if (!i64_mul(lines[i].qty, lines[i].unit_cost, &line) ||
            !i64_add(total, line, &total) || total > LIMIT_MINOR)
            return fail_as(ctx, ERR_INVALID, "number_out_of_range", field,
                           "with this line the order comes to more than %lld",
                           (long long)LIMIT_MINOR);
    }
    *ret = total;
    return OK;
}

enum purchase_event purchase_progress(const struct purchase_line *lines,
                                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].received < lines[i].qty)
            return PURCHASE_EVENT_RECEIVE;
    return PURCHASE_EVENT_COMPLETE;
}

int64_t purchase_open(enum purchase_status status,
                      const struct purchase_line *line)
{
    bool is_expected =
        status == PURCHASE_SENT || status == PURCHASE_PARTIALLY_RECEIVED;
    return is_expected && line->received < line->qty
               ? line->qty - line->received
               : 0;
}
