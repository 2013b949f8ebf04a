/* change_draft_price.c - what a draft says: its lines priced, whom it is for.
 */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change_quote.h"
#include "oms/customer/customer.h"

struct listing { /* Of whom, and how much of it. */
    const struct company *company;
    const struct draft_cmd *draft;
};

/* ---- quantities ---- */

/* An amount that somebody worked out for other quantities. */
static bool is_fixed(const struct order_line_cmd *line)
{
    if (line->discount != 0 || line->total != -1)
        return true;
    for (size_t i = 0; i < line->tax_count; i++)
        if (line->taxes[i].amount != -1)
            return true;
    for (size_t i = 0; i < line->discount_count; i++)
        if (line->discounts[i].amount != -1)
            return true;
    return false;
}

static err_t check_sizable(struct ctx *ctx, const struct order_cmd *cmd)
{
    for (size_t i = 0; i < cmd->line_count; i++) {
        if (!is_fixed(&cmd->lines[i]))
            continue;
        str field = str_printf(ctx->arena, "order.lines[%zu]", i);
        return fail_as(ctx, ERR_INVALID, "amounts_fixed",
                       str_to_cstr(ctx->arena, field),
                       "a line whose quantity varies has no amounts but its "
                       "price: say rates");
    }
    return OK;
}

/* Lines of which there are none are left out. */
static void set_quantities(const struct draft_cmd *draft, struct order_cmd *cmd)
{
    size_t n = 0;
    for (size_t i = 0; i < draft->qty_count; i++) {
        ASSERT(draft->qty[i].n <= (int64_t)cmd->line_count);
        cmd->lines[draft->qty[i].n - 1].qty = draft->qty[i].qty;
    }
    for (size_t i = 0; i < cmd->line_count; i++)
        if (cmd->lines[i].qty > 0)
            cmd->lines[n++] = cmd->lines[i];
    ASSERT(n > 0);
    cmd->line_count = n;
}

/* ---- prices ---- */

/* Those that the company has of the lines that lack one, by SKU. */
static err_t read_prices(struct ctx *ctx, const struct company *company,
                         const struct order_cmd *cmd, struct map **ret)
{
    struct company_price *at = NULL;
    str *skus = arena_array(ctx->arena, str, cmd->line_count);
    size_t n = 0, count = 0;
    for (size_t i = 0; i < cmd->line_count; i++)
        if (cmd->lines[i].unit_price == LINE_UNPRICED)
            skus[n++] = cmd->lines[i].sku;
    if (company->id.v && n > 0)
        TRY(company_prices_of(ctx, company->id, skus, n, &at, &count));
    *ret = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(*ret, (struct map_key){.s = at[i].sku}, &at[i]);
    return OK;
}

/* Lines that were sent without a price have that of the company. */
static err_t fill_prices(struct ctx *ctx, const struct company *company,
                         struct order_cmd *cmd)
{
    struct map *prices;
    bool lacks = false;
    for (size_t i = 0; i < cmd->line_count; i++)
        lacks |= cmd->lines[i].unit_price == LINE_UNPRICED;
    if (!lacks)
        return OK;
    TRY(read_prices(ctx, company, cmd, &prices));
    if (cmd->currency[0] == '\0')
        memcpy(cmd->currency, company->currency, sizeof cmd->currency);
    for (size_t i = 0; i < cmd->line_count; i++) {
        struct order_line_cmd *line = &cmd->lines[i];
        if (line->unit_price != LINE_UNPRICED)
            continue;
        const struct company_price *price =
            map_find(prices, (struct map_key){.s = line->sku});
        str field = str_printf(ctx->arena, "order.lines[%zu].unit_price", i);
        if (!price)
            return fail_as(ctx, ERR_INVALID, "price_unknown",
                           str_to_cstr(ctx->arena, field),
                           "is needed: the draft's company has no price for "
                           "%.*s",
                           STR_ARG(line->sku));
        if (strcmp(cmd->currency, company->currency) != 0)
            return fail_as(ctx, ERR_INVALID, "currency_mismatch",
                           str_to_cstr(ctx->arena, field),
                           "the company's prices are in %s", company->currency);
        line->unit_price = price->unit_price;
    }
    return OK;
}

