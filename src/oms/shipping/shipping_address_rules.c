/* shipping_address_rules.c - addresses checked and fitted before a label. */
#include "oms/shipping/shipping_address.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"

/* Where letters bear none, or need none, by the Universal Postal Union. */
static const char no_codes[] =
    "AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH "
    "GM GN GQ GY HK IE JM KE KI KM KN KP LC LY ML MO MR MS MU MW NR NU PA QA "
    "RW SB SC SL SR ST SY TD TF TG TK TO TP TT TV TZ UG VU YE ZW";

bool country_has_postal_codes(str country)
{
    if (country.len != 2)
        return false;
    for (size_t i = 0; i + 1 < sizeof no_codes; i += 3)
        if (memcmp(no_codes + i, country.ptr, 2) == 0)
            return false;
    return true;
}

size_t text_chars(str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* Bytes of the first `chars` characters. */
static size_t bytes_of(str text, size_t chars)
{
    size_t i = 0;
    for (; i < text.len; i++) {
        bool is_first = ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
        if (is_first && chars-- == 0)
            break;
    }
    return i;
}

static err_t refuse(struct ctx *ctx, const char *slug, const char *path,
                    const char *field, const char *what)
{
    str at = str_printf(ctx->arena, "%s.%s", path, field);
    return fail_as(ctx, ERR_INVALID, slug, str_to_cstr(ctx->arena, at), "%s",
                   what);
}

/* Moves what is too long for a line to the next, which must be empty. */
static bool wrap(struct arena *arena, size_t max, str *line, str *next)
{
    if (text_chars(*line) <= max)
        return true;
    if (next->len > 0)
        return false;
    size_t end = bytes_of(*line, max + 1);
    while (end > 0 && (end == line->len || line->ptr[end] != ' '))
        end--;
    if (end == 0 || text_chars((str){line->ptr, end}) > max)
        return false;
    *next = str_copy(arena, str_trim((str){line->ptr + end, line->len - end}));
    *line = str_trim((str){line->ptr, end});
    return true;
}

struct part {
    const char *field;
    str *text;
};

static err_t check_parts(struct ctx *ctx, const char *path,
                         const struct part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *parts[i].text = str_trim(*parts[i].text);
        if (!text_is_line(*parts[i].text))
            return refuse(ctx, "address_characters", path, parts[i].field,
                          "has control characters, which no label can bear");
    }
    return OK;
}

static err_t check_missing(struct ctx *ctx, const struct carrier *carrier,
                           const char *path, const struct carrier_address *a)
{
    static const char slug[] = "address_incomplete";
    if (a->name.len == 0 && a->company.len == 0)
        return refuse(ctx, slug, path, "name", "a name or company is missing");
    if (a->line1.len == 0)
        return refuse(ctx, slug, path, "line1", "the street is missing");
    if (a->city.len == 0)
        return refuse(ctx, slug, path, "city", "the city is missing");
    if (a->country.len == 0)
        return refuse(ctx, slug, path, "country", "the country is missing");
    if (a->postal_code.len == 0 && country_has_postal_codes(a->country))
        return refuse(ctx, slug, path, "postal_code",
                      "the postal code is missing");
    if (carrier->needs_phone && a->phone.len == 0)
        return refuse(ctx, slug, path, "phone",
                      "the carrier wants a telephone number");
    return OK;
}

err_t address_fit(struct ctx *ctx, const struct carrier *carrier,
                  const char *path, struct carrier_address *address)
{
    struct carrier_address a = *address;
    const struct part parts[] = {
        {"name",        &a.name       },
        {"company",     &a.company    },
        {"line1",       &a.line1      },
        {"line2",       &a.line2      },
        {"line3",       &a.line3      },
        {"city",        &a.city       },
        {"region",      &a.region     },
        {"postal_code", &a.postal_code},
        {"country",     &a.country    },
        {"phone",       &a.phone      },
        {"email",       &a.email      },
    };
    TRY(check_parts(ctx, path, parts, COUNT_OF(parts)));
    TRY(check_missing(ctx, carrier, path, &a));
    size_t max = (size_t)carrier->line_max;
    if (max > 0) {
        if (a.line2.len > 0 && text_chars(a.line2) > max)
            (void)wrap(ctx->arena, max, &a.line2, &a.line3);
        if (text_chars(a.line1) > max && a.line2.len > 0 && a.line3.len == 0) {
            a.line3 = a.line2;
            a.line2 = STR("");
        }
        (void)wrap(ctx->arena, max, &a.line1, &a.line2);
        (void)wrap(ctx->arena, max, &a.line2, &a.line3);
        for (size_t i = 0; i < COUNT_OF(parts); i++)
            if (text_chars(*parts[i].text) > max && parts[i].text != &a.email)
                return refuse(
                    ctx, "address_too_long", path, parts[i].field,
                    str_to_cstr(ctx->arena,
                                str_printf(ctx->arena,
                                           "the carrier takes %d characters",
                                           carrier->line_max)));
    }
    *address = a;
    return OK;
}
