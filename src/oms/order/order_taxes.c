/* order_taxes.c - the taxes of orders, from the tables. */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog_measure.h"
#include "oms/order/order_batch.h"
#include "oms/order/order_price.h"
#include "oms/order/tax_engine.h"

struct order_taxes {
    struct map *classes; /* SKU code -> struct sku_tax */
    struct tax_rate *rates;
    size_t rate_count;
};

/* ---- what is read for many ---- */

static const struct order_party *party_of(const struct order_cmd *cmd,
                                          const struct channel *channel)
{
    if (cmd->method == ORDER_PICKUP && channel->tax_country.len > 0)
        return NULL;
    return cmd->shipping_address ? cmd->shipping_address : cmd->billing_address;
}

/* What is collected is sold at the channel's own place; so is what has no
 * address. An empty country: nobody knows. */
static struct tax_place place_of(struct arena *arena,
                                 const struct order_taxed *item)
{
    const struct channel *channel = item->channel;
    const struct order_party *party = party_of(item->cmd, channel);
    if (party)
        return tax_place_of(arena, party->country, party->region,
                            party->postal_code);
    return tax_place_of(arena, channel->tax_country, channel->tax_region,
                        channel->tax_postal_code);
}

static utc_ms time_of(const struct ctx *ctx, const struct order_cmd *cmd)
{
    return cmd->placed_at ? cmd->placed_at : ctx->now;
}

static bool is_same_when(const struct tax_when *a, const struct tax_when *b)
{
    return a->at == b->at && str_equal(a->to.country, b->to.country) &&
           str_equal(a->to.region, b->to.region) &&
           str_equal(a->to.postal_code, b->to.postal_code);
}

static err_t gather_rates(struct ctx *ctx, const struct order_taxed *items,
                          size_t count, struct order_taxes *taxes)
{
    struct tax_when *when = arena_array(ctx->arena, struct tax_when, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!items[i].channel)
            continue;
        when[n].to = place_of(ctx->arena, &items[i]);
        when[n].at = time_of(ctx, items[i].cmd);
        if (n == 0 || !is_same_when(&when[n], &when[n - 1]))
            n++;
    }
    return tax_rates_load(ctx, when, n, &taxes->rates, &taxes->rate_count);
}

static err_t gather_classes(struct ctx *ctx, const struct order_taxed *items,
                            size_t count, struct order_taxes *taxes)
{
    size_t lines = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        lines += items[i].channel ? items[i].cmd->line_count : 0;
    str *codes = arena_array(ctx->arena, str, lines);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; items[i].channel && j < items[i].cmd->line_count;
             j++)
            codes[n++] = items[i].cmd->lines[j].sku;
    struct sku_tax *found;
    TRY(sku_list_taxes(ctx, codes, n, &found, &n));
    taxes->classes = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(taxes->classes, (struct map_key){.s = found[i].code},
                &found[i]);
    return OK;
}

err_t order_taxes_gather(struct ctx *ctx, const struct order_taxed *items,
                         size_t count, struct order_taxes **ret)
{
    struct order_taxes *taxes = arena_new(ctx->arena, struct order_taxes);
    TRY(gather_classes(ctx, items, count, taxes));
    TRY(gather_rates(ctx, items, count, taxes));
    *ret = taxes;
    return OK;
}

/* ---- one order ---- */

static err_t fail_item(struct ctx *ctx, const char *slug, const char *list,
                       size_t i, const char *member, const char *text)
{
    char field[64];
    snprintf(field, sizeof field, "%s[%zu]%s", list, i, member);
    return fail_as(ctx, ERR_INVALID, slug, field, "%s", text);
}

/* What an amount comes to without its discount. */
static err_t net_of(struct ctx *ctx, int64_t qty, int64_t price,
                    int64_t discount, const char *list, size_t i,
                    struct tax_item *ret)
{
    int64_t gross;
    if (!i64_mul(qty, price, &gross) || gross > LIMIT_MINOR)
        return fail_item(ctx, "number_out_of_range", list, i, "",
                         "the amount is too large");
    if (discount > gross)
        return fail_item(ctx, "discount_too_large", list, i, ".discount",
                         "must lie between 0 and the price of the whole line");
    ret->amount = gross - discount;
    return OK;
}

