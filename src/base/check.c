/* check.c - small formats that several rooms accept. */
#include "base/check.h"

#include <unicode/uloc.h>

#include "base/str.h"

bool text_is_line(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == 0x7f)
            return false;
        /* U+0080 to U+009F, the other control characters. */
        if (c == 0xc2 && i + 1 < text.len &&
            (unsigned char)text.ptr[i + 1] < 0xa0)
            return false;
    }
    return true;
}

bool text_is_link(str text)
{
    str begin = STR("https://");
    return text.len > begin.len && str_starts(text, begin) &&
           text_is_line(text);
}

bool code_is_clean(str code)
{
    if (code.len == 0 || !text_is_line(code))
        return false;
    return code.ptr[0] != ' ' && code.ptr[code.len - 1] != ' ';
}

bool country_is_known(str code)
{
    if (code.len != 2)
        return false;
    /* A static list, ended by NULL. */
    const char *const *all = uloc_getISOCountries();
    for (size_t i = 0; all[i]; i++)
        if (all[i][0] == code.ptr[0] && all[i][1] == code.ptr[1])
            return true;
    return false;
}

char gs1_check_digit(str digits)
{
    int sum = 0;
    ASSERT(str_is_digits(digits));
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.ptr[digits.len - 1 - i] - '0';
        sum += i % 2 == 0 ? digit * 3 : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

bool gs1_number_is_good(str number, size_t digits)
{
    ASSERT(digits > 1);
    return number.len == digits && str_is_digits(number) &&
           gs1_check_digit((str){number.ptr, digits - 1}) ==
               number.ptr[digits - 1];
}

bool incoterm_is_known(str code)
{
    static const char all[] = "EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP";
    for (size_t i = 0; i + 3 <= sizeof all && code.len == 3; i += 4)
        if (memcmp(all + i, code.ptr, 3) == 0)
            return true;
    return false;
}

err_t check_code(struct ctx *ctx, const char *field, str code)
{
    if (code.len > LIMIT_CODE_BYTES)
        return fail_as(ctx, ERR_INVALID, "too_long", field,
                       "must have at most %d bytes", LIMIT_CODE_BYTES);
    if (!code_is_clean(code))
        return fail_as(ctx, ERR_INVALID, "code_invalid", field,
                       "must not be empty, begin or end with a blank or hold "
                       "control characters");
    return OK;
}

err_t check_line(struct ctx *ctx, const char *field, str text, size_t min,
                 size_t max)
{
    if (text.len < min)
        return fail_as(ctx, ERR_INVALID, "too_short", field,
                       "must have at least %zu bytes", min);
    if (text.len > max)
        return fail_as(ctx, ERR_INVALID, "too_long", field,
                       "must have at most %zu bytes", max);
    if (!text_is_line(text))
        return fail_as(ctx, ERR_INVALID, "text_invalid", field,
                       "must not hold control characters");
    return OK;
}

err_t check_country(struct ctx *ctx, const char *field, str code)
{
    if (country_is_known(code))
        return OK;
    return fail_as(ctx, ERR_INVALID, "country_unknown", field,
                   "must be a country of ISO 3166-1 alpha-2, as DE");
}

err_t check_range(struct ctx *ctx, const char *field, int64_t value,
                  int64_t min, int64_t max)
{
    if (value < min || value > max)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", field,
                       "must be %lld to %lld", (long long)min, (long long)max);
    return OK;
}

err_t check_attrs(struct ctx *ctx, const char *field, str attrs)
{
    if (attrs.len > LIMIT_ATTRS_BYTES)
        return fail_as(ctx, ERR_INVALID, "too_long", field,
                       "must have at most %d bytes of JSON", LIMIT_ATTRS_BYTES);
    return OK;
}

err_t check_version(struct ctx *ctx, int64_t seen, int64_t current)
{
    if (seen == current)
        return OK;
    err_t err = fail(ctx, ERR_STALE, "version", "the current version is %lld",
                     (long long)current);
    ctx->err.version = current;
    return err;
}
