/* doc_address.c - how countries order an address, and what it must have. */
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/doc.h"
#include "base/str.h"

/* Words of two letters, so that a code is found by its place. */
static const char city_less[] = "AC FK GI HK MC MO NR PN SG SH TK VA";
/* Where a letter without a postal code comes back. */
static const char postal_needed[] =
    "AT AU BE BG BR CA CH CN CY CZ DE DK EE ES FI FR GB GR HR HU ID IL IN IT "
    "JP KR LT LU LV MC MX MY NL NO NZ PH PL PT RO RS RU SE SG SI SK TH TR TW "
    "UA US VN ZA";
static const char region_after_city[] = "AU CA US";
static const char postal_alone[] = "BR CO GB GG GI IM JE KE UA";
static const char postal_last[] = "BD BN CN HK ID IE IN KR NZ PK SA SG TH TW";
/* Written from the large to the small in their own script. */
static const char large_first[] = "CN HK JP KR MO TW";

static bool is_in(const char *list, str country)
{
    if (country.len != 2)
        return false;
    for (const char *at = list; at[0]; at += at[2] ? 3 : 2)
        if (at[0] == country.ptr[0] && at[1] == country.ptr[1])
            return true;
    return false;
}

static err_t missing(struct ctx *ctx, const char *prefix, const char *part)
{
    str field = str_printf(ctx->arena, "%s.%s", prefix, part);
    return fail_as(ctx, ERR_INVALID, "address_incomplete",
                   str_to_cstr(ctx->arena, field),
                   "is needed to deliver to this address");
}

err_t doc_address_check(struct ctx *ctx, const char *prefix,
                        const struct doc_address *address)
{
    if (address->name.len == 0 && address->company.len == 0)
        return missing(ctx, prefix, "name");
    if (address->line1.len == 0)
        return missing(ctx, prefix, "line1");
    str country = str_printf(ctx->arena, "%s.country", prefix);
    TRY(check_country(ctx, str_to_cstr(ctx->arena, country), address->country));
    if (address->city.len == 0 && !is_in(city_less, address->country))
        return missing(ctx, prefix, "city");
    if (address->postal_code.len == 0 && is_in(postal_needed, address->country))
        return missing(ctx, prefix, "postal_code");
    return OK;
}

/* ICU's name in English, in capitals; the code where it has none. */
static str country_name(struct arena *arena, str code)
{
    char locale[8], text[256];
    UChar name[64], upper[80];
    UErrorCode status = U_ZERO_ERROR;
    (void)snprintf(locale, sizeof locale, "und_%.*s", STR_ARG(code));
    int32_t len = uloc_getDisplayCountry(locale, "en", name,
                                         (int32_t)COUNT_OF(name), &status);
    len =
        u_strToUpper(upper, (int32_t)COUNT_OF(upper), name, len, "en", &status);
    int32_t bytes = 0;
    u_strToUTF8(text, (int32_t)sizeof text, &bytes, upper, len, &status);
    if (U_FAILURE(status) || bytes <= 0)
        return str_copy(arena, code);
    return str_copy(arena, (str){text, (size_t)bytes});
}

/* The non-empty ones with `between` in the middle. */
static str join(struct arena *arena, str a, const char *between, str b)
{
    if (a.len == 0 || b.len == 0)
        return a.len ? a : b;
    return str_printf(arena, "%.*s%s%.*s", STR_ARG(a), between, STR_ARG(b));
}

/* Any byte of a letter from the CJK scripts; Hangul lies between E1 and ED. */
static bool is_cjk(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0xE3 && c <= 0xED)
            return true;
    }
    return false;
}

struct lines {
    struct doc_address_line *all;
    size_t count;
};

static void add(struct lines *lines, const char *field, str text)
{
    text = str_trim(text);
    if (text.len == 0)
        return;
    ASSERT(lines->count < DOC_ADDRESS_LINES);
    lines->all[lines->count++] = (struct doc_address_line){field, text};
}

static void add_place(struct lines *lines, struct arena *arena,
                      const struct doc_address *a)
{
    str city = str_trim(a->city), region = str_trim(a->region);
    str postal = str_trim(a->postal_code);
    if (is_in(region_after_city, a->country)) {
        str place = join(arena, city, ", ", region);
        add(lines, "city", join(arena, place, " ", postal));
    } else if (is_in(postal_alone, a->country)) {
        add(lines, "city", join(arena, city, ", ", region));
        add(lines, "postal_code", postal);
    } else if (is_in(postal_last, a->country)) {
        add(lines, "city", join(arena, city, " ", postal));
        add(lines, "region", region);
    } else {
        str place = join(arena, postal, " ", city);
        add(lines, "city", join(arena, place, ", ", region));
    }
}

/* Where a region is not part of the address the post knows. */
static bool region_is_noise(str country)
{
    return is_in("AT BE CH CZ DE DK FI FR GB NL NO PL SE", country);
}

static void add_large_first(struct lines *lines, struct arena *arena,
                            const struct doc_address *a)
{
    str mark = str_equal(a->country, STR("JP")) ? STR("〒") : STR_NONE;
    if (a->postal_code.len)
        add(lines, "postal_code", join(arena, mark, "", a->postal_code));
    str region = str_trim(a->region), city = str_trim(a->city);
    add(lines, "city",
        str_equal(region, city) ? city : join(arena, region, "", city));
    add(lines, "line1", a->line1);
    add(lines, "line2", a->line2);
    add(lines, "company", a->company);
    add(lines, "name", a->name);
}

size_t doc_address_lines(struct ctx *ctx, const struct doc_address *address,
                         str home,
                         struct doc_address_line ret[DOC_ADDRESS_LINES])
{
    struct lines lines = {ret, 0};
    struct doc_address a = *address;
    if (region_is_noise(a.country))
        a.region = STR_NONE;
    if (is_in(large_first, a.country) && is_cjk(a.line1)) {
        add_large_first(&lines, ctx->arena, &a);
    } else {
        add(&lines, "name", a.name);
        add(&lines, "company", a.company);
        add(&lines, "line1", a.line1);
        add(&lines, "line2", a.line2);
        add_place(&lines, ctx->arena, &a);
    }
    if (!str_equal(a.country, home))
        add(&lines, "country", country_name(ctx->arena, a.country));
    return lines.count;
}
