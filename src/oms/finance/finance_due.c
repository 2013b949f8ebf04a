/* finance_due.c - what an order is worth by part, and when it is invoiced. */
#include "oms/finance/finance_invoice.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"

size_t bill_parts_of(const struct order *order, struct bill_part *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        ret[n++] = (struct bill_part){line->n, order_line_left(line),
                                      line->tax_now, line->total_now};
    }
    ret[n++] = (struct bill_part){PART_CHARGES, 0, order->charges_tax_now,
                                  order->charges_now};
    ret[n++] = (struct bill_part){PART_ALLOWANCE, 0, 0, -order->allowance_now};
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
    case INVOICE_ON_SHIP: return is_shipped(order);
    case INVOICE_ON_PAID: return invoice_is_paid(order);
    }
    UNREACHABLE("invoice_fires: every rule is named above");
}