err_t draft_fill_titles(struct ctx *ctx, struct order_cmd *cmd)
{
    struct sku *skus;
    str *codes = arena_array(ctx->arena, str, cmd->line_count);
    size_t n = 0, count;
    for (size_t i = 0; i < cmd->line_count; i++)
        if (cmd->lines[i].title.len == 0)
            codes[n++] = cmd->lines[i].sku;
    if (n == 0)
        return OK;
    TRY(sku_list_codes(ctx, codes, n, &skus, &count));
    struct map *known = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(known, (struct map_key){.s = skus[i].code}, &skus[i]);
    for (size_t i = 0; i < cmd->line_count; i++) {
        struct order_line_cmd *line = &cmd->lines[i];
        const struct sku *sku =
            map_find(known, (struct map_key){.s = line->sku});
        if (line->title.len == 0 && sku)
            line->title = sku->title;
    }
    return OK;
}

/* What taxes depend on. */
static err_t fill_amounts(struct ctx *ctx, const struct listing *listing,
                          struct order_cmd *cmd)
{
    const struct draft_cmd *draft = listing->draft;
    if (draft->is_sized)
        TRY(check_sizable(ctx, cmd));
    if (draft->qty_count > 0)
        set_quantities(draft, cmd);
    if (draft->fulfil_at)
        cmd->fulfil_at = draft->fulfil_at;
    return fill_prices(ctx, listing->company, cmd);
}

static err_t fill(struct ctx *ctx, void *arg, struct order_cmd *cmd)
{
    TRY(fill_amounts(ctx, arg, cmd));
    return draft_fill_titles(ctx, cmd);
}

/* ---- whom it is for ---- */

static str first_of(str a, str b, str c)
{
    return a.len > 0 ? a : b.len > 0 ? b : c;
}

/* As an order's customer is found, docs/customers.md. */
static err_t find_customer(struct ctx *ctx, const struct order_cmd *cmd,
                           customer_id *ret)
{
    static const struct order_party nobody;
    const struct order_party *who = cmd->customer ? cmd->customer : &nobody;
    const struct order_party *ship =
        cmd->shipping_address ? cmd->shipping_address : &nobody;
    const struct order_party *bill =
        cmd->billing_address ? cmd->billing_address : &nobody;
    struct customer_seen seen = {
        .name = first_of(who->name, ship->name, bill->name),
        .email = first_of(who->email, ship->email, bill->email),
        .phone = first_of(who->phone, ship->phone, bill->phone),
        .country = first_of(ship->country, bill->country, STR_NONE),
    };
    if (who->external_id.len > 0) {
        seen.source = cmd->channel;
        seen.external_id = who->external_id;
    }
    return customer_match(ctx, &seen, ret, NULL);
}

static err_t fill_for(struct ctx *ctx, void *arg, struct order_cmd *cmd)
{
    struct company company = {.terms_days = COMPANY_NONE};
    struct listing listing = {&company, arg};
    if (listing.draft->company.v)
        TRY(company_get(ctx, listing.draft->company, &company));
    return fill_amounts(ctx, &listing, cmd);
}

err_t draft_prepare(struct ctx *ctx, struct request *req, struct draft_cmd *cmd)
{
    struct order_listed listed = {fill_for, cmd};
    return order_quote_prepare(ctx, req, cmd->order, &listed);
}

err_t draft_work_out(struct ctx *ctx, const struct draft_cmd *cmd,
                     struct draft *draft)
{
    struct company company = {.terms_days = COMPANY_NONE};
    struct listing listing = {&company, cmd};
    struct order_listed listed = {fill, &listing};
    struct order_cmd order;
    if (cmd->company.v)
        TRY(company_get(ctx, cmd->company, &company));
    TRY(order_quote(ctx, cmd->order, &listed, cmd->ask, &order));
    TRY(find_customer(ctx, &order, &draft->customer));
    draft->company = cmd->company;
    draft->po_number = cmd->po_number;
    draft->terms_days =
        cmd->terms_days == COMPANY_NONE ? company.terms_days : cmd->terms_days;
    draft->channel = order.channel;
    memcpy(draft->currency, order.currency, sizeof draft->currency);
    draft->total = order.totals->total;
    draft->body = order_cmd_body(ctx->arena, &order);
    return OK;
}
