/* change_score_json.c - rules as bodies, as they are kept, and as they are
 * shown: one form; and what an order says to them. */
#include "base/arena.h"
#include "base/check.h"
#include "base/contact.h"
#include "base/fold.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_score.h"

enum { COUNTRIES = 250, POINTS = 1000, HOURS = 720, ORDERS = 1000 };

static const char *const kinds[SCORE_COUNTRY] = {"value", "mismatch",
                                                 "velocity", "country"};
static const char *const parts[SCORE_BY_PLACE] = {"country", "postal_code",
                                                  "address"};
static const char *const keys[SCORE_KEYS] = {"email", "address", "card"};
static const char *const parties[SCORE_PARTIES] = {"shipping", "billing"};

static err_t read_countries(struct json_in *in, struct score_rule *rule)
{
    const char *key = json_has(in, "not_in") ? "not_in" : "in";
    rule->is_not = json_has(in, "not_in");
    TRY(json_get_strs(in, key, COUNTRIES, 2, &rule->countries,
                      &rule->country_count));
    if (rule->country_count == 0)
        return json_fail(in, key, ERR_INVALID, "missing_field",
                         "names no country");
    for (size_t i = 0; i < rule->country_count; i++)
        if (!country_is_known(rule->countries[i]))
            return json_fail(in, key, ERR_INVALID, "country_unknown",
                             "must be countries of ISO 3166-1 alpha-2, as DE");
    return OK;
}

static err_t read_kind(struct json_in *in, struct score_rule *rule)
{
    int name;
    switch (rule->kind) {
    case SCORE_VALUE:
        TRY(json_get_money(in, "above", NULL, &rule->above));
        if (rule->above.minor < 0)
            return json_fail(in, "above", ERR_INVALID, "number_out_of_range",
                             "must be 0 or more");
        return OK;
    case SCORE_MISMATCH:
        TRY(json_get_enum(in, "of", parts, COUNT_OF(parts), &name));
        rule->part = (enum score_part)(name + 1);
        return OK;
    case SCORE_VELOCITY:
        TRY(json_get_enum(in, "by", keys, COUNT_OF(keys), &name));
        rule->by = (enum score_key)name;
        TRY(json_get_i64(in, "orders", 2, ORDERS, &rule->orders));
        return json_get_i64(in, "hours", 1, HOURS, &rule->hours);
    case SCORE_COUNTRY:
        TRY(json_get_enum(in, "of", parties, COUNT_OF(parties), &name));
        rule->of = (enum score_party)name;
        return read_countries(in, rule);
    }
    UNREACHABLE("not a kind of rule");
}

static err_t read_rule(struct ctx *ctx, struct json_in *in,
                       struct score_rule *rule)
{
    int kind;
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &rule->name));
    TRY(check_line(ctx, json_path(in, "name").ptr, rule->name, 1,
                   LIMIT_NAME_BYTES));
    TRY(json_get_enum(in, "kind", kinds, COUNT_OF(kinds), &kind));
    TRY(json_get_i64(in, "points", 1, POINTS, &rule->points));
    rule->kind = (enum score_kind)(kind + 1);
    TRY(read_kind(in, rule));
    return json_end(in);
}

err_t score_policy_from_json(struct ctx *ctx, struct json_in *in,
                             struct score_policy *ret)
{
    struct json_list list;
    ret->is_active = true;
    TRY(json_opt_bool(in, "is_active", &ret->is_active));
    TRY(json_get_i64(in, "threshold", 1, POINTS * LIMIT_SCORE_RULES,
                     &ret->threshold));
    TRY(json_get_list(in, "rules", 0, LIMIT_SCORE_RULES, &list));
    struct score_rule *rules =
        arena_array(ctx->arena, struct score_rule, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *rule;
        TRY(json_list_object(&list, i, &rule));
        TRY(read_rule(ctx, rule, &rules[i]));
    }
    ret->rules = rules;
    ret->count = list.count;
    return json_end(in);
}

static void put_kind(struct json_out *out, const struct score_rule *rule)
{
    switch (rule->kind) {
    case SCORE_VALUE: json_put_money(out, "above", rule->above); return;
    case SCORE_MISMATCH:
        json_put_cstr(out, "of", parts[rule->part - 1]);
        return;
    case SCORE_VELOCITY:
        json_put_cstr(out, "by", keys[rule->by]);
        json_put_i64(out, "orders", rule->orders);
        json_put_i64(out, "hours", rule->hours);
        return;
    case SCORE_COUNTRY:
        json_put_cstr(out, "of", parties[rule->of]);
        json_begin_list(out, rule->is_not ? "not_in" : "in");
        for (size_t i = 0; i < rule->country_count; i++)
            json_put_str(out, NULL, rule->countries[i]);
        json_end_list(out);
        return;
    }
    UNREACHABLE("not a kind of rule");
}

