/* model_exchange.c - exchanges, by the words of docs/exchanges.md. */
#define WHARF_UNBANNED
#include "model_exchange.h"

#include <string.h>

#include "model_pay.h"

const char *const m_swap_names[M_OFF + 1] = {
    "draft",    "confirmed", "awaiting_payment", "awaiting_return",
    "released", "closed",    "cancelled"};

static bool is_live(const struct m_exchange *at)
{
    return at->state >= M_CONFIRMED && at->state <= M_FREE;
}

bool m_swap_waits(const struct m_exchange *at)
{
    return at->state == M_OWES || at->state == M_AWAITS;
}

static bool is(const struct m_return *back, const char *state)
{
    return strcmp(back->state, state) == 0;
}

static bool is_decided(const struct m_return *back)
{
    return strcmp(back->acceptance, "accepted") == 0 ||
           strcmp(back->acceptance, "rejected") == 0;
}

/* As if its units came, and were taken back; what that takes off. */
static int64_t take_back(struct m_order *ahead, const struct m_return *back)
{
    int64_t was = m_worth(ahead);
    if (is(back, "cancelled") || is_decided(back))
        return 0;
    m_take_off(ahead, &ahead->lines[back->line], back->qty);
    ahead->lines[back->line].returned += back->qty;
    return was - m_worth(ahead);
}

struct m_swap_facts m_swap_look(const struct m_order *order,
                                const struct m_exchange *at)
{
    static struct m_order ahead;
    const struct m_return *back = at->back;
    int64_t promised = m_order_money(order).authorized;
    struct m_swap_facts ret = {.now = m_balance(order) - promised};
    ahead = *order;
    ret.worth = take_back(&ahead, back);
    for (const struct m_exchange *i = order->exchanges; i; i = i->next)
        if (is_live(i) && i->back != back)
            (void)take_back(&ahead, i->back);
    ret.due = m_balance(&ahead) - promised;
    ret.may_leave = is(back, "received") || is(back, "closed");
    ret.is_over = is(back, "cancelled") || (ret.may_leave && is_decided(back));
    return ret;
}

enum m_swap m_swap_then(const struct m_swap_facts *facts)
{
    if (facts->now <= 0)
        return M_FREE;
    if (facts->due > 0)
        return M_OWES;
    return facts->may_leave ? M_FREE : M_AWAITS;
}

/* Units of its lines that were not given up, and those still to leave. */
static void count(const struct m_order *order, const struct m_exchange *at,
                  int64_t *ret_left, int64_t *ret_open)
{
    *ret_left = *ret_open = 0;
    for (int i = at->first; i < at->first + at->lines.count; i++) {
        const struct m_line *line = &order->lines[i];
        *ret_left += line->qty + line->added - line->cancelled;
        *ret_open += m_open(line) + line->picked;
    }
}

static void settle(const struct m_order *order, struct m_exchange *at,
                   const struct m_swap_facts *facts, struct m_swap_step *ret)
{
    bool is_due = facts->now > 0;
    if (at->state != M_FREE || !facts->is_over ||
        (at->is_settled && at->is_unsettled == is_due))
        return;
    ret->is_owed = !at->is_settled && m_balance(order) < 0;
    ret->is_changed = true;
    at->is_settled = true;
    at->is_unsettled = is_due;
}

struct m_swap_step m_swap_advance(const struct m_order *order,
                                  struct m_exchange *at, bool is_new)
{
    struct m_swap_step ret = {.is_changed = false};
    int64_t left = 1, open = 1;
    if (!is_live(at))
        return ret;
    struct m_swap_facts facts = m_swap_look(order, at);
    if (!is_new)
        count(order, at, &left, &open);
    if (at->state != M_FREE) {
        enum m_swap then = left == 0 ? M_OFF : m_swap_then(&facts);
        ret.is_changed = then != at->state;
        ret.is_lifted = m_swap_waits(at) && (then == M_FREE || then == M_OFF);
        at->state = then;
    }
    settle(order, at, &facts, &ret);
    if (at->state == M_FREE && at->is_settled && !at->is_unsettled &&
        open == 0) {
        at->state = M_CLOSED;
        ret.is_changed = true;
    }
    at->version += ret.is_changed;
    return ret;
}

bool m_is_gated(const struct m_order *order, int line)
{
    for (const struct m_exchange *at = order->exchanges; at; at = at->next)
        if (m_swap_waits(at) && line >= at->first &&
            line < at->first + at->lines.count)
            return true;
    return false;
}

bool m_swap_is_taken(const struct m_order *order, const struct m_return *back,
                     const struct m_exchange *but)
{
    for (const struct m_exchange *at = order->exchanges; at; at = at->next)
        if (at != but && at->back == back && at->state != M_OFF)
            return true;
    return false;
}
