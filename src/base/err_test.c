/* err_test.c - failures are written once, cut cleanly, named for ever. */
#include "base/testing.h"

static void the_first_failure_wins(void **state)
{
    struct ctx *ctx = *state;
    assert_int_equal(fail_as(ctx, ERR_INVALID, "sku_unknown", "lines[2].sku",
                             "no %s", "such"),
                     ERR_INVALID);
    assert_int_equal(fail(ctx, ERR_BUSY, "x", "later"), ERR_BUSY);
    assert_int_equal(ctx->err.code, ERR_INVALID);
    assert_slug(ctx, "sku_unknown");
    assert_string_equal(ctx->err.field, "lines[2].sku");
    assert_string_equal(ctx->err.text, "no such");
    err_clear(ctx);
    assert_int_equal(ctx->err.code, OK);
    assert_int_equal(fail(ctx, ERR_STATE, NULL, "now"), ERR_STATE);
    assert_string_equal(ctx->err.field, "");
    assert_slug(ctx, "state");
}

static void long_text_is_cut_between_characters(void **state)
{
    struct ctx *ctx = *state;
    char text[400];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'a', shift);
        for (size_t i = shift; i + 4 < sizeof(text); i += 4)
            memcpy(text + i, "\xF0\x9F\x9A\xA2", 4);
        text[396] = '\0';
        err_clear(ctx);
        (void)fail(ctx, ERR_INVALID, text, "%s", text);
        assert_true(str_is_utf8(str_from_cstr(ctx->err.text)));
        assert_true(str_is_utf8(str_from_cstr(ctx->err.field)));
        assert_in_range(strlen(ctx->err.text), 220, 223);
    }
}

static void whole_characters_at_the_end_stay(void **state)
{
    struct ctx *ctx = *state;
    (void)fail(ctx, ERR_INVALID, "\xC3\xA4", "%s", "x\xE2\x82\xAC");
    assert_string_equal(ctx->err.field, "\xC3\xA4");
    assert_string_equal(ctx->err.text, "x\xE2\x82\xAC");
}

static void every_code_has_a_status_and_a_slug(void **state)
{
    (void)state;
    for (int code = OK + 1; code <= ERR_RETRY; code++) {
        assert_in_range(err_http_status((err_t)code), 400, 503);
        assert_true(strlen(err_slug((err_t)code)) > 3);
    }
    assert_int_equal(err_http_status(ERR_INVALID), 422);
    assert_int_equal(err_http_status(ERR_STALE), 409);
    assert_int_equal(err_http_status(ERR_BUSY), 503);
    assert_int_equal(err_http_status(ERR_RETRY), 503);
    assert_int_equal(err_http_status(OK), 200);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_failure_wins),
        TEST(long_text_is_cut_between_characters),
        TEST(whole_characters_at_the_end_stay),
        TEST(every_code_has_a_status_and_a_slug),
    };
    return RUN_TESTS(tests, argc, argv);
}
