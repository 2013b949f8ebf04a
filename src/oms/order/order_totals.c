/* order_totals.c - the sums of an order, compared to the minor unit. Pure. */
#include "base/arena.h"
#include "base/money.h"
#include "oms/order/order_rules.h"

/* What one line, shipping line or fee comes to. */
struct amount {
    int64_t gross, discount, tax, total;
};

struct sums {
    struct ctx *ctx;
    enum tax_mode mode;
    const char *list; /* "lines" */
    size_t index;
};

static err_t sums_fail(const struct sums *sums, const char *slug,
                       const char *member, const char *text)
{
    char field[64];
    snprintf(field, sizeof(field), "%s[%zu]%s%s", sums->list, sums->index,
             *member ? "." : "", member);
    return fail_as(sums->ctx, ERR_INVALID, slug, field, "%s", text);
}

static err_t sum_taxes(const struct sums *sums, const struct order_tax *taxes,
                       size_t count, int64_t *ret)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t amount = taxes[i].amount;
        if (amount < 0 || amount > LIMIT_MINOR || !i64_add(sum, amount, &sum) ||
            sum > LIMIT_MINOR)
            return sums_fail(sums, "number_out_of_range", "tax_lines",
                             "a tax is below 0 or the sum is too large");
    }
    *ret = sum;
    return OK;
}

/* gross - discount, plus the tax where prices are without it. */
static err_t sum_amount(const struct sums *sums, int64_t discount,
                        struct amount *ret)
{
    if (ret->gross < 0 || ret->gross > LIMIT_MINOR)
        return sums_fail(sums, "number_out_of_range", "",
                         "the amount is below 0 or too large");
    if (discount < 0 || discount > ret->gross)
        return sums_fail(sums, "discount_too_large", "discount",
                         "must lie between 0 and the price of the whole line");
    ret->discount = discount;
    ret->total = ret->gross - discount;
    if (sums->mode == TAX_EXCLUSIVE)
        ret->total += ret->tax;
    else if (ret->tax > ret->total)
        return sums_fail(sums, "tax_too_large", "tax_lines",
                         "contained tax is more than the line comes to");
    return OK;
}

static err_t sum_line(const struct sums *sums,
                      const struct order_line_cmd *line, struct amount *ret)
{
    if (line->qty < 1 || line->qty > LIMIT_QTY)
        return sums_fail(sums, "number_out_of_range", "quantity",
                         "must be between 1 and 1000000000");
    if (line->unit_price < 0)
        return sums_fail(sums, "number_out_of_range", "unit_price",
                         "must be 0 or more");
    if (!i64_mul(line->qty, line->unit_price, &ret->gross))
        return sums_fail(sums, "number_out_of_range", "",
                         "quantity times unit_price is too large");
    TRY(sum_taxes(sums, line->taxes, line->tax_count, &ret->tax));
    TRY(sum_amount(sums, line->discount, ret));
    if (line->total == -1 || line->total == ret->total)
        return OK;
    char field[48];
    snprintf(field, sizeof(field), "lines[%zu].total", sums->index);
    return fail_as(sums->ctx, ERR_INVALID, "totals_mismatch", field,
                   "must be %lld: %lld units at %lld less discount %lld, tax "
                   "%lld %s; it is %lld",
                   (long long)ret->total, (long long)line->qty,
                   (long long)line->unit_price, (long long)line->discount,
                   (long long)ret->tax,
                   sums->mode == TAX_EXCLUSIVE ? "added" : "contained",
                   (long long)line->total);
}

static err_t sum_charge(const struct sums *sums,
                        const struct order_charge *charge, struct amount *ret)
{
    ret->gross = charge->price;
    TRY(sum_taxes(sums, charge->taxes, charge->tax_count, &ret->tax));
    return sum_amount(sums, charge->discount, ret);
}

/* Parts are at most twice LIMIT_MINOR each and 4200 in number: sums fit. */
static void add_amount(struct order_totals *totals, int64_t *part,
                       const struct amount *amount)
{
    *part += amount->gross;
    totals->discount += amount->discount;
    totals->tax += amount->tax;
    totals->total += amount->total;
}

static err_t sum_charges(struct sums *sums, const char *list,
                         const struct order_charge *charges, size_t count,
                         int64_t *part, struct order_totals *ret)
{
    sums->list = list;
    for (size_t i = 0; i < count; i++) {
        struct amount amount = {0};
        sums->index = i;
        TRY(sum_charge(sums, &charges[i], &amount));
        add_amount(ret, part, &amount);
    }
    return OK;
}

static err_t compare(struct ctx *ctx, const char *field, int64_t sent,
                     int64_t expected)
{
    if (sent == -1 || sent == expected)
        return OK;
    return fail_as(ctx, ERR_INVALID, "totals_mismatch", field,
                   "must be %lld by the lines, shipping lines and fees; it is "
                   "%lld",
                   (long long)expected, (long long)sent);
}

static err_t compare_all(struct ctx *ctx, const struct order_totals *sent,
                         const struct order_totals *totals)
{
    TRY(compare(ctx, "totals.lines", sent->lines, totals->lines));
    TRY(compare(ctx, "totals.discount", sent->discount, totals->discount));
    TRY(compare(ctx, "totals.shipping", sent->shipping, totals->shipping));
    TRY(compare(ctx, "totals.fees", sent->fees, totals->fees));
    TRY(compare(ctx, "totals.tax", sent->tax, totals->tax));
    return compare(ctx, "totals.total", sent->total, totals->total);
}

err_t order_totals_check(struct ctx *ctx, const struct order_cmd *cmd,
                         enum tax_mode mode, struct order_totals *ret,
                         struct order_sums **ret_sums)
{
    size_t most = cmd->origin == ORDER_ORIGIN_IMPORT ? LIMIT_HISTORY_LINES
                                                     : LIMIT_ORDER_LINES;
    if (cmd->line_count < 1 || cmd->line_count > most ||
        cmd->shipping_count > LIMIT_ORDER_CHARGES ||
        cmd->fee_count > LIMIT_ORDER_CHARGES)
        return fail(
            ctx, ERR_INVALID, "lines",
            "an order has 1 to %zu lines, at most %d shipping lines and "
            "as many fees",
            most, LIMIT_ORDER_CHARGES);
    struct order_totals totals = {0};
    struct sums sums = {.ctx = ctx, .mode = mode, .list = "lines"};
    *ret_sums = arena_array(ctx->arena, struct order_sums, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        struct amount amount = {0};
        sums.index = i;
        TRY(sum_line(&sums, &cmd->lines[i], &amount));
        add_amount(&totals, &totals.lines, &amount);
        (*ret_sums)[i] = (struct order_sums){amount.tax, amount.total};
    }
    TRY(sum_charges(&sums, "shipping_lines", cmd->shipping, cmd->shipping_count,
                    &totals.shipping, &totals));
    TRY(sum_charges(&sums, "fees", cmd->fees, cmd->fee_count, &totals.fees,
                    &totals));
    if (totals.lines > LIMIT_MINOR || totals.tax > LIMIT_MINOR ||
        totals.total > LIMIT_MINOR || totals.shipping > LIMIT_MINOR ||
        totals.fees > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "totals",
                       "the sums of the order are too large");
    if (cmd->totals)
        TRY(compare_all(ctx, cmd->totals, &totals));
    ASSERT(totals.total == totals.lines + totals.shipping + totals.fees -
                               totals.discount +
                               (mode == TAX_EXCLUSIVE ? totals.tax : 0));
    *ret = totals;
    return OK;
}
