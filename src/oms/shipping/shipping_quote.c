/* shipping_quote.c - what a parcel costs with whom, and which one is taken. */
#include "oms/shipping/shipping_quote.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/routing/routing_zone.h"
#include "oms/shipping/shipping_service.h"
#include "oms/shipping/shipping_shop_int.h"
#include "oms/vendor.h"

enum { OFFERS_MAX = 200, OFFERS_SHOWN = 20 };

/* Everything that could be taken. */
struct shopping {
    const struct routing_book *book;
    const struct routing_zone *zone; /* NULL: in none. */
    struct routing_destination to;
    location_id from;
    char currency[4];
    utc_ms promise_at;
    const struct live_rates *live; /* NULL: nobody was asked. */
    struct account *accounts;      /* Of each offer. */
    struct shop_offer *offers;
    size_t count;
};

static err_t open_shop(struct ctx *ctx, const struct package *package,
                       struct shopping *ret)
{
    struct order order;
    struct order_route_facts facts;
    struct fulfillment fo;
    *ret = (struct shopping){.from = package->location};
    TRY(order_get(ctx, package->order, &order));
    TRY(order_destination(ctx, &order, &facts));
    TRY(fulfillment_get(ctx, package->fo, &fo));
    TRY(routing_book_get(ctx, &ret->book));
    memcpy(ret->currency, order.currency, sizeof ret->currency);
    ret->to.country = facts.country;
    ret->to.postal_code = facts.postal_code;
    ret->zone = routing_zone_find(ret->book, facts.country, facts.postal_code);
    /* What was promised is the way to the buyer, not the way back. */
    if (!package->returns.v)
        ret->promise_at = fo.promise_at;
    ret->accounts = arena_array(ctx->arena, struct account, OFFERS_MAX);
    ret->offers = arena_array(ctx->arena, struct shop_offer, OFFERS_MAX);
    return OK;
}

/* The one bracket that takes the weight, by routing's tables. */
static void read_card(const struct shopping *shop,
                      const struct service *service, int64_t weight_g,
                      struct rate_bracket *bracket, struct rate_days *days,
                      struct rate_card *card)
{
    struct routing_rate rate;
    int64_t transit;
    *card = service->card;
    if (!shop->zone)
        return;
    if (routing_rate_find(shop->book, shop->from, shop->zone,
                          service->routing_service, weight_g, &rate)) {
        *bracket = (struct rate_bracket){shop->zone->code, rate.up_to_g,
                                         rate.amount.minor};
        memcpy(card->currency, rate.amount.currency, sizeof card->currency);
        card->brackets = bracket;
        card->bracket_count = 1;
    }
    if (routing_transit_find(shop->book, shop->from, shop->zone,
                             service->routing_service, &transit)) {
        *days = (struct rate_days){shop->zone->code, transit, transit};
        card->days = days;
        card->day_count = 1;
    }
}

/* Days on the way, two of each seven a weekend. */
static utc_ms arrival(const struct ctx *ctx, int64_t days)
{
    return ctx->now + (days + days / 5 * 2) * 24 * 60 * 60 * 1000;
}

/* What its carrier told goes before the tables. */
static void put_live(struct ctx *ctx, const struct shopping *shop,
                     const struct account *account, struct shop_offer *offer)
{
    const struct live_rate *found = NULL;
    bool is_told = false, is_denied = false;
    if (!shop_is_live(ctx, account))
        return;
    offer->source = shop->live ? RATE_SILENT : RATE_NOT_ASKED;
    for (size_t i = 0; shop->live && i < shop->live->count; i++) {
        const struct live_rate *at = &shop->live->rates[i];
        if (at->account.v != account->id.v)
            continue;
        is_denied |= at->service.len == 0;
        is_told |= at->service.len > 0;
        if (str_equal(at->service, offer->service))
            found = at;
    }
    if (is_denied)
        offer->source = RATE_DENIED;
    if (!is_told)
        return;
    offer->source = RATE_LIVE;
    offer->why = RATE_NOT_OFFERED;
    if (!found)
        return;
    bool is_ours = memcmp(found->price.currency, shop->currency, 3) == 0;
    offer->why = is_ours ? RATE_OK : RATE_OTHER_CURRENCY;
    offer->price.price_minor = found->price.minor;
    if (offer->price.list_minor < found->price.minor)
        offer->price.list_minor = found->price.minor;
    offer->price.savings_minor = offer->price.list_minor - found->price.minor;
    if (found->days >= 0) {
        offer->price.min_days = offer->price.max_days = found->days;
        offer->arrives_at = arrival(ctx, found->days);
    }
}

static err_t add_offer(struct ctx *ctx, struct shopping *shop,
                       const struct package *package,
                       const struct account *account,
                       const struct service *service)
{
    struct rate_bracket bracket;
    struct rate_days days;
    struct rate_card card;
    struct routing_promise promise;
    struct rate_parcel parcel = {.weight_g = package->weight_g,
                                 .size = package->size,
                                 .zone =
                                     shop->zone ? shop->zone->code : STR("")};
    if (shop->count == OFFERS_MAX)
        return OK;
    struct shop_offer *offer = &shop->offers[shop->count];
    *offer =
        (struct shop_offer){.account = account->code, .service = service->code};
    read_card(shop, service, rate_billable(&service->card, &parcel), &bracket,
              &days, &card);
    TRY(rate_of(ctx, &card, &parcel, &offer->price, &offer->why));
    if (offer->why == RATE_OK && memcmp(card.currency, shop->currency, 3) != 0)
        offer->why = RATE_OTHER_CURRENCY;
    routing_promise_make(shop->book, shop->from, &shop->to,
                         service->routing_service, ctx->now, &promise);
    offer->arrives_at = promise.is_known ? promise.promise_at : 0;
    put_live(ctx, shop, account, offer);
    shop->accounts[shop->count++] = *account;
    return OK;
}

