/* check_test.c - codes, lines, countries, versions. */
#include "base/check.h"

#include "base/testing.h"

static void a_code_is_clean_or_refused(void **state)
{
    struct ctx *ctx = *state;
    assert_true(code_is_clean(STR("TEA-1")));
    assert_true(code_is_clean(STR("Tee 1 \xc3\xbc")));
    assert_false(code_is_clean(STR("")));
    assert_false(code_is_clean(STR(" A")));
    assert_false(code_is_clean(STR("A ")));
    assert_false(code_is_clean(STR("A\tB")));
    assert_false(code_is_clean(STR("A\x7f")));
    assert_false(code_is_clean(STR("A\xc2\x85")));
    assert_true(code_is_clean(STR("A\xc2\xa0"
                                  "B")));
    char text[LIMIT_CODE_BYTES + 1];
    memset(text, 'x', sizeof text);
    assert_ok(ctx, check_code(ctx, "code", (str){text, LIMIT_CODE_BYTES}));
    assert_int_equal(check_code(ctx, "code", (str){text, sizeof text}),
                     ERR_INVALID);
    assert_slug(ctx, "too_long");
    err_clear(ctx);
    assert_int_equal(check_code(ctx, "code", STR("")), ERR_INVALID);
    assert_slug(ctx, "code_invalid");
    assert_string_equal(ctx->err.field, "code");
}

static void a_line_has_its_length_and_no_breaks(void **state)
{
    struct ctx *ctx = *state;
    assert_ok(ctx, check_line(ctx, "name", STR("abc"), 1, 3));
    assert_int_equal(check_line(ctx, "name", STR(""), 1, 3), ERR_INVALID);
    assert_slug(ctx, "too_short");
    err_clear(ctx);
    assert_int_equal(check_line(ctx, "name", STR("abcd"), 1, 3), ERR_INVALID);
    assert_slug(ctx, "too_long");
    err_clear(ctx);
    assert_int_equal(check_line(ctx, "name", STR("a\nb"), 1, 3), ERR_INVALID);
    assert_slug(ctx, "text_invalid");
}

static void countries_are_those_of_iso_3166(void **state)
{
    struct ctx *ctx = *state;
    assert_true(country_is_known(STR("DE")));
    assert_true(country_is_known(STR("ZW")));
    assert_false(country_is_known(STR("de")));
    assert_false(country_is_known(STR("XQ")));
    assert_false(country_is_known(STR("DEU")));
    assert_false(country_is_known(STR("")));
    assert_ok(ctx, check_country(ctx, "origin", STR("JP")));
    assert_int_equal(check_country(ctx, "origin", STR("EU")), ERR_INVALID);
    assert_slug(ctx, "country_unknown");
}

static void ranges_include_their_ends(void **state)
{
    struct ctx *ctx = *state;
    assert_ok(ctx, check_range(ctx, "n", -1, -1, 1));
    assert_ok(ctx, check_range(ctx, "n", 1, -1, 1));
    assert_int_equal(check_range(ctx, "n", 2, -1, 1), ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
    err_clear(ctx);
    assert_int_equal(check_range(ctx, "n", -2, -1, 1), ERR_INVALID);
}

static void attributes_have_a_ceiling(void **state)
{
    struct ctx *ctx = *state;
    assert_ok(ctx, check_attrs(ctx, "attrs", (str){"", LIMIT_ATTRS_BYTES}));
    assert_int_equal(
        check_attrs(ctx, "attrs", (str){"", LIMIT_ATTRS_BYTES + 1}),
        ERR_INVALID);
    assert_slug(ctx, "too_long");
}

static void a_number_of_gs1_has_its_check_digit(void **state)
{
    (void)state;
    /* The examples of the GS1 General Specifications. */
    assert_int_equal(gs1_check_digit(STR("629104150021")), '3');
    assert_int_equal(gs1_check_digit(STR("37610425002123456")), '9');
    assert_true(gs1_number_is_good(STR("106141411234567897"), 18));
    assert_false(gs1_number_is_good(STR("106141411234567898"), 18));
    assert_false(gs1_number_is_good(STR("106141411234567897"), 17));
    assert_false(gs1_number_is_good(STR("10614141123456789X"), 18));
    assert_false(gs1_number_is_good(STR(""), 18));
}

static void a_stale_version_tells_the_current_one(void **state)
{
    struct ctx *ctx = *state;
    assert_ok(ctx, check_version(ctx, 7, 7));
    assert_int_equal(check_version(ctx, 6, 7), ERR_STALE);
    assert_int_equal(ctx->err.version, 7);
    assert_string_equal(ctx->err.field, "version");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_is_clean_or_refused),
        TEST(a_line_has_its_length_and_no_breaks),
        TEST(countries_are_those_of_iso_3166),
        TEST(ranges_include_their_ends),
        TEST(attributes_have_a_ceiling),
        TEST(a_number_of_gs1_has_its_check_digit),
        TEST(a_stale_version_tells_the_current_one),
    };
    return RUN_TESTS(tests, argc, argv);
}
