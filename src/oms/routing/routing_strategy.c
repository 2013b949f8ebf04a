/* routing_strategy.c - documents of strategies to scenarios and steps. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "oms/channel/channel.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_decode.h"
#include "oms/routing/routing_router.h"

enum {
    SCENARIOS_MAX = 20,
    STEPS_MAX = 10,
    WORDS_MAX = 50,
    ATTRS_MAX = 10,
    KM_MAX = 20100,
    DAYS_MAX = 365,
    PACKAGES_MAX = 100,
    RANKED_MAX = 1000
};

static const char *const method_names[] = {"ship", "pickup", "digital"};
static const char *const channel_names[] = {"web",    "marketplace", "pos",
                                            "social", "b2b",         "live"};
static const char *const type_names[] = {"warehouse", "store", "3pl",
                                         "dropship", "virtual"};
static const char *const policy_names[] = {"whole_order", "whole_lines",
                                           "units"};
static const char *const after_names[] = {"next", "backorder", "hold",
                                          "refuse"};
static const char *const by_names[] = {
    "fewest_splits", "same_market",   "ranked",         "nearest",
    "stock_balance", "capacity_left", "nearest_expiry", "oldest_stock"};
static const char *const bar_names[BAR_COUNT] = {
    "none",   "method",   "group",    "type",    "country", "market",
    "closed", "capacity", "distance", "promise", "request"};

const char *routing_by_name(enum routing_by by)
{
    ASSERT(by > 0 && by < BY_COUNT);
    return by_names[by - 1];
}

const char *routing_bar_name(enum routing_bar bar)
{
    ASSERT(bar >= 0 && bar < BAR_COUNT);
    return bar_names[bar];
}

const char *routing_after_name(enum routing_after after)
{
    ASSERT(after >= AFTER_NEXT && after <= AFTER_REFUSE);
    return after_names[after - 1];
}

/* What the decoders of one strategy share. */
struct making {
    struct ctx *ctx;
    const struct routing_book *book;
    bool is_strict;
    struct routing_strategy *strategy;
    str *keys; /* Of SKU attributes. */
};

static err_t read_bits(struct json_in *in, const char *key,
                       const char *const *names, size_t count, unsigned *ret)
{
    struct text_list words;
    *ret = 0;
    TRY(decode_texts(in, key, WORDS_MAX, &words));
    for (size_t i = 0; i < words.count; i++) {
        size_t n = 0;
        while (n < count && !str_equal_cstr(words.at[i], names[n]))
            n++;
        if (n == count)
            return json_fail(in, key, ERR_INVALID, "unknown_value",
                             "%.*s is none of the known names",
                             STR_ARG(words.at[i]));
        *ret |= 1u << (n + 1);
    }
    return OK;
}

/* ---- which orders ---- */

static size_t key_of(struct making *making, str key)
{
    struct routing_strategy *strategy = making->strategy;
    for (size_t i = 0; i < strategy->attr_key_count; i++)
        if (str_equal(making->keys[i], key))
            return i;
    making->keys[strategy->attr_key_count] = key;
    return strategy->attr_key_count++;
}

static err_t read_attrs(struct making *making, struct json_in *in,
                        struct routing_filter *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "sku_attrs", 0, ATTRS_MAX, &list));
    struct routing_attr *attrs =
        arena_array(making->ctx->arena, struct routing_attr, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        str key;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "key", 1, LIMIT_CODE_BYTES, &key));
        TRY(decode_texts(at, "values", WORDS_MAX, &attrs[i].values));
        TRY(json_end(at));
        attrs[i].key = key_of(making, key);
    }
    ret->attrs = attrs;
    ret->attr_count = list.count;
    return OK;
}

static err_t read_value(struct json_in *in, const char *key,
                        struct routing_filter *filter, int64_t *ret)
{
    money value;
    *ret = -1;
    if (!json_has(in, key))
        return OK;
    TRY(json_get_money(in, key, filter->currency[0] ? filter->currency : NULL,
                       &value));
    memcpy(filter->currency, value.currency, sizeof filter->currency);
    *ret = value.minor;
    return OK;
}

