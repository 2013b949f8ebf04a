/* draft_sum.c - makes the amounts of a foreign order add up. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "connect/channel/draft.h"

static err_t out_of_range(struct draft *draft)
{
    return fail_as(draft->ctx, ERR_INVALID, "number_out_of_range", "total",
                   "the amounts of this order are more than we take");
}

static bool add(int64_t *sum, int64_t value)
{
    return i64_add(*sum, value, sum) && *sum <= LIMIT_MINOR &&
           *sum >= -LIMIT_MINOR;
}

static bool add_taxes(int64_t *sum, const struct order_tax *taxes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!add(sum, taxes[i].amount))
            return false;
    return true;
}

static bool add_charges(struct draft_sums *sums, int64_t *prices,
                        const struct draft_charge *charges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!add(prices, charges[i].price) ||
            !add(&sums->discount, charges[i].discount) ||
            !add_taxes(&sums->tax, charges[i].taxes, charges[i].tax_count))
            return false;
    return true;
}

static bool add_line(struct draft_sums *sums, const struct draft_line *line)
{
    int64_t value;
    return i64_mul(line->qty, line->unit_price, &value) &&
           add(&sums->lines, value) && add(&sums->discount, line->discount) &&
           add_taxes(&sums->tax, line->taxes, line->tax_count);
}

err_t draft_sum(struct draft *draft, struct draft_sums *ret)
{
    struct draft_sums sums = {.lines = 0};
    for (size_t i = 0; i < draft->line_count; i++)
        if (!add_line(&sums, &draft->lines[i]))
            return out_of_range(draft);
    if (!add_charges(&sums, &sums.shipping, draft->shipping,
                     draft->shipping_count) ||
        !add_charges(&sums, &sums.fees, draft->fees, draft->fee_count))
        return out_of_range(draft);
    /* Each is within LIMIT_MINOR, so the sum of six cannot overflow. */
    sums.total = sums.lines + sums.shipping + sums.fees - sums.discount;
    if (!draft->is_tax_included)
        sums.total += sums.tax;
    *ret = sums;
    return OK;
}

static int64_t line_value(const struct draft_line *line)
{
    return line->qty * line->unit_price - line->discount;
}

err_t draft_spread_discount(struct draft *draft, int64_t amount, bool *done)
{
    struct arena *arena = draft->ctx->arena;
    struct draft_sums sums = {.total = 0};
    int64_t worth = 0;
    *done = false;
    TRY(draft_sum(draft, &sums)); /* Products are in range from here. */
    int64_t *weights = arena_array(arena, int64_t, draft->line_count);
    money *parts = arena_array(arena, money, draft->line_count);
    for (size_t i = 0; i < draft->line_count; i++) {
        weights[i] = line_value(&draft->lines[i]);
        if (weights[i] < 0)
            return OK;
        worth += weights[i];
    }
    if (amount <= 0 || amount > worth)
        return OK;
    TRY(money_split(draft->ctx, money_make(amount, draft->currency), weights,
                    draft->line_count, parts));
    for (size_t i = 0; i < draft->line_count; i++)
        draft->lines[i].discount += parts[i].minor;
    *done = true;
    return OK;
}

void draft_add_tax(struct draft *draft, struct order_tax **taxes, size_t *count,
                   const struct order_tax *tax)
{
    struct arena *arena = draft->ctx->arena;
    struct order_tax *more = arena_array(arena, struct order_tax, *count + 1);
    for (size_t i = 0; i < *count; i++)
        more[i] = (*taxes)[i];
    more[(*count)++] = *tax;
    *taxes = more;
}

err_t draft_spread_tax(struct draft *draft, str name, int64_t rate_ppm,
                       int64_t amount)
{
    struct arena *arena = draft->ctx->arena;
    size_t count = draft->line_count + draft->shipping_count, at = 0;
    int64_t *weights = arena_array(arena, int64_t, count);
    money *parts = arena_array(arena, money, count);
    struct draft_sums sums = {.total = 0};
    TRY(draft_sum(draft, &sums));
    for (size_t i = 0; i < draft->line_count; i++, at++) {
        int64_t value = line_value(&draft->lines[i]);
        weights[at] = draft->lines[i].is_taxed && value > 0 ? value : 0;
    }
    for (size_t i = 0; i < draft->shipping_count; i++, at++) {
        const struct draft_charge *charge = &draft->shipping[i];
        int64_t value = charge->price - charge->discount;
        weights[at] = value > 0 ? value : 0;
    }
    TRY(money_split(draft->ctx, money_make(amount, draft->currency), weights,
                    count, parts));
    at = 0;
    for (size_t i = 0; i < draft->line_count; i++) {
        struct draft_line *line = &draft->lines[i];
        struct order_tax tax = {
            .name = name, .rate_ppm = rate_ppm, .amount = parts[at++].minor};
        if (tax.amount > 0)
            draft_add_tax(draft, &line->taxes, &line->tax_count, &tax);
    }
    for (size_t i = 0; i < draft->shipping_count; i++) {
        struct draft_charge *charge = &draft->shipping[i];
        struct order_tax tax = {
            .name = name, .rate_ppm = rate_ppm, .amount = parts[at++].minor};
        if (tax.amount > 0)
            draft_add_tax(draft, &charge->taxes, &charge->tax_count, &tax);
    }
    draft_note(draft, IMPORT_NOTE_TAX_SPREAD);
    return OK;
}

