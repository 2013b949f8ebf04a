/* money_test.c - exact sums, named rounding, splits that add up. */
#include "base/money.h"

#include "base/testing.h"

static money eur(int64_t minor)
{
    return money_make(minor, "EUR");
}

static void exponents_follow_iso_4217(void **state)
{
    (void)state;
    assert_int_equal(currency_exponent("EUR"), 2);
    assert_int_equal(currency_exponent("USD"), 2);
    assert_int_equal(currency_exponent("JPY"), 0);
    assert_int_equal(currency_exponent("KRW"), 0);
    assert_int_equal(currency_exponent("ISK"), 0);
    assert_int_equal(currency_exponent("HUF"), 2);
    assert_int_equal(currency_exponent("TWD"), 2);
    assert_int_equal(currency_exponent("KWD"), 3);
    assert_int_equal(currency_exponent("BHD"), 3);
    assert_int_equal(currency_exponent("TND"), 3);
    assert_int_equal(currency_exponent("CLF"), 4);
    assert_int_equal(currency_exponent("CLP"), 0);
    assert_int_equal(currency_exponent("AED"), 2);
    assert_int_equal(currency_exponent("ZWL"), 2);
    assert_int_equal(currency_exponent("XTS"), -1);
    assert_int_equal(currency_exponent("XAU"), -1);
    assert_int_equal(currency_exponent("eur"), -1);
    assert_int_equal(currency_exponent("EU"), -1);
    assert_int_equal(currency_exponent("EURO"), -1);
    assert_int_equal(currency_exponent(""), -1);
}

static void the_table_of_currencies_is_sorted(void **state)
{
    (void)state;
    /* Each listed code must be found: a row out of order would be missed. */
    int found = 0;
    char code[4] = {0}, back[4];
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++)
                found += currency_from_str(str_from_cstr(code), back) ? 1 : 0;
    assert_int_equal(found, 170);
}

