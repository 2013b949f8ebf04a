/* people.c - customers and addresses of foreign orders. */
#include "connect/channel/people.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"

enum { POSTAL_CODE_BYTES = 40 };

static str text(struct draft *draft, json_any from, const char *key, size_t max)
{
    return key ? draft_text(draft, from, key, max) : STR("");
}

str people_name(struct draft *draft, json_any from,
                const struct people_keys *keys)
{
    str name = text(draft, from, keys->name, LIMIT_NAME_BYTES);
    if (name.len > 0)
        return name;
    str first = text(draft, from, keys->first_name, LIMIT_NAME_BYTES);
    str last = text(draft, from, keys->last_name, LIMIT_NAME_BYTES);
    if (first.len == 0 || last.len == 0)
        return first.len > 0 ? first : last;
    str both = str_printf(draft->ctx->arena, "%.*s %.*s", STR_ARG(first),
                          STR_ARG(last));
    return draft_cut(draft, both, LIMIT_NAME_BYTES);
}

/* A country that is only named in words stays in raw. */
static str country(struct draft *draft, json_any from,
                   const struct people_keys *keys)
{
    str code = text(draft, from, keys->country, LIMIT_NAME_BYTES);
    if (!country_is_known(code))
        code = text(draft, from, keys->country_name, LIMIT_NAME_BYTES);
    return country_is_known(code) ? code : STR("");
}

const struct order_party *people_address(struct draft *draft, json_any from,
                                         const struct people_keys *keys)
{
    if (json_any_kind(from) != JSON_KIND_OBJECT)
        return NULL;
    struct order_party *to = arena_new(draft->ctx->arena, struct order_party);
    to->name = people_name(draft, from, keys);
    to->company = text(draft, from, keys->company, LIMIT_NAME_BYTES);
    to->line1 = text(draft, from, keys->line1, LIMIT_ADDRESS_LINE_BYTES);
    to->line2 = text(draft, from, keys->line2, LIMIT_ADDRESS_LINE_BYTES);
    to->city = text(draft, from, keys->city, LIMIT_ADDRESS_LINE_BYTES);
    to->region = text(draft, from, keys->region, LIMIT_ADDRESS_LINE_BYTES);
    if (to->region.len == 0)
        to->region =
            text(draft, from, keys->region_name, LIMIT_ADDRESS_LINE_BYTES);
    to->postal_code = text(draft, from, keys->postal_code, POSTAL_CODE_BYTES);
    to->country = country(draft, from, keys);
    to->phone = text(draft, from, keys->phone, LIMIT_PHONE_BYTES);
    size_t known = to->name.len + to->company.len + to->line1.len +
                   to->line2.len + to->city.len + to->region.len +
                   to->postal_code.len + to->country.len + to->phone.len;
    return known > 0 ? to : NULL;
}
