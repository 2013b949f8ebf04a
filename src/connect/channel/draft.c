/* draft.c - reading the fields of foreign orders. */
#include "connect/channel/draft.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

enum { MICRO_DIGITS = 6, SKU_HASH_DIGITS = 8 };
#define MICRO_LIMIT ((micro)1000000 * 1000000 * MICRO)

void draft_note(struct draft *draft, enum import_note note)
{
    draft->out->notes[note]++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits after the point as millionths, rounded half up at the seventh. */
static bool read_fraction(str digits, micro *ret)
{
    micro value = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (!is_digit(digits.ptr[i]))
            return false;
    for (size_t i = 0; i < MICRO_DIGITS; i++)
        value = value * 10 + (i < digits.len ? digits.ptr[i] - '0' : 0);
    if (digits.len > MICRO_DIGITS && digits.ptr[MICRO_DIGITS] >= '5')
        value++;
    *ret = value;
    return digits.len > 0;
}

bool micro_from_text(str text, micro *ret)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    str rest = is_negative ? (str){text.ptr + 1, text.len - 1} : text;
    bool has_point = false;
    for (size_t i = 0; i < rest.len; i++)
        has_point |= rest.ptr[i] == '.';
    str fraction = {NULL, 0};
    str whole = has_point ? str_split(rest, '.', &fraction) : rest;
    micro units = 0, part = 0;
    if (whole.len == 0 || !is_digit(whole.ptr[0]) || !str_to_i64(whole, &units))
        return false;
    if (has_point && !read_fraction(fraction, &part))
        return false;
    if (units >= MICRO_LIMIT / MICRO)
        return false;
    *ret = is_negative ? -(units * MICRO + part) : units * MICRO + part;
    return true;
}

static str path_of(struct draft *draft, const char *path, const char *key)
{
    return path[0] ? str_printf(draft->ctx->arena, "%s.%s", path, key)
                   : str_from_cstr(key);
}

static err_t refuse(struct draft *draft, const char *slug, const char *path,
                    const char *key, const char *why)
{
    str field = path_of(draft, path, key);
    return fail_as(draft->ctx, ERR_INVALID, slug,
                   str_to_cstr(draft->ctx->arena, field), "%s", why);
}

static err_t read_micro(struct draft *draft, json_any object, const char *path,
                        const char *key, micro *ret)
{
    enum json_kind kind = json_any_kind(json_any_get(object, key));
    if (kind != JSON_KIND_STRING && kind != JSON_KIND_NUMBER)
        return refuse(draft, "wrong_type", path, key,
                      "must be an amount, as a decimal string or number");
    str text = json_any_get_text(draft->ctx->arena, object, key);
    if (!micro_from_text(str_trim(text), ret))
        return refuse(draft, "wrong_type", path, key,
                      "must be a plain decimal below a million million");
    return OK;
}

static bool is_blank(json_any object, const char *key)
{
    return json_any_is_blank(json_any_get(object, key));
}

err_t draft_micro(struct draft *draft, json_any object, const char *path,
                  const char *key, micro *ret)
{
    *ret = 0;
    return is_blank(object, key) ? OK
                                 : read_micro(draft, object, path, key, ret);
}

static int64_t micro_per_minor(const char *currency)
{
    int exponent = currency_exponent(currency);
    int64_t per = MICRO;
    ASSERT(exponent >= 0 && exponent <= MICRO_DIGITS);
    for (int i = 0; i < exponent; i++)
        per /= 10;
    return per;
}

err_t draft_money(struct draft *draft, json_any object, const char *path,
                  const char *key, int64_t *ret, bool *found)
{
    micro value = 0;
    if (found)
        *found = !is_blank(object, key);
    if (is_blank(object, key))
        return OK;
    TRY(read_micro(draft, object, path, key, &value));
    int64_t per = micro_per_minor(draft->currency);
    int64_t minor = value / per, rest = value % per;
    if (rest != 0)
        draft_note(draft, IMPORT_NOTE_AMOUNT_ROUNDED);
    if (rest * 2 >= per)
        minor++;
    if (rest * 2 <= -per)
        minor--;
    if (minor > LIMIT_MINOR || minor < -LIMIT_MINOR)
        return refuse(draft, "number_out_of_range", path, key,
                      "is more than we take");
    *ret = minor;
    return OK;
}

err_t draft_price(struct draft *draft, json_any object, const char *path,
                  const char *key, int64_t *ret)
{
    int64_t value = *ret;
    TRY(draft_money(draft, object, path, key, &value, NULL));
    if (value < 0)
        return refuse(draft, "number_out_of_range", path, key,
                      "must not be below zero");
    *ret = value;
    return OK;
}