static void sums_are_checked(void **state)
{
    struct ctx *ctx = *state;
    money sum = eur(-1);
    assert_ok(ctx, money_add(ctx, eur(1), eur(2), &sum));
    assert_int_equal(sum.minor, 3);
    assert_int_equal(money_add(ctx, eur(INT64_MAX), eur(1), &sum), ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
    err_clear(ctx);
    assert_int_equal(money_sub(ctx, eur(INT64_MIN), eur(1), &sum), ERR_INVALID);
    err_clear(ctx);
    assert_int_equal(money_mul(ctx, eur(INT64_MAX), 2, &sum), ERR_INVALID);
    err_clear(ctx);
    assert_int_equal(money_add(ctx, eur(1), money_make(1, "USD"), &sum),
                     ERR_INVALID);
    assert_slug(ctx, "currency_mismatch");
    err_clear(ctx);
    assert_int_equal(money_sub(ctx, eur(1), money_make(1, "USD"), &sum),
                     ERR_INVALID);
    assert_int_equal(sum.minor, 3);
    assert_true(money_equal(eur(3), sum));
    assert_false(money_equal(eur(3), money_make(3, "USD")));
}

static int64_t ratio(struct ctx *ctx, int64_t minor, int64_t num, int64_t den,
                     enum rounding mode)
{
    money value = {0};
    assert_ok(ctx, money_mul_ratio(ctx, eur(minor), num, den, mode, &value));
    return value.minor;
}

static void rounding_is_the_one_named(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        int64_t minor;
        int64_t up, even, down; /* Of a half. */
    } rows[] = {
        {1,  1,  0,  0 },
        {2,  1,  1,  1 },
        {3,  2,  2,  1 },
        {5,  3,  2,  2 },
        {-1, -1, 0,  0 },
        {-3, -2, -2, -1},
        {-5, -3, -2, -2},
        {0,  0,  0,  0 },
        {7,  4,  4,  3 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t m = rows[i].minor;
        assert_true(ratio(ctx, m, 1, 2, ROUND_HALF_UP) == rows[i].up);
        assert_true(ratio(ctx, m, 1, 2, ROUND_HALF_EVEN) == rows[i].even);
        assert_true(ratio(ctx, m, 1, 2, ROUND_DOWN) == rows[i].down);
        assert_true(ratio(ctx, m, -1, 2, ROUND_HALF_UP) == -rows[i].up);
    }
    assert_true(ratio(ctx, 10, 1, 3, ROUND_HALF_UP) == 3);
    assert_true(ratio(ctx, 20, 1, 3, ROUND_HALF_EVEN) == 7);
    assert_true(ratio(ctx, 1999, 190000, 1000000, ROUND_HALF_UP) == 380);
}

static void products_need_not_fit_in_64_bits(void **state)
{
    struct ctx *ctx = *state;
    assert_true(ratio(ctx, INT64_MAX, INT64_MAX, INT64_MAX, ROUND_DOWN) ==
                INT64_MAX);
    assert_true(ratio(ctx, INT64_MIN, INT64_MAX, INT64_MAX, ROUND_HALF_EVEN) ==
                INT64_MIN);
    money value;
    assert_int_equal(
        money_mul_ratio(ctx, eur(INT64_MAX), 3, 2, ROUND_DOWN, &value),
        ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
}

static void a_split_gives_the_rest_to_the_largest_remainders(void **state)
{
    struct ctx *ctx = *state;
    money parts[3];
    assert_ok(ctx, money_split(ctx, eur(100), (int64_t[]){1, 1, 1}, 3, parts));
    assert_int_equal(parts[0].minor, 34);
    assert_int_equal(parts[1].minor, 33);
    assert_int_equal(parts[2].minor, 33);
    assert_ok(ctx, money_split(ctx, eur(-100), (int64_t[]){1, 1, 1}, 3, parts));
    assert_int_equal(parts[0].minor, -34);
    assert_int_equal(parts[2].minor, -33);
    assert_ok(ctx, money_split(ctx, eur(10), (int64_t[]){1, 2, 3}, 3, parts));
    assert_int_equal(parts[0].minor, 2);
    assert_int_equal(parts[1].minor, 3);
    assert_int_equal(parts[2].minor, 5);
    assert_ok(ctx, money_split(ctx, eur(5), (int64_t[]){0, 0, 0}, 3, parts));
    assert_int_equal(parts[0].minor, 2);
    assert_int_equal(parts[1].minor, 2);
    assert_int_equal(parts[2].minor, 1);
    assert_string_equal(parts[2].currency, "EUR");
}

static void a_part_without_weight_gets_nothing(void **state)
{
    struct ctx *ctx = *state;
    money parts[4];
    for (int64_t total = -50; total <= 50; total++) {
        assert_ok(ctx, money_split(ctx, eur(total), (int64_t[]){0, 3, 0, 4}, 4,
                                   parts));
        assert_int_equal(parts[0].minor, 0);
        assert_int_equal(parts[2].minor, 0);
    }
}

/* I14: parts sum to the whole; each is within one unit of its exact share;
 * the sign never turns; and arena scratch is given back. */
static void splits_of_any_kind_add_up(void **state)
{
    struct ctx *ctx = *state;
    __extension__ typedef __int128 wide;
    uint64_t seed = 42;
    enum { MOST = 50 };
    money parts[MOST];
    int64_t weights[MOST];
    for (int round = 0; round < 20000; round++) {
        size_t count = 1 + test_random(&seed) % MOST;
        int shift = (int)(test_random(&seed) % 64);
        int64_t total = (int64_t)test_random(&seed) >> shift;
        int weight_shift = 1 + (int)(test_random(&seed) % 63);
        wide sum = 0;
        for (size_t i = 0; i < count; i++) {
            weights[i] = (int64_t)(test_random(&seed) >> weight_shift);
            sum += weights[i];
        }
        size_t used = arena_used(ctx->arena);
        assert_ok(ctx, money_split(ctx, eur(total), weights, count, parts));
        assert_int_equal(arena_used(ctx->arena), used);
        wide left = total;
        for (size_t i = 0; i < count; i++) {
            left -= parts[i].minor;
            assert_true(total >= 0 ? parts[i].minor >= 0 : parts[i].minor <= 0);
            if (sum == 0)
                continue;
            wide off = (wide)parts[i].minor * sum - (wide)total * weights[i];
            assert_true(off < sum && off > -sum);
        }
        assert_true(left == 0);
    }
}

static void heavier_parts_never_get_less(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 43;
    money parts[20];
    int64_t weights[20];
    for (int round = 0; round < 5000; round++) {
        for (size_t i = 0; i < 20; i++)
            weights[i] = (int64_t)(test_random(&seed) % 1000);
        int64_t total = (int64_t)(test_random(&seed) % 100000);
        assert_ok(ctx, money_split(ctx, eur(total), weights, 20, parts));
        for (size_t i = 1; i < 20; i++) {
            if (weights[i - 1] > weights[i])
                assert_true(parts[i - 1].minor >= parts[i].minor);
        }
    }
}

static int64_t decimal(struct ctx *ctx, const char *text, const char *currency)
{
    money value = {0};
    assert_ok(ctx,
              money_from_decimal(ctx, str_from_cstr(text), currency, &value));
    assert_string_equal(value.currency, currency);
    return value.minor;
}

static void decimals_are_read_exactly(void **state)
{
    struct ctx *ctx = *state;
    assert_true(decimal(ctx, "12.34", "EUR") == 1234);
    assert_true(decimal(ctx, "12", "EUR") == 1200);
    assert_true(decimal(ctx, "12.3", "EUR") == 1230);
    assert_true(decimal(ctx, "-0.05", "EUR") == -5);
    assert_true(decimal(ctx, "0.000000", "EUR") == 0);
    assert_true(decimal(ctx, "10.2500", "EUR") == 1025);
    assert_true(decimal(ctx, "1999", "JPY") == 1999);
    assert_true(decimal(ctx, "1999.00", "JPY") == 1999);
    assert_true(decimal(ctx, "1.234", "KWD") == 1234);
    assert_true(decimal(ctx, "1.2345", "CLF") == 12345);
    assert_true(decimal(ctx, "92233720368547758.07", "EUR") == INT64_MAX);
    assert_true(decimal(ctx, "-92233720368547758.08", "EUR") == INT64_MIN);
    assert_true(decimal(ctx, "0000000000000000000000000001.00", "EUR") == 100);
}

static void decimals_that_lose_something_are_refused(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *text, *currency, *slug;
    } rows[] = {
        {"10.285",               "EUR", "currency_exponent"  },
        {"1.5",                  "JPY", "currency_exponent"  },
        {"1.2345",               "KWD", "currency_exponent"  },
        {"92233720368547758.08", "EUR", "number_out_of_range"},
        {"99999999999999999999", "JPY", "number_out_of_range"},
        {"",                     "EUR", "invalid_amount"     },
        {"-",                    "EUR", "invalid_amount"     },
        {".5",                   "EUR", "invalid_amount"     },
        {"5.",                   "EUR", "invalid_amount"     },
        {"1,50",                 "EUR", "invalid_amount"     },
        {"1.2.3",                "EUR", "invalid_amount"     },
        {"1e2",                  "EUR", "invalid_amount"     },
        {"+1",                   "EUR", "invalid_amount"     },
        {"--1",                  "EUR", "invalid_amount"     },
        {" 1",                   "EUR", "invalid_amount"     },
        {"NaN",                  "EUR", "invalid_amount"     },
        {"1.00",                 "XYZ", "currency_unknown"   },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        money value = {.minor = 9};
        err_clear(ctx);
        assert_int_equal(money_from_decimal(ctx, str_from_cstr(rows[i].text),
                                            rows[i].currency, &value),
                         ERR_INVALID);
        assert_slug(ctx, rows[i].slug);
        assert_int_equal(value.minor, 9);
    }
}

static void decimals_round_trip(void **state)
{
    struct ctx *ctx = *state;
    static const char *const currencies[] = {"JPY", "EUR", "KWD", "CLF"};
    uint64_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        const char *currency = currencies[i % 4];
        int64_t minor = (int64_t)test_random(&seed) >> (i % 64);
        str text = money_to_decimal(ctx->arena, money_make(minor, currency));
        money back;
        assert_ok(ctx, money_from_decimal(ctx, text, currency, &back));
        assert_true(back.minor == minor);
    }
    assert_str(money_to_decimal(ctx->arena, eur(-5)), "-0.05");
    assert_str(money_to_decimal(ctx->arena, eur(INT64_MIN)),
               "-92233720368547758.08");
    assert_str(money_to_decimal(ctx->arena, money_make(7, "JPY")), "7");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(exponents_follow_iso_4217),
        TEST(the_table_of_currencies_is_sorted),
        TEST(sums_are_checked),
        TEST(rounding_is_the_one_named),
        TEST(products_need_not_fit_in_64_bits),
        TEST(a_split_gives_the_rest_to_the_largest_remainders),
        TEST(a_part_without_weight_gets_nothing),
        TEST(splits_of_any_kind_add_up),
        TEST(heavier_parts_never_get_less),
        TEST(decimals_are_read_exactly),
        TEST(decimals_that_lose_something_are_refused),
        TEST(decimals_round_trip),
    };
    return RUN_TESTS(tests, argc, argv);
}
