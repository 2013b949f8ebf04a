/* woocommerce_taxes.c - taxes of a WooCommerce order to the minor unit.
 *
 * Shops may round a rate's tax once per order and still show each line rounded
 * by itself (1.13 + 0.23 + 0.90 where the order says 2.25). The order's own
 * tax_lines are what was charged; the unrounded shares of the lines
 * (taxes[].total, as "1.125") say who bears how much of it.
 */
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "connect/channel/draft.h"
#include "connect/channel/woocommerce/woocommerce.h"

enum { RATE_MAX_PPM = 10 * MICRO };

/* One thing that bears tax. */
struct bearer {
    json_any src;
    const char *path;
    struct order_tax **taxes;
    size_t *tax_count;
};

static size_t bearers_of(struct draft *draft, bool is_shipping,
                         struct bearer *ret)
{
    size_t n = 0;
    for (size_t i = 0; is_shipping && i < draft->shipping_count; i++) {
        struct draft_charge *to = &draft->shipping[i];
        ret[n++] = (struct bearer){to->src, "shipping_lines", &to->taxes,
                                   &to->tax_count};
    }
    for (size_t i = 0; !is_shipping && i < draft->line_count; i++) {
        struct draft_line *to = &draft->lines[i];
        ret[n++] =
            (struct bearer){to->src, "line_items", &to->taxes, &to->tax_count};
    }
    for (size_t i = 0; !is_shipping && i < draft->fee_count; i++) {
        struct draft_charge *to = &draft->fees[i];
        ret[n++] =
            (struct bearer){to->src, "fee_lines", &to->taxes, &to->tax_count};
    }
    return n;
}

/* The unrounded share of that rate; shares below zero weigh nothing. */
static err_t share_of(struct draft *draft, const struct bearer *bearer,
                      str rate_id, micro *ret)
{
    struct arena *arena = draft->ctx->arena;
    json_any list = json_any_get(bearer->src, "taxes");
    *ret = 0;
    for (size_t i = 0; i < json_any_count(list); i++) {
        json_any tax = json_any_at(list, i);
        micro share;
        if (!str_equal(json_any_get_text(arena, tax, "id"), rate_id))
            continue;
        TRY(draft_micro(draft, tax, bearer->path, "total", &share));
        if (share > 0)
            *ret += share;
    }
    return OK;
}

/* Without shares by rate the tax of the whole thing says who bears it. */
static err_t weigh(struct draft *draft, const struct bearer *bearers, size_t n,
                   str rate_id, int64_t *weights)
{
    micro sum = 0;
    for (size_t i = 0; i < n; i++) {
        TRY(share_of(draft, &bearers[i], rate_id, &weights[i]));
        sum += weights[i] > 0;
    }
    for (size_t i = 0; sum == 0 && i < n; i++) {
        TRY(draft_micro(draft, bearers[i].src, bearers[i].path, "total_tax",
                        &weights[i]));
        weights[i] = weights[i] > 0 ? weights[i] : 0;
    }
    return OK;
}

struct rate {
    str id, name;
    int64_t ppm;
};

static err_t put_tax(struct draft *draft, const struct rate *rate,
                     int64_t amount, bool is_shipping)
{
    struct arena *arena = draft->ctx->arena;
    size_t most = draft->line_count + draft->fee_count + draft->shipping_count;
    struct bearer *bearers = arena_array(arena, struct bearer, most);
    size_t n = bearers_of(draft, is_shipping, bearers);
    int64_t *weights = arena_array(arena, int64_t, most);
    money *parts = arena_array(arena, money, most);
    if (n == 0 || amount <= 0)
        return OK;
    TRY(weigh(draft, bearers, n, rate->id, weights));
    TRY(money_split(draft->ctx, money_make(amount, draft->currency), weights, n,
                    parts));
    for (size_t i = 0; i < n; i++) {
        struct order_tax tax = {.name = rate->name,
                                .rate_ppm = rate->ppm,
                                .amount = parts[i].minor};
        if (tax.amount > 0)
            draft_add_tax(draft, bearers[i].taxes, bearers[i].tax_count, &tax);
    }
    return OK;
}

static struct rate read_rate(struct draft *draft, json_any line)
{
    struct arena *arena = draft->ctx->arena;
    struct rate rate = {.id = json_any_get_text(arena, line, "rate_id")};
    micro percent;
    rate.name = draft_text(draft, line, "label", LIMIT_TITLE_BYTES);
    if (rate.name.len == 0)
        rate.name = draft_title(draft, line, "rate_code", "Tax");
    str text = json_any_get_text(arena, line, "rate_percent");
    if (micro_from_text(text, &percent) && percent >= 0 &&
        percent / 100 <= RATE_MAX_PPM)
        rate.ppm = percent / 100;
    return rate;
}

/* Payloads without tax_lines still say a tax for each thing. */
static err_t put_plain(struct draft *draft, bool is_shipping)
{
    struct arena *arena = draft->ctx->arena;
    size_t most = draft->line_count + draft->fee_count + draft->shipping_count;
    struct bearer *bearers = arena_array(arena, struct bearer, most);
    size_t n = bearers_of(draft, is_shipping, bearers);
    for (size_t i = 0; i < n; i++) {
        struct order_tax tax = {.name = STR("Tax")};
        TRY(draft_price(draft, bearers[i].src, bearers[i].path, "total_tax",
                        &tax.amount));
        if (tax.amount > 0)
            draft_add_tax(draft, bearers[i].taxes, bearers[i].tax_count, &tax);
    }
    return OK;
}

/* What the lines show, each rounded by itself. */
static err_t shown_tax(struct draft *draft, int64_t *ret)
{
    static const char *const lists[] = {"line_items", "fee_lines",
                                        "shipping_lines"};
    *ret = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        json_any list = json_any_get(draft->src, lists[i]);
        for (size_t j = 0; j < json_any_count(list); j++) {
            int64_t tax = 0;
            TRY(draft_money(draft, json_any_at(list, j), lists[i], "total_tax",
                            &tax, NULL));
            *ret += tax;
        }
    }
    return OK;
}

err_t woocommerce_read_taxes(struct draft *draft)
{
    json_any list = json_any_get(draft->src, "tax_lines");
    struct draft_sums sums = {.total = 0};
    int64_t shown, total = 0;
    bool has_total;
    for (size_t i = 0; i < json_any_count(list); i++) {
        json_any line = json_any_at(list, i);
        struct rate rate = read_rate(draft, line);
        int64_t cart = 0, shipping = 0;
        TRY(draft_price(draft, line, "tax_lines", "tax_total", &cart));
        TRY(draft_price(draft, line, "tax_lines", "shipping_tax_total",
                        &shipping));
        TRY(put_tax(draft, &rate, cart, false));
        TRY(put_tax(draft, &rate, shipping, true));
    }
    if (json_any_count(list) == 0) {
        TRY(put_plain(draft, false));
        TRY(put_plain(draft, true));
    }
    TRY(draft_money(draft, draft->src, "", "total_tax", &total, &has_total));
    TRY(draft_sum(draft, &sums));
    if (has_total && total != sums.tax) {
        draft_round_tax(draft, total, sums.tax);
        return OK;
    }
    TRY(shown_tax(draft, &shown));
    if (shown != sums.tax)
        draft_note(draft, IMPORT_NOTE_TAX_ROUNDED);
    return OK;
}
