/* money.c - exact arithmetic on minor units. */
#include "base/money.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"

__extension__ typedef __int128 int128;

struct currency {
    char code[4];
    int exponent;
};

/* ISO 4217, sorted: what is in use and what was withdrawn since 2020, for old
 * orders. Metals, funds' accounting units and test codes have no minor unit
 * and are not money that an order can be paid in. */
static const struct currency currencies[] = {
  /* clang-format off */
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2},
    {"ARS", 2}, {"AUD", 2}, {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2},
    {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0}, {"BMD", 2}, {"BND", 2},
    {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2},
    {"BYN", 2}, {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHE", 2}, {"CHF", 2},
    {"CHW", 2}, {"CLF", 4}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"COU", 2},
    {"CRC", 2}, {"CUC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0},
    {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2}, {"ERN", 2}, {"ETB", 2},
    {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
    {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2},
    {"HNL", 2}, {"HRK", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2},
    {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3},
    {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2},
    {"KRW", 0}, {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2},
    {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2}, {"MDL", 2},
    {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2},
    {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MXV", 2}, {"MYR", 2},
    {"MZN", 2}, {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2},
    {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2}, {"PGK", 2}, {"PHP", 2},
    {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
    {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2},
    {"SEK", 2}, {"SGD", 2}, {"SHP", 2}, {"SLE", 2}, {"SLL", 2}, {"SOS", 2},
    {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2}, {"SZL", 2},
    {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2},
    {"TTD", 2}, {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2},
    {"USN", 2}, {"UYI", 0}, {"UYU", 2}, {"UYW", 4}, {"UZS", 2}, {"VED", 2},
    {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2},
    {"XCG", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2},
    {"ZWG", 2}, {"ZWL", 2},
  /* clang-format on */
};

static const struct currency *currency_find(const char code[4])
{
    size_t low = 0, high = COUNT_OF(currencies);
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = memcmp(code, currencies[mid].code, 4);
        if (order == 0)
            return &currencies[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

int currency_exponent(const char *currency)
{
    if (strlen(currency) != 3)
        return -1;
    const struct currency *found = currency_find(currency);
    return found ? found->exponent : -1;
}

bool currency_from_str(str s, char ret[4])
{
    if (s.len != 3)
        return false;
    char code[4] = {s.ptr[0], s.ptr[1], s.ptr[2], '\0'};
    if (!currency_find(code))
        return false;
    memcpy(ret, code, sizeof(code));
    return true;
}

money money_make(int64_t minor, const char *currency)
{
    money made = {.minor = minor};
    ASSERT(currency_from_str(str_from_cstr(currency), made.currency));
    return made;
}

bool money_equal(money a, money b)
{
    return a.minor == b.minor && memcmp(a.currency, b.currency, 4) == 0;
}

bool i64_add(int64_t a, int64_t b, int64_t *ret)
{
    return !__builtin_add_overflow(a, b, ret);
}

bool i64_mul(int64_t a, int64_t b, int64_t *ret)
{
    return !__builtin_mul_overflow(a, b, ret);
}

static err_t fail_range(struct ctx *ctx)
{
    return fail_as(ctx, ERR_INVALID, "number_out_of_range", "",
                   "the amount is too large");
}

static err_t check_same(struct ctx *ctx, money a, money b)
{
    if (memcmp(a.currency, b.currency, 4) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "",
                       "%s and %s cannot be added up", a.currency, b.currency);
    return OK;
}

err_t money_add(struct ctx *ctx, money a, money b, money *ret)
{
    TRY(check_same(ctx, a, b));
    int64_t minor;
    if (__builtin_add_overflow(a.minor, b.minor, &minor))
        return fail_range(ctx);
    a.minor = minor;
    *ret = a;
    return OK;
}

err_t money_sub(struct ctx *ctx, money a, money b, money *ret)
{
    TRY(check_same(ctx, a, b));
    int64_t minor;
    if (__builtin_sub_overflow(a.minor, b.minor, &minor))
        return fail_range(ctx);
    a.minor = minor;
    *ret = a;
    return OK;
}

err_t money_mul(struct ctx *ctx, money a, int64_t n, money *ret)
{
    int64_t minor;
    if (__builtin_mul_overflow(a.minor, n, &minor))
        return fail_range(ctx);
    a.minor = minor;
    *ret = a;
    return OK;
}

/* Whether the magnitude of a quotient goes one up; rest < den. */
static bool rounds_up(int128 quotient, int128 rest, int128 den,
                      enum rounding mode)
{
    switch (mode) {
    case ROUND_HALF_UP: return rest >= den - rest;
    case ROUND_HALF_EVEN:
        return rest > den - rest || (rest == den - rest && quotient % 2 != 0);
    case ROUND_DOWN: return false;
    }
    UNREACHABLE("rounds_up: every mode is named above");
}

err_t money_mul_ratio(struct ctx *ctx, money a, int64_t num, int64_t den,
                      enum rounding mode, money *ret)
{
    ASSERT(den > 0);
    int128 product = (int128)a.minor * num;
    int128 magnitude = product < 0 ? -product : product;
    int128 quotient = magnitude / den;
    if (rounds_up(quotient, magnitude % den, den, mode))
        quotient++;
    int128 value = product < 0 ? -quotient : quotient;
    if (value > INT64_MAX || value < INT64_MIN)
        return fail_range(ctx);
    a.minor = (int64_t)value;
    *ret = a;
    return OK;
}

int64_t money_share(int64_t total, int64_t n, int64_t k)
{
    ASSERT(n > 0 && k >= 0 && k <= n);
    int128 product = (int128)total * k;
    int128 part = product / n;
    if (product % n < 0)
        part--;
    return (int64_t)part;
}

struct share {
    int128 rest;
    size_t index;
};

static int share_compare(const void *left, const void *right)
{
    const struct share *a = left, *b = right;
    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

err_t money_split(struct ctx *ctx, money total, const int64_t *weights,
                  size_t count, money *ret)
{
    ASSERT(count > 0);
    int128 sum = 0;
    for (size_t i = 0; i < count; i++) {
        ASSERT(weights[i] >= 0);
        sum += weights[i];
    }
    bool is_even = sum == 0;
    if (is_even)
        sum = (int128)count;
    int128 whole = total.minor < 0 ? -(int128)total.minor : total.minor;
    int128 left = whole;
    struct arena_mark mark = arena_mark(ctx->arena);
    struct share *shares = arena_array(ctx->arena, struct share, count);
    for (size_t i = 0; i < count; i++) {
        int128 product = whole * (is_even ? 1 : weights[i]);
        int128 part = product / sum;
        shares[i] = (struct share){.rest = product % sum, .index = i};
        left -= part;
        ret[i] = total;
        ret[i].minor = (int64_t)(total.minor < 0 ? -part : part);
    }
    ASSERT(left >= 0 && left < (int128)count);
    if (left > 0)
        qsort(shares, count, sizeof(*shares), share_compare);
    for (size_t i = 0; i < (size_t)left; i++)
        ret[shares[i].index].minor += total.minor < 0 ? -1 : 1;
    arena_reset_to(ctx->arena, mark);
    return OK;
}

/* ---- decimal text ---- */

static err_t fail_decimal(struct ctx *ctx, str decimal)
{
    return fail_as(ctx, ERR_INVALID, "invalid_amount", "",
                   "\"%.*s\" is not a decimal amount as \"12.34\"",
                   (int)(decimal.len < 40 ? decimal.len : 40), decimal.ptr);
}

/* Appends a digit to a negative number, whose range is the wider one. */
static bool push_digit(int64_t *value, int digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_sub_overflow(*value, digit, value);
}

/* Whole and fraction as one number of minor units, kept negative. */
static err_t read_minor(struct ctx *ctx, str whole, str fraction, int exponent,
                        int64_t *ret)
{
    int64_t value = 0;
    bool fits = true;
    for (size_t i = 0; i < whole.len; i++)
        fits = fits && push_digit(&value, whole.ptr[i] - '0');
    for (size_t i = 0; i < (size_t)exponent; i++)
        fits = fits &&
               push_digit(&value, i < fraction.len ? fraction.ptr[i] - '0' : 0);
    if (!fits)
        return fail_range(ctx);
    for (size_t i = (size_t)exponent; i < fraction.len; i++) {
        if (fraction.ptr[i] != '0')
            return fail_as(ctx, ERR_INVALID, "currency_exponent", "",
                           "has more than %d digits after the point", exponent);
    }
    *ret = value;
    return OK;
}

err_t money_from_decimal(struct ctx *ctx, str decimal, const char *currency,
                         money *ret)
{
    int exponent = currency_exponent(currency);
    if (exponent < 0)
        return fail_as(ctx, ERR_INVALID, "currency_unknown", "",
                       "\"%s\" is not a currency of ISO 4217", currency);
    bool is_negative = decimal.len > 0 && decimal.ptr[0] == '-';
    size_t skip = is_negative ? 1 : 0;
    str fraction;
    str whole = str_split((str){decimal.ptr + skip, decimal.len - skip}, '.',
                          &fraction);
    if (!str_is_digits(whole) || (fraction.ptr && !str_is_digits(fraction)))
        return fail_decimal(ctx, decimal);
    int64_t minor = 0;
    if (!fraction.ptr)
        fraction = STR("");
    TRY(read_minor(ctx, whole, fraction, exponent, &minor));
    if (!is_negative && __builtin_sub_overflow((int64_t)0, minor, &minor))
        return fail_range(ctx);
    *ret = money_make(minor, currency);
    return OK;
}

str money_to_decimal(struct arena *arena, money a)
{
    int exponent = currency_exponent(a.currency);
    ASSERT(exponent >= 0);
    uint64_t minor = a.minor < 0 ? 0 - (uint64_t)a.minor : (uint64_t)a.minor;
    uint64_t scale = 1;
    for (int i = 0; i < exponent; i++)
        scale *= 10;
    const char *sign = a.minor < 0 ? "-" : "";
    if (exponent == 0)
        return str_printf(arena, "%s%llu", sign, (unsigned long long)minor);
    return str_printf(arena, "%s%llu.%0*llu", sign,
                      (unsigned long long)(minor / scale), exponent,
                      (unsigned long long)(minor % scale));
}