static err_t add_account(struct ctx *ctx, struct shopping *shop,
                         const struct package *package,
                         const struct account *account, str service)
{
    struct service *services;
    size_t count;
    TRY(service_list(ctx, account->services, &services, &count));
    for (size_t i = 0; i < count; i++)
        if (service.len == 0 || str_equal(services[i].code, service))
            TRY(add_offer(ctx, shop, package, account, &services[i]));
    return OK;
}

static err_t gather(struct ctx *ctx, const struct package *package,
                    const struct label_cmd *cmd, struct shopping *shop)
{
    struct account *rows;
    size_t count;
    if (cmd->account.len) {
        struct account one;
        TRY(account_by_code(ctx, cmd->account, &one));
        TRY(add_account(ctx, shop, package, &one, cmd->service));
    } else {
        TRY(account_page(ctx, (carrier_account_id){0}, LIMIT_VENDOR_ACCOUNTS,
                         &rows, &count));
        for (size_t i = 0; i < count; i++)
            if (rows[i].is_active)
                TRY(add_account(ctx, shop, package, &rows[i], cmd->service));
    }
    if (shop->count > 0)
        return OK;
    if (cmd->service.len)
        return fail_as(ctx, ERR_INVALID, "service_unknown", "service",
                       "no active account has a service %.*s",
                       STR_ARG(cmd->service));
    return fail_as(ctx, ERR_INVALID, "service_required", "service",
                   "no active account has a service");
}

/* ---- how it came about ---- */

static void write_offer(struct json_out *out, const struct shopping *shop,
                        const struct shop_choice *choice, size_t i)
{
    const struct shop_offer *o = &shop->offers[i];
    json_begin(out, NULL);
    json_put_str(out, "account", o->account);
    json_put_str(out, "service", o->service);
    json_put_cstr(out, "verdict", shop_verdict_name(choice->verdicts[i]));
    json_put_cstr(out, "source", rate_source_name(o->source));
    if (o->why == RATE_OK) {
        money list = money_make(o->price.list_minor, shop->currency);
        money price = money_make(o->price.price_minor, shop->currency);
        money saved = money_make(o->price.savings_minor, shop->currency);
        json_put_money(out, "list_price", list);
        json_put_money(out, "price", price);
        json_put_money(out, "savings", saved);
    } else {
        json_put_cstr(out, "why", rate_why_name(o->why));
    }
    json_put_i64(out, "billable_g", o->price.billable_g);
    if (o->price.max_days >= 0)
        json_put_i64(out, "days", o->price.max_days);
    if (o->arrives_at)
        json_put_time(out, "arrives_at", o->arrives_at);
    json_end_object(out);
}

static str write_choice(struct ctx *ctx, const struct shopping *shop,
                        enum shop_mode mode, const struct shop_choice *choice)
{
    struct buf buf;
    struct json_out out;
    size_t shown = 0;
    buf_init(&buf, ctx->arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "mode", shop_mode_names[mode - 1]);
    json_put_str(&out, "zone", shop->zone ? shop->zone->code : STR(""));
    if (shop->promise_at)
        json_put_time(&out, "promise_at", shop->promise_at);
    json_put_bool(&out, "is_late", choice->is_late);
    if (mode == SHOP_BALANCED)
        json_put_money(&out, "day_value",
                       money_make(choice->day_minor, shop->currency));
    json_begin_list(&out, "offers");
    for (size_t i = 0; i < shop->count; i++)
        if (i == choice->chosen || shown < OFFERS_SHOWN) {
            write_offer(&out, shop, choice, i);
            shown++;
        }
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t quote_choose(struct ctx *ctx, const struct package *package,
                   const struct label_cmd *cmd, const struct live_rates *live,
                   struct quote *ret)
{
    struct shopping shop;
    struct shop_choice choice;
    enum shop_mode mode = cmd->mode ? cmd->mode : SHOP_CHEAPEST;
    TRY(open_shop(ctx, package, &shop));
    shop.live = live;
    TRY(gather(ctx, package, cmd, &shop));
    shop_choose(ctx->arena, mode, shop.promise_at, 0, shop.offers, shop.count,
                &choice);
    /* What is named, or is the only one there is, goes without a price. */
    if (choice.chosen == SIZE_MAX && shop.count == 1 &&
        shop.offers[0].why != RATE_NOT_OFFERED) {
        choice.chosen = 0;
        choice.verdicts[0] = SHOP_ONLY;
    }
    *ret = (struct quote){.choice = write_choice(ctx, &shop, mode, &choice)};
    size_t chosen = choice.chosen;
    if (chosen == SIZE_MAX)
        return OK;
    ret->is_chosen = true;
    ret->account = shop.accounts[chosen];
    ret->service = shop.offers[chosen].service;
    ret->price = shop.offers[chosen].price;
    ret->has_price = shop.offers[chosen].why == RATE_OK;
    memcpy(ret->currency, shop.currency, sizeof ret->currency);
    return OK;
}

void quote_put(struct package *package, const struct quote *quote)
{
    package->account = quote->account.id;
    package->carrier = str_from_cstr(quote->account.carrier->name);
    package->service = quote->service;
    package->choice = quote->choice;
    package->list_minor = package->quoted_minor = package->cost_minor = -1;
    memset(package->currency, 0, sizeof package->currency);
    if (!quote->has_price)
        return;
    memcpy(package->currency, quote->currency, sizeof package->currency);
    package->list_minor = quote->price.list_minor;
    package->quoted_minor = quote->price.price_minor;
}
