/* retail_country.c - ISO codes of countries by their English names: ICU's, and
 * those the set uses beside them. */
#include "connect/channel/online_retail/retail_country.h"

#include <unicode/uloc.h>

#include "base/str.h"

enum { NAME_UCHARS = 100 };

static const struct {
    const char *name, *code;
} others[] = {
    {"EIRE",           "IE"},
    {"USA",            "US"},
    {"RSA",            "ZA"},
    {"Korea",          "KR"},
    {"Hong Kong",      "HK"},
    {"UK",             "GB"},
    {"Czech Republic", "CZ"},
    {"Turkey",         "TR"},
    {"Macedonia",      "MK"},
};

static bool is_named(const char *code, str name)
{
    char locale[8];
    UChar text[NAME_UCHARS];
    UErrorCode status = U_ZERO_ERROR;
    snprintf(locale, sizeof locale, "und_%s", code);
    int32_t len =
        uloc_getDisplayCountry(locale, "en", text, NAME_UCHARS, &status);
    if (U_FAILURE(status) || (size_t)len != name.len)
        return false;
    for (int32_t i = 0; i < len; i++)
        if (text[i] != (unsigned char)name.ptr[i])
            return false;
    return true;
}

str retail_country_code(str name)
{
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (str_equal_cstr(name, others[i].name))
            return str_from_cstr(others[i].code);
    const char *const *all = uloc_getISOCountries();
    for (size_t i = 0; all[i]; i++)
        if (is_named(all[i], name))
            return str_from_cstr(all[i]);
    return STR_NONE;
}
