/* order_pay_rules.c - what an order is worth now, what is owed, what its
 * payments mean. Pure. */
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_worth.h"

/* ---- what it is worth ---- */

void order_line_take_off(struct order_line *line, int64_t m)
{
    int64_t left = order_line_left(line);
    ASSERT(m > 0 && m <= left);
    line->total_now -= money_share(line->total_now, left, m);
    line->tax_now -= money_share(line->tax_now, left, m);
    line->discount_now -= money_share(line->discount_now, left, m);
}

int64_t order_line_unit_worth(const struct order_line *line)
{
    int64_t left = order_line_left(line);
    int64_t placed = line->ordered - line->added;
    if (left > 0)
        return line->total_now / left;
    if (line->base_units > 0)
        return line->base_total / line->base_units;
    return placed > 0 ? line->total / placed : 0;
}

int64_t order_charges(const struct order *order)
{
    int64_t charges = order->totals.total;
    for (size_t i = 0; i < order->line_count; i++)
        charges -= order->lines[i].total;
    return charges;
}

int64_t order_charges_tax(const struct order *order)
{
    int64_t tax = order->totals.tax;
    for (size_t i = 0; i < order->line_count; i++)
        tax -= order->lines[i].tax;
    return tax;
}

/* Units that come back after goodwill was given take back what they were paid,
 * not more: what is left of the whole is not below 0. */
int64_t order_total_of(int64_t lines, int64_t charges, int64_t allowance)
{
    int64_t whole = lines + charges;
    return whole > allowance ? whole - allowance : 0;
}

int64_t order_total_now(const struct order *order)
{
    int64_t lines = 0;
    for (size_t i = 0; i < order->line_count; i++)
        lines += order->lines[i].total_now;
    return order_total_of(lines, order->charges_now, order->allowance_now);
}

static int64_t kept(const struct order_pay *pay)
{
    return pay->captured - pay->refunded - pay->disputed;
}

int64_t order_balance(const struct order *order)
{
    return order_total_now(order) - kept(&order->pay);
}

bool order_is_releasable(enum order_status status, int64_t total_now,
                         const struct order_pay *pay, enum payment_release rule)
{
    int64_t covered = kept(pay);
    if (status != ORDER_CONFIRMED)
        return false;
    switch (rule) {
    case RELEASE_ALWAYS: return true;
    case RELEASE_AUTHORIZED: covered += pay->authorized; break;
    case RELEASE_PAID: break;
    }
    return covered >= total_now;
}

/* ---- what its payments mean ---- */

/* Nothing was taken, or all of it is on its way. */
static enum order_payment open_payment(const struct order_facts *facts)
{
    const struct order_pay *pay = &facts->pay;
    if (pay->authorized > 0)
        return pay->authorized >= facts->total_now
                   ? ORDER_PAY_AUTHORIZED
                   : ORDER_PAY_PARTIALLY_AUTHORIZED;
    if (pay->pending > 0)
        return ORDER_PAY_PENDING;
    if (facts->total_now > 0)
        return ORDER_PAY_UNPAID;
    return facts->total > 0 ? ORDER_PAY_VOIDED : ORDER_PAY_NOT_REQUIRED;
}

enum order_payment order_payment_status(const struct order_facts *facts)
{
    const struct order_pay *pay = &facts->pay;
    int64_t net = kept(pay);
    if (pay->disputed > 0)
        return ORDER_PAY_DISPUTED;
    if (pay->captured == 0 && pay->refunded == 0)
        return facts->is_history ? ORDER_PAY_NOT_REQUIRED : open_payment(facts);
    if (net > facts->total_now)
        return ORDER_PAY_OVERPAID;
    if (pay->refunded > 0)
        return net > 0 ? ORDER_PAY_PARTIALLY_REFUNDED : ORDER_PAY_REFUNDED;
    return net == facts->total_now ? ORDER_PAY_PAID : ORDER_PAY_PARTIALLY_PAID;
}

enum order_payment order_payment_of(const struct order *order)
{
    struct order_facts facts = order_facts_of(order);
    return order_payment_status(&facts);
}

const char *order_payment_name(enum order_payment status)
{
    switch (status) {
    case ORDER_PAY_NOT_REQUIRED: return "not_required";
    case ORDER_PAY_UNPAID: return "unpaid";
    case ORDER_PAY_PENDING: return "pending";
    case ORDER_PAY_PARTIALLY_AUTHORIZED: return "partially_authorized";
    case ORDER_PAY_AUTHORIZED: return "authorized";
    case ORDER_PAY_PARTIALLY_PAID: return "partially_paid";
    case ORDER_PAY_PAID: return "paid";
    case ORDER_PAY_OVERPAID: return "overpaid";
    case ORDER_PAY_PARTIALLY_REFUNDED: return "partially_refunded";
    case ORDER_PAY_REFUNDED: return "refunded";
    case ORDER_PAY_VOIDED: return "voided";
    case ORDER_PAY_DISPUTED: return "disputed";
    }
    UNREACHABLE("not a payment status");
}

bool order_payment_from_name(str name, enum order_payment *ret)
{
    for (int i = ORDER_PAY_NOT_REQUIRED; i <= ORDER_PAY_DISPUTED; i++)
        if (str_equal_cstr(name, order_payment_name((enum order_payment)i))) {
            *ret = (enum order_payment)i;
            return true;
        }
    return false;
}