static err_t read_filter(struct making *making, struct json_in *in,
                         struct routing_filter *ret)
{
    bool is_cross = false;
    TRY(decode_texts(in, "tags", WORDS_MAX, &ret->tags));
    TRY(decode_texts(in, "not_tags", WORDS_MAX, &ret->not_tags));
    TRY(decode_texts(in, "services", WORDS_MAX, &ret->services));
    TRY(decode_texts(in, "postal_prefixes", WORDS_MAX * 20, &ret->postal));
    TRY(decode_countries(in, "countries", &ret->countries));
    TRY(decode_texts(in, "markets", WORDS_MAX, &ret->markets));
    TRY(read_attrs(making, in, ret));
    TRY(read_bits(in, "methods", method_names, COUNT_OF(method_names),
                  &ret->methods));
    TRY(read_bits(in, "channel_types", channel_names, COUNT_OF(channel_names),
                  &ret->channel_types));
    TRY(read_value(in, "value_min", ret, &ret->value_min));
    TRY(read_value(in, "value_max", ret, &ret->value_max));
    TRY(json_opt_bool(in, "is_cross_border", &is_cross));
    ret->is_cross_border = json_has(in, "is_cross_border") ? is_cross : -1;
    return json_end(in);
}

/* ---- steps ---- */

struct site_filter {
    struct text_list groups, not_groups, countries, markets;
    unsigned types;
};

static bool has_any(const struct text_list *of, const struct text_list *list)
{
    for (size_t i = 0; i < of->count; i++)
        if (text_list_has(list, of->at[i]))
            return true;
    return false;
}

static enum routing_bar bar_of(const struct site_filter *filter,
                               const struct routing_site *site)
{
    if (filter->groups.count > 0 && !has_any(&site->groups, &filter->groups))
        return BAR_GROUP;
    if (has_any(&site->groups, &filter->not_groups))
        return BAR_GROUP;
    if (filter->types && !(filter->types & 1u << site->type))
        return BAR_TYPE;
    if (filter->countries.count > 0 &&
        !text_list_has(&filter->countries, site->country))
        return BAR_COUNTRY;
    if (filter->markets.count > 0 &&
        !text_list_has(&filter->markets, site->market))
        return BAR_MARKET;
    return BAR_NONE;
}

static err_t read_sites(struct making *making, struct json_in *in,
                        struct routing_step *ret)
{
    struct site_filter filter = {.types = 0};
    struct ctx *ctx = making->ctx;
    int64_t km = -1;
    TRY(decode_texts(in, "groups", WORDS_MAX, &filter.groups));
    TRY(decode_texts(in, "not_groups", WORDS_MAX, &filter.not_groups));
    TRY(decode_texts(in, "markets", WORDS_MAX, &filter.markets));
    TRY(decode_countries(in, "countries", &filter.countries));
    TRY(read_bits(in, "types", type_names, COUNT_OF(type_names),
                  &filter.types));
    TRY(json_opt_bool(in, "same_market", &ret->is_same_market));
    TRY(json_opt_bool(in, "is_open", &ret->is_open));
    TRY(json_opt_bool(in, "before_cutoff", &ret->is_before_cutoff));
    TRY(json_opt_i64(in, "max_km", 0, KM_MAX, &km));
    TRY(json_opt_i64(in, "max_days", 0, DAYS_MAX, &ret->max_days));
    TRY(json_opt_i64(in, "min_left", 0, LIMIT_QTY, &ret->min_left));
    ret->max_m = km < 0 ? -1 : km * 1000;
    making->strategy->needs_point |= km >= 0;
    uint8_t *bars = arena_array(ctx->arena, uint8_t, making->book->site_count);
    for (size_t i = 0; i < making->book->site_count; i++)
        bars[i] = (uint8_t)bar_of(&filter, &making->book->sites[i]);
    ret->bars = bars;
    return json_end(in);
}

/* Each site's place in the list: its own, or that of its first group in it;
 * what is not in the list shares the last place. */