/* One line of text: what is a control character becomes a blank. */
static str one_line(struct arena *arena, str text)
{
    if (text_is_line(text))
        return text;
    char *copy = str_to_cstr(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)copy[i];
        bool is_latin = c == 0xC2 && (unsigned char)copy[i + 1] < 0xA0;
        if (is_latin)
            copy[i + 1] = ' ';
        if (c < ' ' || c == 0x7F || is_latin)
            copy[i] = ' ';
    }
    return (str){copy, text.len};
}

str draft_cut(struct draft *draft, str text, size_t max)
{
    str ret = str_trim(text);
    if (ret.len <= max)
        return ret;
    ret.len = max;
    while (ret.len > 0 && ((unsigned char)ret.ptr[ret.len] & 0xC0) == 0x80)
        ret.len--;
    draft_note(draft, IMPORT_NOTE_TEXT_CUT);
    return ret;
}

str draft_text(struct draft *draft, json_any object, const char *key,
               size_t max)
{
    json_any value = json_any_get(object, key);
    if (json_any_kind(value) == JSON_KIND_BOOL)
        return STR("");
    str text = json_any_text(draft->ctx->arena, value);
    return draft_cut(draft, one_line(draft->ctx->arena, text), max);
}

str draft_title(struct draft *draft, json_any object, const char *key,
                const char *none)
{
    str title = draft_text(draft, object, key, LIMIT_TITLE_BYTES);
    return title.len > 0 ? title : str_from_cstr(none);
}

err_t draft_qty(struct draft *draft, json_any object, const char *path,
                const char *key, int64_t *ret)
{
    micro value = 0;
    if (is_blank(object, key))
        return refuse(draft, "missing_field", path, key, "is missing");
    TRY(read_micro(draft, object, path, key, &value));
    if (value < 0 || value % MICRO != 0 || value / MICRO > LIMIT_QTY)
        return refuse(draft, "number_out_of_range", path, key,
                      "must be a whole number of units");
    *ret = value / MICRO;
    return OK;
}

/* A code that fits: long ones keep their head and end in their hash. */
static str code_fit(struct arena *arena, str code)
{
    if (code.len <= LIMIT_CODE_BYTES)
        return code;
    size_t head = LIMIT_CODE_BYTES - SKU_HASH_DIGITS - 1;
    while (head > 0 && ((unsigned char)code.ptr[head] & 0xC0) == 0x80)
        head--;
    return str_printf(arena, "%.*s-%08" PRIx32, (int)head, code.ptr,
                      (uint32_t)str_hash(code));
}

str draft_sku(struct draft *draft, json_any object, str title,
              const char *prefix, const char *const *keys)
{
    struct arena *arena = draft->ctx->arena;
    str sku = json_any_get_text(arena, object, "sku");
    sku = str_trim(one_line(arena, sku));
    if (sku.len > 0)
        return code_fit(arena, sku);
    draft_note(draft, IMPORT_NOTE_SKU_DERIVED);
    for (size_t i = 0; keys[i]; i++) {
        str id = json_any_get_text(arena, object, keys[i]);
        if (id.len == 0 || str_equal_cstr(id, "0"))
            continue;
        str kind, rest;
        kind = str_split(str_from_cstr(keys[i]), '_', &rest);
        return code_fit(arena, str_printf(arena, "%s-%.*s-%.*s", prefix,
                                          STR_ARG(kind), STR_ARG(id)));
    }
    return code_fit(arena,
                    str_printf(arena, "%s-%.*s", prefix, STR_ARG(title)));
}

err_t draft_need_lines(struct draft *draft, const char *key)
{
    if (json_any_count(json_any_get(draft->src, key)) > 0)
        return OK;
    return refuse(draft, "lines_missing", "", key,
                  "an order without lines cannot be placed");
}

err_t draft_time(struct draft *draft, json_any object, const char *key,
                 utc_ms *ret)
{
    struct arena *arena = draft->ctx->arena;
    str text = json_any_get_text(arena, object, key);
    if (text.len == 0 || time_from_text(text, ret))
        return OK;
    if (time_from_text(str_printf(arena, "%.*sZ", STR_ARG(text)), ret))
        return OK;
    return refuse(draft, "wrong_type", "", key, "must be a time of RFC 3339");
}

err_t draft_set_currency(struct draft *draft, str code)
{
    if (code.len == 0)
        return refuse(draft, "missing_field", "", "currency", "is missing");
    if (!currency_from_str(code, draft->currency))
        return refuse(draft, "currency_unknown", "", "currency",
                      "is no currency of ISO 4217");
    return OK;
}
