/* order_rules.c - the moves an order may make and what its facts mean. Pure. */
#include "oms/order/order_rules.h"

#include "base/machine.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"

static const char *const states[ORDER_DISCARDED] = {
    "draft",     "pending", "confirmed", "completed",
    "cancelled", "expired", "discarded"};
static const char *const events[ORDER_EVENT_RECORD] = {
    "draft",  "place",  "confirm", "complete", "reopen",
    "cancel", "expire", "discard", "record"};

/* Read as: an order that is <from> and sees <event> becomes <to>. A pair that
 * is not listed is forbidden. docs/states/order.md shows the whole grid. */
static const struct machine_move moves[] = {
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

const struct machine order_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .field = "status",
};

enum order_status order_next(enum order_status from, enum order_event event)
{
    return (enum order_status)machine_next(&order_machine, from, event);
}

const char *order_status_name(enum order_status status)
{
    return machine_state_name(&order_machine, status);
}

bool order_status_from_name(str name, enum order_status *ret)
{
    int status = 0;
    if (!machine_state_from_name(&order_machine, name, &status))
        return false;
    *ret = (enum order_status)status;
    return true;
}

err_t order_move(struct ctx *ctx, struct order *order, enum order_event event)
{
    enum order_status next = order_next(order->status, event);
    if (next != ORDER_STATUS_NONE) {
        order->status = next;
        return OK;
    }
    str allowed = machine_allowed(ctx->arena, &order_machine, order->status);
    return fail(ctx, ERR_STATE, order_machine.field,
                "the order is %s and cannot %s; it allows: %.*s",
                order_status_name(order->status),
                machine_event_name(&order_machine, event), STR_ARG(allowed));
}

struct order_facts order_facts_of(const struct order *order)
{
    struct order_facts facts = {.total = order->totals.total,
                                .total_now = order_total_now(order),
                                .pay = order->pay,
                                .is_history = order->is_history,
                                .flags = order->fulfil_flags,
                                .delivery_flags = order->delivery_flags,
                                .return_flags = order->return_flags};
    for (size_t i = 0; i < order->line_count; i++) {
        facts.ordered += order->lines[i].ordered;
        facts.cancelled += order->lines[i].cancelled;
        facts.picked += order->lines[i].picked;
        facts.shipped += order->lines[i].shipped;
        facts.delivered += order->lines[i].delivered;
        facts.return_requested += order->lines[i].return_requested;
        facts.returned += order->lines[i].returned;
        facts.written_off += order->lines[i].written_off;
    }
    return facts;
}

bool order_is_payable(const struct order_facts *facts)
{
    return !facts->is_review_open;
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

const char *order_return_status(const struct order_facts *facts)
{
    if (facts->return_flags & ORDER_RETURN_STARTED)
        return "in_progress";
    if (facts->return_requested > 0)
        return "requested";
    if (facts->returned == 0)
        return "none";
    return facts->returned + facts->written_off ==
                   facts->ordered - facts->cancelled
               ? "returned"
               : "partially_returned";
}