static err_t read_ranks(struct making *making, struct json_in *in,
                        struct routing_by_rule *ret)
{
    const struct routing_book *book = making->book;
    struct text_list codes, groups;
    TRY(decode_texts(in, "locations", RANKED_MAX, &codes));
    TRY(decode_texts(in, "groups", RANKED_MAX, &groups));
    int32_t last = (int32_t)(codes.count > 0 ? codes.count : groups.count);
    int32_t *ranks = arena_array(making->ctx->arena, int32_t, book->site_count);
    if (last == 0)
        return OK; /* Goes by the strategy's own list. */
    for (size_t i = 0; i < book->site_count; i++) {
        ranks[i] = last;
        for (size_t j = groups.count; codes.count == 0 && j > 0; j--)
            if (text_list_has(&book->sites[i].groups, groups.at[j - 1]))
                ranks[i] = (int32_t)j - 1;
    }
    for (size_t i = codes.count; i > 0; i--) {
        const struct routing_site *site = book_site_code(book, codes.at[i - 1]);
        if (!site && making->is_strict)
            return json_fail(in, "locations", ERR_INVALID, "location_unknown",
                             "there is no location with the code %.*s",
                             STR_ARG(codes.at[i - 1]));
        if (site)
            ranks[site - book->sites] = (int32_t)i - 1;
    }
    ret->ranks = ranks;
    return OK;
}

static err_t read_rules(struct making *making, struct json_in *in,
                        struct routing_step *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "rank", 0, ROUTING_RULES_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        int by;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_enum(at, "by", by_names, COUNT_OF(by_names), &by));
        ret->rules[i].by = (enum routing_by)(by + 1);
        if (ret->rules[i].by == BY_RANK)
            TRY(read_ranks(making, at, &ret->rules[i]));
        making->strategy->needs_point |= ret->rules[i].by == BY_DISTANCE;
        making->strategy->needs_age |=
            ret->rules[i].by == BY_EXPIRY || ret->rules[i].by == BY_AGE;
        TRY(json_end(at));
    }
    ret->rule_count = list.count;
    return OK;
}

static err_t read_step(struct making *making, struct json_in *in,
                       struct routing_step *ret)
{
    struct json_in *filter;
    str router = STR("rules");
    int policy = POLICY_UNITS - 1, after = AFTER_NEXT - 1;
    ret->max_m = ret->max_days = -1;
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_str(in, "router", 1, LIMIT_CODE_BYTES, &router));
    ret->router = routing_router_find(router);
    if (!ret->router)
        return json_fail(in, "router", ERR_INVALID, "unknown_value",
                         "there is no router of this name");
    TRY(json_opt_object(in, "filter", &filter));
    ret->bars =
        arena_array(making->ctx->arena, uint8_t, making->book->site_count);
    if (filter)
        TRY(read_sites(making, filter, ret));
    TRY(read_rules(making, in, ret));
    TRY(json_opt_enum(in, "allocate", policy_names, COUNT_OF(policy_names),
                      &policy));
    TRY(json_opt_i64(in, "max_packages", 1, PACKAGES_MAX, &ret->max_packages));
    TRY(json_opt_enum(in, "then", after_names, COUNT_OF(after_names), &after));
    ret->policy = (enum routing_policy)(policy + 1);
    ret->after = (enum routing_after)(after + 1);
    return json_end(in);
}

static err_t read_scenario(struct making *making, struct json_in *in,
                           struct routing_scenario *ret)
{
    struct json_in *filter;
    struct json_list list;
    ret->filter = (struct routing_filter){
        .value_min = -1, .value_max = -1, .is_cross_border = -1};
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_object(in, "when", &filter));
    if (filter)
        TRY(read_filter(making, filter, &ret->filter));
    TRY(json_get_list(in, "steps", 1, STEPS_MAX, &list));
    struct routing_step *steps =
        arena_array(making->ctx->arena, struct routing_step, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_step(making, at, &steps[i]));
    }
    ret->steps = steps;
    ret->step_count = list.count;
    return json_end(in);
}

err_t scenarios_decode(struct ctx *ctx, struct json_in *in,
                       const struct routing_book *book, bool is_strict,
                       struct routing_strategy *ret)
{
    struct json_list list;
    struct making making = {
        .ctx = ctx,
        .book = book,
        .is_strict = is_strict,
        .strategy = ret,
        .keys = arena_array(ctx->arena, str, SCENARIOS_MAX * ATTRS_MAX)};
    TRY(json_get_list(in, "scenarios", 0, SCENARIOS_MAX, &list));
    struct routing_scenario *scenarios =
        arena_array(ctx->arena, struct routing_scenario, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_scenario(&making, at, &scenarios[i]));
    }
    ret->scenarios = scenarios;
    ret->scenario_count = list.count;
    ret->attr_keys = making.keys;
    return OK;
}
