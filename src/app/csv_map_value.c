/* csv_map_value.c - one cell as a value of JSON. */
#include "app/csv_map.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

__extension__ typedef __int128 wide;

static err_t bad(struct ctx *ctx, const struct map_field *field,
                 const char *slug, const char *text)
{
    char name[sizeof ctx->err.field];
    snprintf(name, sizeof name, "%.*s",
             (int)(field->column.len < 90 ? field->column.len : 90),
             field->column.ptr);
    return fail_as(ctx, ERR_INVALID, slug, name, "%s", text);
}

static str text_value(struct arena *arena, str text)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, 8 * (size_t)MAP_CELL_BYTES);
    json_out_init(&out, &buf);
    json_put_str(&out, NULL, text);
    return buf_str(&buf);
}

/* ASCII letters only: codes and enums. */
static str fold(struct arena *arena, str s, char first, char last, int by)
{
    char *to = arena_alloc_raw(arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        to[i] = s.ptr[i] >= first && s.ptr[i] <= last ? (char)(s.ptr[i] + by)
                                                      : s.ptr[i];
    return (str){to, s.len};
}

/* A decimal number as digits and how many of them are a fraction. Thousands
 * may be parted by the other mark, blanks or apostrophes. */
static bool read_decimal(const struct csv_map *map, str s, wide *ret,
                         int *ret_digits)
{
    enum { DIGITS = 30 };
    bool is_negative = s.len > 0 && s.ptr[0] == '-', is_fraction = false;
    int seen = 0;
    wide value = 0;
    *ret_digits = 0;
    for (size_t i = is_negative ? 1 : 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == map->decimal && !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (!is_fraction && seen > 0 &&
            (c == ' ' || c == '\'' || c == ',' || c == '.'))
            continue;
        if (c < '0' || c > '9' || ++seen > DIGITS)
            return false;
        value = value * 10 + (c - '0');
        *ret_digits += is_fraction;
    }
    *ret = is_negative ? -value : value;
    return seen > 0;
}

static wide power10(int n)
{
    wide p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* The cell times num / den as a whole number. */
static err_t scaled(struct ctx *ctx, const struct csv_map *map,
                    const struct map_field *field, str cell, wide num,
                    int64_t *ret)
{
    static const int64_t MOST = (int64_t)1 << 53;
    wide value, den;
    int digits;
    if (!read_decimal(map, cell, &value, &digits) || digits > 18 ||
        value > (wide)MOST * 1000000 || value < -(wide)MOST * 1000000)
        return bad(ctx, field, "number_invalid", "is not a decimal number");
    den = power10(digits) * field->factor_den;
    value *= num;
    wide magnitude = value < 0 ? -value : value;
    if (magnitude % den != 0 && !field->is_rounded)
        return bad(ctx, field, "number_invalid",
                   "has more digits than fit; say \"round\": true");
    wide whole = magnitude / den + (2 * (magnitude % den) >= den);
    if (whole > MOST)
        return bad(ctx, field, "number_out_of_range", "is too large");
    *ret = (int64_t)(value < 0 ? -whole : whole);
    return OK;
}

static err_t money_value(struct ctx *ctx, const struct csv_map *map,
                         const struct map_field *field, str cell, str *ret)
{
    int64_t minor;
    int exponent = currency_exponent(field->currency);
    TRY(scaled(ctx, map, field, cell, power10(exponent) * field->factor_num,
               &minor));
    *ret = str_printf(ctx->arena, "{\"amount\":%lld,\"currency\":\"%s\"}",
                      (long long)minor, field->currency);
    return OK;
}

static err_t integer_value(struct ctx *ctx, const struct csv_map *map,
                           const struct map_field *field, str cell, str *ret)
{
    int64_t value;
    if (field->type == MAP_INTEGER && field->factor_num == 1 &&
        field->factor_den == 1 && !str_to_i64(cell, &value))
        return bad(ctx, field, "number_invalid", "is not a whole number");
    TRY(scaled(ctx, map, field, cell, field->factor_num, &value));
    *ret = str_printf(ctx->arena, "%lld", (long long)value);
    return OK;
}

/* ---- times ---- */

struct clock_parts {
    int64_t year, month, day, hour, minute, second;
};

/* Up to `most` digits at *at. */
static bool take_digits(str s, size_t *at, size_t most, int64_t *ret)
{
    size_t n = 0;
    *ret = 0;
    while (n < most && *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9') {
        *ret = *ret * 10 + (s.ptr[*at] - '0');
        *at += 1;
        n++;
    }
    return n > 0;
}

static int64_t *part_of(struct clock_parts *parts, char letter)
{
    switch (letter) {
    case 'y': return &parts->year;
    case 'M': return &parts->month;
    case 'd': return &parts->day;
    case 'H': return &parts->hour;
    case 'm': return &parts->minute;
    case 's': return &parts->second;
    }
    return NULL;
}

/* Letters of the format are parts, as many as they are wide; the rest must
 * stand as it is. */
static bool read_format(str s, str format, struct clock_parts *parts)
{
    size_t at = 0;
    for (size_t i = 0; i < format.len;) {
        char letter = format.ptr[i];
        int64_t *part = part_of(parts, letter);
        size_t width = 0;
        while (i < format.len && format.ptr[i] == letter && part) {
            i++;
            width++;
        }
        if (part) {
            if (!take_digits(s, &at, width < 2 ? 2 : width, part))
                return false;
            continue;
        }
        if (at == s.len || s.ptr[at] != letter)
            return false;
        at++;
        i++;
    }
    return at == s.len;
}

static err_t read_wall(struct ctx *ctx, const struct map_field *field, str cell,
                       int64_t *ret_day, int64_t *ret_ms)
{
    struct clock_parts parts = {.month = 1, .day = 1};
    str format = field->format;
    if (format.len == 0)
        format = cell.len == 10   ? STR("yyyy-MM-dd")
                 : cell.len == 16 ? STR("yyyy-MM-dd HH:mm")
                                  : STR("yyyy-MM-dd HH:mm:ss");
    bool is_fine = read_format(cell, format, &parts);
    str date =
        str_printf(ctx->arena, "%04lld-%02lld-%02lld", (long long)parts.year,
                   (long long)parts.month, (long long)parts.day);
    if (!is_fine || parts.hour > 23 || parts.minute > 59 || parts.second > 59 ||
        !date_from_text(date, ret_day))
        return bad(ctx, field, "time_invalid", "is not a time of its format");
    *ret_ms = ((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1000;
    return OK;
}

static err_t time_value(struct ctx *ctx, const struct csv_map *map,
                        const struct map_field *field, str cell, str *ret)
{
    char text[TIME_TEXT_BYTES];
    int64_t day, ms;
    utc_ms at;
    if (field->format.len > 0 || !time_from_text(cell, &at)) {
        TRY(read_wall(ctx, field, cell, &day, &ms));
        TRY(zone_to_utc(ctx, map->zone, day * INT64_C(86400000) + ms, &at));
    }
    time_to_text(at, text);
    *ret = str_printf(ctx->arena, "\"%.*s\"", TIME_TEXT_BYTES, text);
    return OK;
}

static err_t date_value(struct ctx *ctx, const struct map_field *field,
                        str cell, str *ret)
{
    char text[DATE_TEXT_BYTES];
    int64_t day, ms;
    TRY(read_wall(ctx, field, cell, &day, &ms));
    date_to_text(day, text);
    *ret = str_printf(ctx->arena, "\"%.*s\"", DATE_TEXT_BYTES, text);
    return OK;
}

/* ---- all ---- */

static err_t bool_value(struct ctx *ctx, const struct map_field *field,
                        str cell, str *ret)
{
    static const char *const yes[] = {"true", "1", "yes", "y"};
    static const char *const no[] = {"false", "0", "no", "n"};
    str low = fold(ctx->arena, cell, 'A', 'Z', 'a' - 'A');
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (str_equal_cstr(low, yes[i]) || str_equal_cstr(low, no[i])) {
            *ret = str_equal_cstr(low, yes[i]) ? STR("true") : STR("false");
            return OK;
        }
    }
    return bad(ctx, field, "value_unknown",
               "is none of true, false, yes, no, 1, 0; use words");
}

static err_t word_of(struct ctx *ctx, const struct map_field *field, str *cell)
{
    if (field->word_count == 0)
        return OK;
    for (size_t i = 0; i < field->word_count; i++)
        if (str_equal(*cell, field->words[i].from)) {
            *cell = field->words[i].to;
            return OK;
        }
    return bad(ctx, field, "value_unknown", "is none of the words mapped");
}

err_t csv_map_value(struct ctx *ctx, const struct csv_map *map,
                    const struct map_field *field, str cell, str *ret)
{
    *ret = STR_NONE;
    if (field->constant.len > 0) {
        *ret = field->constant;
        return OK;
    }
    if (cell.len > MAP_CELL_BYTES)
        return bad(ctx, field, "cell_too_long", "is longer than 64 KiB");
    if (!field->is_kept_whole)
        cell = str_trim(cell);
    if (cell.len == 0 && !field->has_otherwise)
        return OK;
    if (cell.len == 0)
        cell = field->otherwise;
    else
        TRY(word_of(ctx, field, &cell));
    if (field->is_upper)
        cell = fold(ctx->arena, cell, 'a', 'z', 'A' - 'a');
    if (field->is_lower)
        cell = fold(ctx->arena, cell, 'A', 'Z', 'a' - 'A');
    switch (field->type) {
    case MAP_TEXT: *ret = text_value(ctx->arena, cell); return OK;
    case MAP_INTEGER:
    case MAP_DECIMAL: return integer_value(ctx, map, field, cell, ret);
    case MAP_MONEY: return money_value(ctx, map, field, cell, ret);
    case MAP_BOOL: return bool_value(ctx, field, cell, ret);
    case MAP_TIME: return time_value(ctx, map, field, cell, ret);
    case MAP_DATE: return date_value(ctx, field, cell, ret);
    case MAP_TYPES: break;
    }
    UNREACHABLE("not a type of a mapping");
}