static err_t charge_items(struct ctx *ctx, const struct order_charge *charges,
                          size_t count, const char *list, str tax_class,
                          struct tax_item *ret)
{
    for (size_t i = 0; i < count; i++) {
        TRY(net_of(ctx, 1, charges[i].price, charges[i].discount, list, i,
                   &ret[i]));
        ret[i].tax_class =
            charges[i].tax_class.len > 0 ? charges[i].tax_class : tax_class;
    }
    return OK;
}

/* Lines, shipping lines and fees, one after the other. */
static err_t make_items(struct ctx *ctx, const struct order_taxes *taxes,
                        const struct order_cmd *cmd, struct tax_item *ret)
{
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct order_line_cmd *line = &cmd->lines[i];
        const struct sku_tax *sku =
            map_find(taxes->classes, (struct map_key){.s = line->sku});
        if (!sku)
            return fail_item(ctx, "sku_unknown", "lines", i, ".sku",
                             "there is no SKU with this code");
        TRY(net_of(ctx, line->qty, line->unit_price, line->discount, "lines", i,
                   &ret[i]));
        ret[i].tax_class = sku->tax_class;
        ret[i].sku = line->sku;
    }
    ret += cmd->line_count;
    TRY(charge_items(ctx, cmd->shipping, cmd->shipping_count, "shipping_lines",
                     STR("shipping"), ret));
    return charge_items(ctx, cmd->fees, cmd->fee_count, "fees", STR("fee"),
                        ret + cmd->shipping_count);
}

static struct order_charge *give_charges(struct arena *arena,
                                         const struct order_charge *charges,
                                         size_t count,
                                         const struct tax_lines *lines)
{
    struct order_charge *own = arena_array(arena, struct order_charge, count);
    for (size_t i = 0; i < count; i++) {
        own[i] = charges[i];
        own[i].taxes = lines[i].at;
        own[i].tax_count = lines[i].count;
    }
    return own;
}

static void give_taxes(struct arena *arena, const struct tax_lines *lines,
                       struct order_cmd *cmd)
{
    struct order_line_cmd *own =
        arena_array(arena, struct order_line_cmd, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        own[i] = cmd->lines[i];
        own[i].taxes = lines[i].at;
        own[i].tax_count = lines[i].count;
    }
    cmd->lines = own;
    lines += cmd->line_count;
    cmd->shipping =
        give_charges(arena, cmd->shipping, cmd->shipping_count, lines);
    cmd->fees = give_charges(arena, cmd->fees, cmd->fee_count,
                             lines + cmd->shipping_count);
}

err_t order_taxes_request(struct ctx *ctx, const struct order_taxes *taxes,
                          const struct order_taxed *item,
                          struct tax_request *ret)
{
    const struct order_cmd *cmd = item->cmd;
    const struct channel *channel = item->channel;
    size_t count = cmd->line_count + cmd->shipping_count + cmd->fee_count;
    struct tax_item *items = arena_array(ctx->arena, struct tax_item, count);
    *ret = (struct tax_request){
        .mode = cmd->tax_mode ? cmd->tax_mode : channel->tax_mode,
        .rounding = channel->rounding,
        .round = channel->tax_round,
        .to = place_of(ctx->arena, item),
        .tax_id = cmd->customer ? cmd->customer->tax_id : STR_NONE,
        .at = time_of(ctx, cmd),
        .items = items,
        .item_count = count,
        .rates = taxes->rates,
        .rate_count = taxes->rate_count,
        .answer = item->answer,
    };
    memcpy(ret->currency, cmd->currency, sizeof ret->currency);
    if (ret->to.country.len == 0)
        return fail_as(ctx, ERR_INVALID, "destination_unknown",
                       "shipping_address",
                       "taxes need a place: an address, or the channel's own");
    return make_items(ctx, taxes, cmd, items);
}

