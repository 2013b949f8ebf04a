/* model_refund.c - what refunds take off an order, and whom they pay. */
#define WHARF_UNBANNED
#include "model_refund.h"

#include <string.h>

#include "base/arena.h"
#include "base/id.h"

/* ---- on its way ---- */

static int64_t pending_of(const struct m_order *order,
                          const struct m_payment *pay)
{
    int64_t ret = 0;
    for (const struct m_refund *at = order->refunds; at; at = at->next)
        for (int i = 0; i < at->part_count; i++)
            if (strcmp(at->parts[i].state, "pending") == 0 &&
                (!pay || at->parts[i].pay == pay))
                ret += at->parts[i].amount;
    return ret;
}

/* What its gateway is asked to give back, for no refund. */
static int64_t asked_alone(const struct m_payment *pay)
{
    int64_t ret = 0;
    for (int i = 0; i < pay->call_count; i++)
        if (pay->calls[i].is_live && pay->calls[i].type == M_REFUND &&
            strncmp(pay->calls[i].step, "rfd_", 4) != 0)
            ret += pay->calls[i].amount;
    return ret;
}

static int64_t room_of(const struct m_payment *pay)
{
    int64_t room = m_payment_room(pay, M_REFUND) - pending_of(pay->order, pay) -
                   asked_alone(pay);
    return room > 0 ? room : 0;
}

/* What the order owes, and its payments can give. */
static int64_t owed_of(const struct m_order *after)
{
    int64_t room = 0, owed = -m_balance(after) - pending_of(after, NULL);
    for (const struct m_payment *at = after->payments; at; at = at->next) {
        room += room_of(at);
        owed -= asked_alone(at);
    }
    owed = owed < room ? owed : room;
    return owed < 0 ? 0 : owed;
}

/* ---- worth ---- */

static const char *take_lines(const struct m_refund_ask *ask,
                              struct m_order *after, struct m_refund_plan *ret)
{
    for (int i = 0; i <= after->line_count; i++) {
        struct m_line *line = &after->lines[i];
        int64_t qty = ask->qty[i];
        if (qty == 0)
            continue;
        if (i == after->line_count)
            return "line_unknown";
        if (qty > line->shipped - line->written_off - line->returned -
                      line->return_requested)
            return "over_written_off";
        int64_t was = m_line_worth(after, line);
        m_take_off(after, line, qty);
        line->written_off += qty;
        ret->lines[i] = was - m_line_worth(after, line);
        ret->has_worth = true;
        if (ask->twice == i)
            return "duplicate_line";
    }
    return "";
}

static const char *take_worth(const struct m_refund_ask *ask,
                              struct m_order *after, struct m_refund_plan *ret)
{
    const char *why = take_lines(ask, after, ret);
    int64_t shipping =
        after->is_cancelled ? 0 : after->shipping - after->shipping_off;
    if (why[0] != '\0')
        return why;
    if (ask->shipping > shipping)
        return "over_shipping";
    if (ask->fees > (after->is_cancelled ? 0 : after->fee))
        return "over_fees";
    after->shipping_off += ask->shipping;
    if (ask->allowance > m_worth(after))
        return "over_allowance";
    after->allowance += ask->allowance;
    ret->has_worth |= ask->shipping > 0 || ask->allowance > 0;
    return "";
}

/* ---- tenders ---- */

/* However they are named, they are listed by payment, the latest first. */
static void add_part(struct m_refund_plan *ret, const struct m_part_back *part)
{
    int at = ret->part_count++;
    for (; at > 0 && ret->parts[at - 1].pay->id < part->pay->id; at--)
        ret->parts[at] = ret->parts[at - 1];
    ret->parts[at] = *part;
    ret->amount += part->amount;
}

static const char *take_named(const struct m_refund_ask *ask,
                              struct m_refund_plan *ret)
{
    for (int i = 0; i < ask->part_count; i++) {
        const struct m_part_back *part = &ask->parts[i];
        if (!part->pay)
            return "payment_unknown";
        for (int j = 0; j < i; j++)
            if (ask->parts[j].pay == part->pay)
                return "duplicate_tender";
        if (part->amount > room_of(part->pay))
            return "over_refunded";
        add_part(ret, part);
    }
    if (ask->part_count > 0 && ask->amount >= 0 && ask->amount != ret->amount)
        return "tenders_mismatch";
    return "";
}

