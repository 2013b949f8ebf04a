/* order_worth.c - what is taken off an order's worth, in memory. */
#include "oms/order/order_worth.h"

#include "base/json.h"
#include "base/money.h"
#include "oms/order/order_pay.h"

int64_t order_line_left(const struct order_line *line)
{
    return line->ordered - line->cancelled - line->returned - line->written_off;
}

int64_t order_line_returnable(const struct order_line *line)
{
    return line->shipped - line->return_requested - line->returned -
           line->written_off;
}

/* ---- units ---- */

static err_t line_of(struct ctx *ctx, struct order *order, int64_t n,
                     struct order_line **ret)
{
    if (n < 1 || n > (int64_t)order->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "n",
                       "the order has lines 1 to %zu", order->line_count);
    *ret = &order->lines[n - 1];
    ASSERT((*ret)->n == n);
    return OK;
}

static err_t check_units(struct ctx *ctx, const char *slug,
                         const struct order_line *line, int64_t qty,
                         int64_t limit)
{
    if (qty > limit)
        return fail_as(ctx, ERR_INVALID, slug, "quantity",
                       "line %lld has %lld such units; it is %lld",
                       (long long)line->n, (long long)limit, (long long)qty);
    return OK;
}

err_t order_worth_return_ask(struct ctx *ctx, struct order *order, int64_t n,
                             int64_t qty)
{
    struct order_line *line;
    ASSERT(qty != 0 && qty != INT64_MIN);
    TRY(line_of(ctx, order, n, &line));
    TRY(check_units(ctx, "over_return_requested", line, qty < 0 ? -qty : qty,
                    qty < 0 ? line->return_requested
                            : order_line_returnable(line)));
    line->return_requested += qty;
    return OK;
}

err_t order_worth_return(struct ctx *ctx, struct order *order, int64_t n,
                         int64_t qty)
{
    struct order_line *line;
    ASSERT(qty > 0);
    TRY(line_of(ctx, order, n, &line));
    TRY(check_units(ctx, "over_returned", line, qty, line->return_requested));
    order_line_take_off(line, qty);
    line->return_requested -= qty;
    line->returned += qty;
    return OK;
}

err_t order_worth_write_off(struct ctx *ctx, struct order *order, int64_t n,
                            int64_t qty)
{
    struct order_line *line;
    ASSERT(qty > 0);
    TRY(line_of(ctx, order, n, &line));
    TRY(check_units(ctx, "over_written_off", line, qty,
                    order_line_returnable(line)));
    order_line_take_off(line, qty);
    line->written_off += qty;
    return OK;
}

/* ---- shipping and fees ---- */

/* Fees as placed; they have no discount. */
static err_t read_fees(struct ctx *ctx, const struct order *order,
                       int64_t *ret_gross, int64_t *ret_tax)
{
    struct json_in *in;
    struct json_list fees, taxes;
    TRY(json_parse(ctx, order->doc, &in));
    TRY(json_get_list(in, "fees", 0, SIZE_MAX, &fees));
    *ret_gross = *ret_tax = 0;
    for (size_t i = 0; i < fees.count; i++) {
        struct json_in *fee;
        money amount = {0};
        TRY(json_list_object(&fees, i, &fee));
        TRY(json_get_money(fee, "amount", NULL, &amount));
        TRY(json_get_list(fee, "tax_lines", 0, SIZE_MAX, &taxes));
        *ret_gross += amount.minor;
        for (size_t j = 0; j < taxes.count; j++) {
            struct json_in *tax;
            TRY(json_list_object(&taxes, j, &tax));
            TRY(json_get_money(tax, "amount", NULL, &amount));
            *ret_tax += amount.minor;
        }
    }
    if (order->tax_mode == TAX_EXCLUSIVE)
        *ret_gross += *ret_tax;
    return OK;
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value < most ? value : most;
}

err_t order_worth_charges_now(struct ctx *ctx, const struct order *order,
                              struct order_charges_now *ret)
{
    int64_t gross = 0, tax = 0;
    if (order->totals.fees > 0)
        TRY(read_fees(ctx, order, &gross, &tax));
    struct order_charges_now now = {
        .fees = at_most(gross - order->fees_off, order->charges_now),
        .fees_tax = at_most(tax - order->fees_tax_off, order->charges_tax_now),
    };
    if (now.fees == order->charges_now)
        now.fees_tax = order->charges_tax_now;
    now.shipping = order->charges_now - now.fees;
    now.shipping_tax = order->charges_tax_now - now.fees_tax;
    *ret = now;
    return OK;
}

static err_t check_minor(struct ctx *ctx, const char *slug, const char *field,
                         int64_t amount, int64_t limit)
{
    if (amount < 0 || amount > limit)
        return fail_as(ctx, ERR_INVALID, slug, field,
                       "at most %lld minor units are left of it; it is %lld",
                       (long long)limit, (long long)amount);
    return OK;
}

/* The tax in `part` of `gross`. */
static int64_t tax_of(int64_t tax, int64_t gross, int64_t part)
{
    return gross > 0 ? money_share(tax, gross, part) : 0;
}

err_t order_worth_charges(struct ctx *ctx, struct order *order,
                          int64_t shipping, int64_t fees)
{
    struct order_charges_now now;
    TRY(order_worth_charges_now(ctx, order, &now));
    TRY(check_minor(ctx, "over_shipping", "shipping", shipping, now.shipping));
    TRY(check_minor(ctx, "over_fees", "fees", fees, now.fees));
    int64_t fees_tax = tax_of(now.fees_tax, now.fees, fees);
    order->fees_off += fees;
    order->fees_tax_off += fees_tax;
    order->charges_now -= shipping + fees;
    order->charges_tax_now -=
        tax_of(now.shipping_tax, now.shipping, shipping) + fees_tax;
    return OK;
}

err_t order_worth_keep(struct ctx *ctx, struct order *order, int64_t amount,
                       int64_t most)
{
    TRY(check_minor(ctx, "over_kept", "fee", amount, most));
    order->charges_now += amount;
    return OK;
}

void order_worth_no_charges(struct order *order)
{
    order->charges_now = order->charges_tax_now = 0;
}

err_t order_worth_allow(struct ctx *ctx, struct order *order, int64_t amount)
{
    TRY(check_minor(ctx, "over_allowance", "allowance", amount,
                    order_total_now(order)));
    order->allowance_now += amount;
    return OK;
}