/* Moves each tax by one unit toward the target while some is left. */
static void move_taxes(struct order_tax *taxes, size_t count, int64_t *left)
{
    for (size_t i = 0; i < count && *left != 0; i++) {
        if (*left > 0 && taxes[i].amount > 0) {
            taxes[i].amount++;
            (*left)--;
        } else if (*left < 0 && taxes[i].amount > 0) {
            taxes[i].amount--;
            (*left)++;
        }
    }
}

static int64_t movable(const struct order_tax *taxes, size_t count)
{
    int64_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += taxes[i].amount > 0;
    return n;
}

void draft_round_tax(struct draft *draft, int64_t target, int64_t sum)
{
    int64_t left = target - sum, room = 0;
    for (size_t i = 0; i < draft->line_count; i++)
        room += movable(draft->lines[i].taxes, draft->lines[i].tax_count);
    for (size_t i = 0; i < draft->shipping_count; i++)
        room += movable(draft->shipping[i].taxes, draft->shipping[i].tax_count);
    if (left == 0 || left > room || left < -room)
        return;
    for (size_t i = 0; i < draft->line_count; i++)
        move_taxes(draft->lines[i].taxes, draft->lines[i].tax_count, &left);
    for (size_t i = 0; i < draft->shipping_count; i++)
        move_taxes(draft->shipping[i].taxes, draft->shipping[i].tax_count,
                   &left);
    draft_note(draft, IMPORT_NOTE_TAX_ROUNDED);
}

/* One minor unit more for the whole line, or one less. */
static bool move_line(struct draft_line *line, bool is_up)
{
    if (is_up && line->discount > 0) {
        line->discount--;
    } else if (is_up) {
        line->unit_price++;
        line->discount += line->qty - 1;
    } else if (line_value(line) > 0) {
        line->discount++;
    } else {
        return false;
    }
    return true;
}

err_t draft_meet_total(struct draft *draft, int64_t total)
{
    struct draft_sums sums = {.total = 0};
    TRY(draft_sum(draft, &sums));
    int64_t left = total - sums.total;
    int64_t most = (int64_t)draft->line_count;
    if (draft->out->notes[IMPORT_NOTE_AMOUNT_ROUNDED] == 0 || left > most ||
        left < -most)
        return OK;
    for (size_t i = 0; i < draft->line_count && left != 0; i++)
        if (move_line(&draft->lines[i], left > 0))
            left += left > 0 ? -1 : 1;
    return OK;
}

static const struct order_charge *
copy_charges(struct arena *arena, const struct draft_charge *from, size_t count)
{
    struct order_charge *ret = arena_array(arena, struct order_charge, count);
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct order_charge){.title = from[i].title,
                                       .price = from[i].price,
                                       .discount = from[i].discount,
                                       .taxes = from[i].taxes,
                                       .tax_count = from[i].tax_count};
    return ret;
}

static str decimal(struct draft *draft, int64_t minor)
{
    return money_to_decimal(draft->ctx->arena,
                            money_make(minor, draft->currency));
}

static err_t mismatch(struct draft *draft, const char *field, int64_t total,
                      const struct draft_sums *sums)
{
    return fail_as(draft->ctx, ERR_INVALID, "totals_mismatch", field,
                   "is %.*s, but lines %.*s - discounts %.*s + shipping %.*s "
                   "+ fees %.*s %s tax %.*s make %.*s",
                   STR_ARG(decimal(draft, total)),
                   STR_ARG(decimal(draft, sums->lines)),
                   STR_ARG(decimal(draft, sums->discount)),
                   STR_ARG(decimal(draft, sums->shipping)),
                   STR_ARG(decimal(draft, sums->fees)),
                   draft->is_tax_included ? "with" : "+",
                   STR_ARG(decimal(draft, sums->tax)),
                   STR_ARG(decimal(draft, sums->total)));
}

err_t draft_finish(struct draft *draft, const char *field, int64_t total)
{
    struct arena *arena = draft->ctx->arena;
    struct order_cmd *cmd = &draft->out->cmd;
    struct draft_sums sums = {.total = 0};
    TRY(draft_sum(draft, &sums));
    if (sums.total != total)
        return mismatch(draft, field, total, &sums);
    cmd->lines = arena_array(arena, struct order_line_cmd, draft->line_count);
    cmd->line_count = draft->line_count;
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct draft_line *from = &draft->lines[i];
        cmd->lines[i] = (struct order_line_cmd){.sku = from->sku,
                                                .title = from->title,
                                                .qty = from->qty,
                                                .unit_price = from->unit_price,
                                                .discount = from->discount,
                                                .total = -1,
                                                .taxes = from->taxes,
                                                .tax_count = from->tax_count,
                                                .attrs = from->attrs};
    }
    cmd->shipping = copy_charges(arena, draft->shipping, draft->shipping_count);
    cmd->shipping_count = draft->shipping_count;
    cmd->fees = copy_charges(arena, draft->fees, draft->fee_count);
    cmd->fee_count = draft->fee_count;
    cmd->tax_mode = draft->is_tax_included ? TAX_INCLUSIVE : TAX_EXCLUSIVE;
    for (size_t i = 0; i < sizeof cmd->currency; i++)
        cmd->currency[i] = draft->currency[i];
    struct order_totals *totals = arena_new(arena, struct order_totals);
    *totals = (struct order_totals){sums.lines, sums.discount, sums.shipping,
                                    sums.fees,  sums.tax,      total};
    cmd->totals = totals;
    return OK;
}
