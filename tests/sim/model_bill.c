/* model_bill.c - documents, by the words of docs/invoices.md: what an order is
 * worth less what was billed of it. */
#define WHARF_UNBANNED
#include "model_bill.h"

#include <string.h>

#include "base/arena.h"
#include "model_edit.h"
#include "model_pay.h"

enum { CHARGES = M_LINES, GOODWILL = M_LINES + 1 };

static struct m_billing *billing_of(struct model *model, struct m_order *order)
{
    if (!order->billing)
        order->billing = arena_new(model->arena, struct m_billing);
    return order->billing;
}

int64_t m_billed(const struct m_billing *billing)
{
    int64_t total = 0;
    for (int i = 0; i < M_BILL_PARTS; i++)
        total += billing->parts[i];
    return total;
}

/* ---- what it is worth, by part ---- */

/* Of what is left of a line, the units that are with the buyer. */
static int64_t worth_out(const struct m_order *order, const struct m_line *line)
{
    int64_t left = m_line_left(line);
    int64_t out = line->shipped - line->returned - line->written_off;
    out = out < left ? out : left;
    return left > 0 && out > 0 ? m_line_worth(order, line) * out / left : 0;
}

static bool is_all_out(const struct m_order *order)
{
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        if (line->shipped < line->qty + line->added - line->cancelled)
            return false;
    }
    return true;
}

/* What an invoice (sign 1) or a credit note (-1) takes of each part. */
static int64_t due(const struct m_order *order, const struct m_billing *had,
                   bool is_by_part, int sign, int64_t ret[M_BILL_PARTS])
{
    static const struct m_billing none;
    had = had ? had : &none;
    int64_t sum = 0, worth[M_BILL_PARTS] = {0};
    bool is_last =
        !is_by_part || had->parts[GOODWILL] != 0 || is_all_out(order);
    for (int i = 0; i < order->line_count; i++)
        worth[i] = is_by_part ? worth_out(order, &order->lines[i])
                              : m_line_worth(order, &order->lines[i]);
    if (is_last && !order->is_cancelled)
        worth[CHARGES] = order->shipping + order->fee - order->shipping_off;
    if (is_last)
        worth[GOODWILL] = -order->allowance;
    for (int i = 0; i < M_BILL_PARTS; i++) {
        int64_t more = worth[i] - had->parts[i];
        bool is_mine = had->count == 0 ? sign > 0 : more * sign > 0;
        ret[i] = is_mine ? more : 0;
        sum += ret[i];
    }
    return sum * sign;
}

static struct m_doc *issue(struct model *model, struct m_billing *billing,
                           const int64_t parts[M_BILL_PARTS], bool is_credit)
{
    struct m_doc *doc = arena_new(model->arena, struct m_doc);
    *doc = (struct m_doc){.next = billing->docs,
                          .seq = ++billing->count,
                          .state = "issued",
                          .is_credit = is_credit};
    for (int i = 0; i < M_BILL_PARTS; i++) {
        billing->parts[i] += parts[i];
        doc->total += is_credit ? -parts[i] : parts[i];
    }
    billing->docs = doc;
    return doc;
}

/* ---- by hand ---- */

int64_t m_bill_due(const struct m_order *order)
{
    int64_t parts[M_BILL_PARTS];
    int64_t total = due(order, order->billing, false, 1, parts);
    return total > 0 ? total : 0;
}

struct m_doc *m_bill_by_hand(struct model *model, struct m_order *order)
{
    int64_t parts[M_BILL_PARTS];
    struct m_billing *billing = billing_of(model, order);
    (void)due(order, billing, false, 1, parts);
    struct m_doc *doc = issue(model, billing, parts, false);
    billing->is_by_part = false;
    billing->draft = 0;
    doc->is_by_hand = true;
    return doc;
}

/* ---- by itself ---- */

static bool is_paid(const struct m_order *order)
{
    return m_order_money(order).captured > 0 && m_worth(order) > 0 &&
           m_balance(order) <= 0;
}

static bool fires(const struct m_order *order, int on)
{
    bool is_out = false;
    for (int i = 0; i < order->line_count; i++)
        is_out |= order->lines[i].shipped > 0;
    if (m_worth(order) <= 0)
        return false;
    return on == M_ON_CONFIRM ? !order->is_cancelled
           : on == M_ON_PAID  ? is_paid(order)
                              : on != M_BY_HAND && is_out;
}

static void end(const struct m_order *order, struct m_billing *billing)
{
    struct m_money sums = m_order_money(order);
    int64_t left = m_billed(billing);
    int64_t kept = sums.captured - sums.refunded - sums.disputed;
    bool is_done =
        billing->is_by_part ? kept > 0 && kept >= left : is_paid(order);
    for (struct m_doc *at = billing->docs; at; at = at->next) {
        if (at->is_credit)
            continue;
        if (left == 0)
            at->state = "credited";
        else if (is_done && strcmp(at->state, "issued") == 0)
            at->state = "paid";
    }
}

void m_bill_follow(struct model *model, struct m_order *order)
{
    int64_t parts[M_BILL_PARTS];
    int on = model->channels[order->channel].bill_on;
    struct m_billing *had = order->billing;
    bool is_news = order->version != order->billed_at;
    order->billed_at = order->version;
    if (on == 0 || !is_news)
        return;
    if (had && had->count > 0 &&
        due(order, had, had->is_by_part, -1, parts) > 0)
        issue(model, had, parts, true);
    bool is_by_part =
        on == M_ON_PART && (!had || had->count == 0 || had->is_by_part);
    if (fires(order, on) && due(order, had, is_by_part, 1, parts) > 0) {
        had = billing_of(model, order);
        issue(model, had, parts, false);
        had->is_by_part = is_by_part;
        had->draft = 0;
    }
    if (had && had->count > 0)
        end(order, had);
}
