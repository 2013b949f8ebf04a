/* order_rules.c - the moves an order may make and what its facts mean. Pure. */
#include "oms/order/order_rules.h"

#include "base/str.h"

/* Read as: an order that is <from> and sees <event> becomes <to>. A pair that
 * is not listed is forbidden. docs/states/order.md shows the whole grid. */
static const struct {
    enum order_status from;
    enum order_event event;
    enum order_status to;
} moves[] = {
    {ORDER_STATUS_NONE, ORDER_EVENT_DRAFT,    ORDER_DRAFT    },
    {ORDER_STATUS_NONE, ORDER_EVENT_PLACE,    ORDER_PENDING  },
    {ORDER_DRAFT,       ORDER_EVENT_PLACE,    ORDER_PENDING  },
    {ORDER_DRAFT,       ORDER_EVENT_CONFIRM,  ORDER_CONFIRMED},
    {ORDER_DRAFT,       ORDER_EVENT_DISCARD,  ORDER_DISCARDED},
    {ORDER_PENDING,     ORDER_EVENT_CONFIRM,  ORDER_CONFIRMED},
    {ORDER_PENDING,     ORDER_EVENT_CANCEL,   ORDER_CANCELLED},
    {ORDER_PENDING,     ORDER_EVENT_EXPIRE,   ORDER_EXPIRED  },
    {ORDER_CONFIRMED,   ORDER_EVENT_COMPLETE, ORDER_COMPLETED},
    {ORDER_CONFIRMED,   ORDER_EVENT_CANCEL,   ORDER_CANCELLED},
    {ORDER_COMPLETED,   ORDER_EVENT_REOPEN,   ORDER_CONFIRMED},
    {ORDER_STATUS_NONE, ORDER_EVENT_RECORD,   ORDER_COMPLETED},
};

enum order_status order_next(enum order_status from, enum order_event event)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (moves[i].from == from && moves[i].event == event)
            return moves[i].to;
    return ORDER_STATUS_NONE;
}

const char *order_status_name(enum order_status status)
{
    switch (status) {
    case ORDER_STATUS_NONE: return "none";
    case ORDER_DRAFT: return "draft";
    case ORDER_PENDING: return "pending";
    case ORDER_CONFIRMED: return "confirmed";
    case ORDER_COMPLETED: return "completed";
    case ORDER_CANCELLED: return "cancelled";
    case ORDER_EXPIRED: return "expired";
    case ORDER_DISCARDED: return "discarded";
    }
    UNREACHABLE("not an order status");
}

bool order_status_from_name(str name, enum order_status *ret)
{
    for (int i = ORDER_DRAFT; i <= ORDER_DISCARDED; i++)
        if (str_equal_cstr(name, order_status_name((enum order_status)i))) {
            *ret = (enum order_status)i;
            return true;
        }
    return false;
}

const char *order_event_name(enum order_event event)
{
    switch (event) {
    case ORDER_EVENT_DRAFT: return "draft";
    case ORDER_EVENT_PLACE: return "place";
    case ORDER_EVENT_CONFIRM: return "confirm";
    case ORDER_EVENT_COMPLETE: return "complete";
    case ORDER_EVENT_REOPEN: return "reopen";
    case ORDER_EVENT_CANCEL: return "cancel";
    case ORDER_EVENT_EXPIRE: return "expire";
    case ORDER_EVENT_DISCARD: return "discard";
    case ORDER_EVENT_RECORD: return "record";
    }
    UNREACHABLE("not an order event");
}

/* "complete, cancel", or "nothing". */
static void list_allowed(enum order_status from, char *ret, size_t size)
{
    size_t len = 0;
    snprintf(ret, size, "nothing");
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        if (moves[i].from != from)
            continue;
        int n = snprintf(ret + len, size - len, "%s%s", len ? ", " : "",
                         order_event_name(moves[i].event));
        ASSERT(n > 0 && (size_t)n < size - len);
        len += (size_t)n;
    }
}

err_t order_move(struct ctx *ctx, struct order *order, enum order_event event)
{
    enum order_status next = order_next(order->status, event);
    if (next != ORDER_STATUS_NONE) {
        order->status = next;
        return OK;
    }
    char allowed[80];
    list_allowed(order->status, allowed, sizeof(allowed));
    return fail(ctx, ERR_STATE, "status",
                "the order is %s and cannot %s; it allows: %s",
                order_status_name(order->status), order_event_name(event),
                allowed);
}

struct order_facts order_facts_of(const struct order *order)
{
    struct order_facts facts = {.total = order->totals.total,
                                .is_history = order->is_history,
                                .flags = order->fulfil_flags,
                                .delivery_flags = order->delivery_flags};
    for (size_t i = 0; i < order->line_count; i++) {
        facts.ordered += order->lines[i].ordered;
        facts.cancelled += order->lines[i].cancelled;
        facts.picked += order->lines[i].picked;
        facts.shipped += order->lines[i].shipped;
        facts.delivered += order->lines[i].delivered;
    }
    return facts;
}

bool order_is_payable(const struct order_facts *facts)
{
    return !facts->is_review_open;
}

const char *order_payment_status(const struct order_facts *facts)
{
    return facts->is_history || facts->total == 0 ? "not_required" : "unpaid";
}

const char *order_fulfillment_status(const struct order_facts *facts)
{
    int64_t wanted = facts->ordered - facts->cancelled;
    if (wanted == 0)
        return "not_required";
    if (facts->shipped == wanted)
        return "fulfilled";
    if (facts->shipped > 0)
        return "partially_fulfilled";
    if (facts->flags & ORDER_FULFIL_ON_HOLD)
        return "on_hold";
    if (facts->picked > 0 || (facts->flags & ORDER_FULFIL_STARTED))
        return "in_progress";
    return facts->flags & ORDER_FULFIL_SCHEDULED ? "scheduled" : "unfulfilled";
}

const char *order_delivery_status(const struct order_facts *facts)
{
    if (facts->shipped == 0)
        return "none";
    if (facts->is_history)
        return "delivered";
    if (facts->delivery_flags & ORDER_DELIVERY_TROUBLE)
        return "exception";
    if (facts->delivered == facts->ordered - facts->cancelled)
        return "delivered";
    if (facts->delivered > 0)
        return "partially_delivered";
    return facts->shipped < facts->ordered - facts->cancelled
               ? "partially_in_transit"
               : "in_transit";
}

/* Nothing of the order can come back before the returns room hands facts. */
const char *order_return_status(const struct order_facts *facts)
{
    ASSERT(facts->shipped >= 0);
    return "none";
}
