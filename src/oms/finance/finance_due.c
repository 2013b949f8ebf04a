/* finance_due.c - what an order is worth by part, and when it is invoiced. */
#include "base/money.h"
#include "oms/finance/finance_invoice.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"

/* Of what is left of a line, the units that left and did not come back. */
static struct bill_part what_left(const struct order_line *line)
{
    int64_t left = order_line_left(line);
    int64_t out = line->shipped - line->returned - line->written_off;
    struct bill_part part = {.n = line->n};
    if (left == 0 || out <= 0)
        return part;
    part.qty = out < left ? out : left;
    part.tax = money_share(line->tax_now, left, part.qty);
    part.total = money_share(line->total_now, left, part.qty);
    return part;
}

static bool is_all_out(const struct order *order)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].shipped <
            order->lines[i].ordered - order->lines[i].cancelled)
            return false;
    return true;
}

size_t bill_parts_of(const struct order *order, bool is_what_left,
                     bool has_charges, struct bill_part *ret)
{
    size_t n = 0;
    bool is_last = !is_what_left || has_charges || is_all_out(order);
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        struct bill_part all = {line->n, order_line_left(line), line->tax_now,
                                line->total_now};
        ret[n++] = is_what_left ? what_left(line) : all;
    }
    ret[n++] = (struct bill_part){PART_CHARGES, 0,
                                  is_last ? order->charges_tax_now : 0,
                                  is_last ? order->charges_now : 0};
    ret[n++] = (struct bill_part){PART_ALLOWANCE, 0, 0,
                                  is_last ? -order->allowance_now : 0};
    return n;
}

bool invoice_is_paid(const struct order *order)
{
    return order->pay.captured > 0 && order_total_now(order) > 0 &&
           order_balance(order) <= 0;
}

static bool is_shipped(const struct order *order)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].shipped > 0)
            return true;
    return false;
}

bool invoice_fires(const struct order *order, enum invoice_on on)
{
    if (order_total_now(order) <= 0)
        return false;
    switch (on) {
    case INVOICE_BY_HAND: return false;
    case INVOICE_ON_CONFIRM:
        return order->status == ORDER_CONFIRMED ||
               order->status == ORDER_COMPLETED;
    case INVOICE_ON_SHIP:
    case INVOICE_ON_PARCEL: return is_shipped(order);
    case INVOICE_ON_PAID: return invoice_is_paid(order);
    }
    UNREACHABLE("invoice_fires: every rule is named above");
}