err_t order_taxes_apply(struct ctx *ctx, const struct order_taxes *taxes,
                        const struct order_taxed *item, struct order_cmd *ret)
{
    const struct tax *tax = item->answer ? &tax_outside : &tax_tables;
    struct tax_lines *lines;
    struct tax_request request;
    TRY(order_taxes_request(ctx, taxes, item, &request));
    TRY(tax->compute(ctx, &request, &lines));
    *ret = *item->cmd;
    ret->tax_mode = request.mode;
    give_taxes(ctx->arena, lines, ret);
    return OK;
}

/* ---- placing ---- */

static bool is_computed(const struct batch_item *item)
{
    const struct channel *channel = item->channel->channel;
    return channel && channel->taxes == TAXES_COMPUTED &&
           item->item->cmd->origin == ORDER_ORIGIN_API;
}

err_t order_taxes_batch(struct order_batch *batch)
{
    struct order_taxed *items = NULL;
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_item *item = &batch->items[i];
        if (!is_computed(item))
            continue;
        if (!items)
            items = arena_array(batch->ctx->arena, struct order_taxed,
                                batch->count);
        items[i] = (struct order_taxed){.cmd = item->item->cmd,
                                        .channel = item->channel->channel};
    }
    if (!items)
        return OK;
    return order_taxes_gather(batch->ctx, items, batch->count, &batch->taxes);
}

static int64_t sum_of(const struct order_tax *taxes, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += taxes[i].amount; /* Few, LIMIT_MINOR at most. */
    return sum;
}

static err_t compare(struct ctx *ctx, const char *list, size_t i, int64_t sent,
                     int64_t wanted)
{
    char field[64];
    if (sent == wanted)
        return OK;
    snprintf(field, sizeof field, "%s[%zu].tax_lines", list, i);
    return fail_as(ctx, ERR_INVALID, "taxes_mismatch", field,
                   "must come to %lld by the tax tables; it is %lld",
                   (long long)wanted, (long long)sent);
}

static err_t compare_charges(struct ctx *ctx, const char *list,
                             const struct order_charge *sent,
                             const struct order_charge *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(compare(ctx, list, i, sum_of(sent[i].taxes, sent[i].tax_count),
                    sum_of(wanted[i].taxes, wanted[i].tax_count)));
    return OK;
}

static err_t compare_all(struct ctx *ctx, const struct order_cmd *sent,
                         const struct order_cmd *wanted)
{
    for (size_t i = 0; i < sent->line_count; i++)
        TRY(compare(
            ctx, "lines", i,
            sum_of(sent->lines[i].taxes, sent->lines[i].tax_count),
            sum_of(wanted->lines[i].taxes, wanted->lines[i].tax_count)));
    TRY(compare_charges(ctx, "shipping_lines", sent->shipping, wanted->shipping,
                        sent->shipping_count));
    return compare_charges(ctx, "fees", sent->fees, wanted->fees,
                           sent->fee_count);
}

static bool has_taxes(const struct order_cmd *cmd)
{
    size_t count = 0;
    for (size_t i = 0; i < cmd->line_count; i++)
        count += cmd->lines[i].tax_count;
    for (size_t i = 0; i < cmd->shipping_count; i++)
        count += cmd->shipping[i].tax_count;
    for (size_t i = 0; i < cmd->fee_count; i++)
        count += cmd->fees[i].tax_count;
    return count > 0;
}

err_t order_taxes_settle(struct order_batch *batch, struct batch_item *item)
{
    struct ctx *ctx = item->item->ctx;
    const struct order_cmd *cmd =
        item->item->sent ? item->item->sent : item->item->cmd;
    struct order_taxed taxed = {.cmd = cmd, .channel = item->channel->channel};
    if (!is_computed(item))
        return OK;
    struct order_cmd *own = arena_new(batch->ctx->arena, struct order_cmd);
    TRY(order_taxes_apply(ctx, batch->taxes, &taxed, own));
    if (has_taxes(cmd))
        return compare_all(ctx, cmd, own);
    order_cmd_seal(batch->ctx->arena, own);
    own->body_hash = cmd->body_hash; /* It says what was sent. */
    item->item->sent = cmd;
    item->item->cmd = own;
    return OK;
}