void score_policy_write(const struct score_policy *policy, struct json_out *out)
{
    json_put_bool(out, "is_active", policy->is_active);
    json_put_i64(out, "threshold", policy->threshold);
    json_begin_list(out, "rules");
    for (size_t i = 0; i < policy->count; i++) {
        const struct score_rule *rule = &policy->rules[i];
        json_begin(out, NULL);
        json_put_str(out, "name", rule->name);
        json_put_cstr(out, "kind", kinds[rule->kind - 1]);
        json_put_i64(out, "points", rule->points);
        put_kind(out, rule);
        json_end_object(out);
    }
    json_end_list(out);
}

/* ---- facts of an order ---- */

struct read_party {
    str name, line1, line2, city, postal_code, country, email;
};

static err_t read_party(struct json_in *in, const char *key,
                        struct read_party *ret)
{
    struct json_in *party = NULL;
    TRY(json_opt_object(in, key, &party));
    if (!party)
        return OK;
    TRY(json_opt_str(party, "line1", 0, SIZE_MAX, &ret->line1));
    TRY(json_opt_str(party, "line2", 0, SIZE_MAX, &ret->line2));
    TRY(json_opt_str(party, "city", 0, SIZE_MAX, &ret->city));
    TRY(json_opt_str(party, "postal_code", 0, SIZE_MAX, &ret->postal_code));
    TRY(json_opt_str(party, "country", 0, SIZE_MAX, &ret->country));
    return json_opt_str(party, "email", 0, SIZE_MAX, &ret->email);
}

/* Without case, blanks and signs: "12 Main St." is "12 MAIN ST". */
static str plain(struct arena *arena, str text)
{
    str folded = str_fold(arena, text);
    char *ret = arena_array(arena, char, folded.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.len; i++) {
        unsigned char c = (unsigned char)folded.ptr[i];
        bool is_word =
            c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (is_word)
            ret[n++] = (char)c;
    }
    return (str){ret, n};
}

/* Empty where it has no street and no town. */
static str place_of(struct arena *arena, const struct read_party *party)
{
    if (party->line1.len == 0 && party->city.len == 0)
        return STR_NONE;
    return plain(arena,
                 str_printf(arena, "%.*s %.*s %.*s %.*s %.*s",
                            STR_ARG(party->line1), STR_ARG(party->line2),
                            STR_ARG(party->city), STR_ARG(party->postal_code),
                            STR_ARG(party->country)));
}

/* Another for each kind of key; 0 is none. */
static int64_t key_of(struct arena *arena, enum score_key kind, str text)
{
    if (text.len == 0)
        return 0;
    uint64_t hash =
        str_hash(str_printf(arena, "%s:%.*s", keys[kind], STR_ARG(text)));
    return (int64_t)(hash & INT64_MAX) | 1;
}

err_t score_facts_of(struct ctx *ctx, const struct order *order,
                     struct score_facts *ret)
{
    struct json_in *in, *attrs = NULL;
    struct read_party buyer = {0}, at[SCORE_PARTIES] = {0};
    str card = STR_NONE;
    *ret = (struct score_facts){
        .total = money_make(order->totals.total, order->currency)};
    if (order->doc.len == 0)
        return OK;
    TRY(json_parse(ctx, order->doc, &in));
    TRY(read_party(in, "customer", &buyer));
    TRY(read_party(in, "shipping_address", &at[SCORE_SHIPPING]));
    TRY(read_party(in, "billing_address", &at[SCORE_BILLING]));
    TRY(json_opt_object(in, "attrs", &attrs));
    /* Whatever else stands there is no card. */
    if (attrs && json_opt_str(attrs, "card_fingerprint", 0, SIZE_MAX, &card))
        err_clear(ctx);
    for (int i = 0; i < SCORE_PARTIES; i++) {
        ret->to[i].country = at[i].country;
        ret->to[i].postal_code = plain(ctx->arena, at[i].postal_code);
        ret->to[i].place = place_of(ctx->arena, &at[i]);
    }
    str email = buyer.email.len > 0 ? buyer.email : at[SCORE_SHIPPING].email;
    ret->keys[SCORE_EMAIL] =
        key_of(ctx->arena, SCORE_EMAIL, email_key(ctx->arena, email));
    ret->keys[SCORE_ADDRESS] =
        key_of(ctx->arena, SCORE_ADDRESS, ret->to[SCORE_SHIPPING].place);
    ret->keys[SCORE_CARD] = key_of(ctx->arena, SCORE_CARD, card);
    return OK;
}