/* The newest of the payments gives first. */
static void take_latest(const struct m_order *after, struct m_refund_plan *ret)
{
    int64_t left = ret->amount;
    int count = m_payment_count(after);
    for (int i = count; i > 0 && left > 0; i--) {
        struct m_payment *pay = after->payments;
        for (int j = 1; j < i; j++)
            pay = pay->next;
        int64_t room = room_of(pay), part = room < left ? room : left;
        if (part > 0)
            ret->parts[ret->part_count++] =
                (struct m_part_back){.pay = pay, .amount = part};
        left -= part;
    }
}

const char *m_refund_plan(const struct m_order *order,
                          const struct m_refund_ask *ask,
                          struct m_order *ret_after, struct m_refund_plan *ret)
{
    struct m_order *after = ret_after;
    *after = *order;
    *ret = (struct m_refund_plan){.amount = 0};
    if (ask->is_foreign)
        return "currency_mismatch";
    const char *why = take_worth(ask, after, ret);
    if (why[0] != '\0')
        return why;
    int64_t owed = owed_of(after), taken = m_worth(order) - m_worth(after);
    why = take_named(ask, ret);
    if (why[0] != '\0')
        return why;
    if (ask->part_count == 0 && ask->amount >= 0)
        ret->amount = ask->amount;
    else if (ask->part_count == 0)
        ret->amount = ret->has_worth && taken < owed ? taken : owed;
    if (ret->amount > owed)
        return "over_refunded";
    if (ask->part_count == 0)
        take_latest(after, ret);
    ret->owed_after = owed - ret->amount;
    return "";
}

/* ---- what was made ---- */

struct m_refund *m_refund_add(struct model *model, struct m_order *order,
                              int64_t id, const struct m_refund_plan *plan)
{
    struct m_refund *refund = arena_new(model->arena, struct m_refund);
    struct m_refund **last = &order->refunds;
    *refund = (struct m_refund){.id = id,
                                .version = 1,
                                .amount = plan->amount,
                                .state = "pending",
                                .part_count = plan->part_count};
    refund->parts = arena_array(model->arena, struct m_part_back,
                                (size_t)plan->part_count + 1);
    for (int i = 0; i < plan->part_count; i++) {
        refund->parts[i] = plan->parts[i];
        refund->parts[i].state = "pending";
    }
    while (*last)
        last = &(*last)->next;
    *last = refund;
    return refund;
}

bool m_refund_is_asked(const struct m_refund *refund)
{
    char step[ID_TEXT_BYTES + 1];
    step[id_to_text("rfd", refund->id, step)] = '\0';
    for (int i = 0; i < refund->part_count; i++) {
        const struct m_payment *pay = refund->parts[i].pay;
        for (int j = 0; j < pay->call_count; j++)
            if (pay->calls[j].is_live && strcmp(pay->calls[j].step, step) == 0)
                return true;
    }
    return false;
}

const char *m_refund_can(const struct m_refund *refund)
{
    for (int i = 0; i < refund->part_count; i++) {
        const struct m_part_back *part = &refund->parts[i];
        if (strcmp(part->state, "pending") != 0)
            continue;
        if (part->amount > m_payment_left(part->pay, M_REFUND))
            return "over_refunded";
        if (part->pay->count + m_live_calls(part->pay) >= M_TRANSACTIONS)
            return "too_many_transactions";
    }
    return "";
}

void m_refund_fold(struct m_refund *refund)
{
    static const char *const order[] = {"pending", "failed", "cancelled"};
    for (int i = 0; i < (int)COUNT_OF(order); i++)
        for (int j = 0; j < refund->part_count; j++)
            if (strcmp(refund->parts[j].state, order[i]) == 0) {
                refund->state = order[i];
                return;
            }
    refund->state = "succeeded";
}

void m_refund_end(struct model *model, struct m_refund *refund,
                  const char *state)
{
    refund->version++;
    for (int i = 0; i < refund->part_count; i++) {
        struct m_part_back *part = &refund->parts[i];
        const struct m_transaction note = {.type = M_REFUND,
                                           .amount = part->amount};
        bool is_given = strcmp(state, "succeeded") == 0;
        if (strcmp(part->state, "pending") != 0)
            continue;
        if (is_given && !part->pay->is_asked)
            m_pay_note(model, part->pay, &note);
        if (!is_given || !part->pay->is_asked)
            part->state = state;
    }
    if (refund->part_count > 0)
        m_refund_fold(refund);
    else
        refund->state = state;
}

int m_refund_count(const struct m_order *order)
{
    int count = 0;
    for (const struct m_refund *at = order->refunds; at; at = at->next)
        count++;
    return count;
}
