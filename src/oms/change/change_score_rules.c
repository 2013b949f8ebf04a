/* change_score_rules.c - what a rule says of an order. Pure. */
#include "base/str.h"
#include "oms/change/change_score.h"

static bool differ(str a, str b)
{
    return a.len > 0 && b.len > 0 && !str_equal(a, b);
}

static bool is_mismatch(enum score_part part, const struct score_facts *facts)
{
    const int a = SCORE_SHIPPING, b = SCORE_BILLING;
    switch (part) {
    case SCORE_BY_COUNTRY:
        return differ(facts->to[a].country, facts->to[b].country);
    case SCORE_BY_POSTAL_CODE:
        return differ(facts->to[a].postal_code, facts->to[b].postal_code);
    case SCORE_BY_PLACE: return differ(facts->to[a].place, facts->to[b].place);
    }
    UNREACHABLE("not a part of an address");
}

/* Where nobody knows the country, no rule of countries says anything. */
static bool is_there(const struct score_rule *rule,
                     const struct score_facts *facts)
{
    str country = facts->to[rule->of].country;
    if (country.len == 0)
        return false;
    for (size_t i = 0; i < rule->country_count; i++)
        if (str_equal(rule->countries[i], country))
            return !rule->is_not;
    return rule->is_not;
}

bool score_rule_hits(const struct score_rule *rule,
                     const struct score_facts *facts, int64_t seen)
{
    switch (rule->kind) {
    case SCORE_VALUE:
        return facts->total.minor > rule->above.minor &&
               memcmp(facts->total.currency, rule->above.currency,
                      sizeof rule->above.currency) == 0;
    case SCORE_MISMATCH: return is_mismatch(rule->part, facts);
    case SCORE_VELOCITY: return facts->keys[rule->by] && seen >= rule->orders;
    case SCORE_COUNTRY: return is_there(rule, facts);
    }
    UNREACHABLE("not a kind of rule");
}
