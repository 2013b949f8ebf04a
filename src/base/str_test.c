/* str_test.c - counted strings, UTF-8, frozen hashes, buffers. */
#include "base/buf.h"
#include "base/testing.h"

static void numbers_are_read_to_the_last_one(void **state)
{
    (void)state;
    int64_t n = 7;
    assert_true(str_to_i64(STR("9223372036854775807"), &n));
    assert_true(n == INT64_MAX);
    assert_true(str_to_i64(STR("-9223372036854775808"), &n));
    assert_true(n == INT64_MIN);
    assert_true(str_to_i64(STR("0"), &n) && n == 0);
    assert_true(str_to_i64(STR("-0"), &n) && n == 0);
}

static void what_is_not_a_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x1",
        "1e",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
    };
    int64_t n = 7;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_to_i64(str_from_cstr(bad[i]), &n));
    assert_int_equal(n, 7);
}

static void splitting_gives_the_parts(void **state)
{
    (void)state;
    str rest;
    assert_str(str_split(STR("a,b,c"), ',', &rest), "a");
    assert_str(rest, "b,c");
    assert_str(str_split(STR("abc"), ',', &rest), "abc");
    assert_null(rest.ptr);
    assert_str(str_split(STR("abc,"), ',', &rest), "abc");
    assert_non_null(rest.ptr);
    assert_int_equal(rest.len, 0);
    assert_str(str_split(STR_NONE, ',', &rest), "");
}

static void trimming_and_comparing(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\n a b \n")), "a b");
    assert_str(str_trim(STR("  ")), "");
    assert_true(str_equal(STR_NONE, STR("")));
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_true(str_starts(STR("abc"), STR("")));
    assert_false(str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_true(str_ends(STR("abc"), STR("")));
    assert_false(str_ends(STR("c"), STR("bc")));
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("a"), STR("a")), 0);
    assert_true(str_compare(STR("\xC3"), STR("z")) > 0);
}

static void utf8_is_judged_strictly(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "plain ascii over eight",
        "\xC3\xA4\xE2\x82\xAC",
        "\xF0\x9F\x9A\xA2",
        "\xEF\xBF\xBF",
        "\xF4\x8F\xBF\xBF",
        "\xED\x9F\xBF",
    };
    static const char *const bad[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC3",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "12345678\xE2\x82",
        "\xE2\x82\x41",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(str_is_utf8(str_from_cstr(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_is_utf8(str_from_cstr(bad[i])));
}

/* Rows carry buckets for ever: a change here loses data. */
static void hashes_and_buckets_are_frozen(void **state)
{
    (void)state;
    assert_true(str_hash(STR("")) == UINT64_C(0xcbf29ce484222325));
    assert_true(str_hash(STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(str_hash(STR("foobar")) == UINT64_C(0x85944171f73967e8));
    static const char *const keys[] = {"", "SKU-1", "SKU-2", "web\n1001"};
    static const int buckets[] = {225, 100, 245, 63};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_int_equal(str_bucket(str_from_cstr(keys[i])), buckets[i]);
}

static void buckets_are_spread_evenly(void **state)
{
    struct ctx *ctx = *state;
    int counts[256] = {0};
    for (int i = 0; i < 25600; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        counts[str_bucket(str_printf(ctx->arena, "SKU-%06d", i))]++;
        arena_reset_to(ctx->arena, mark);
    }
    for (int i = 0; i < 256; i++)
        assert_in_range(counts[i], 50, 150);
}

static void printing_takes_any_length(void **state)
{
    struct ctx *ctx = *state;
    char big[1000];
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    assert_int_equal(str_printf(ctx->arena, "%s", big).len, 999);
    assert_str(str_printf(ctx->arena, "%d-%s", 5, "a"), "5-a");
    const char *ended = str_printf(ctx->arena, "%.*s", STR_ARG(STR("abc"))).ptr;
    assert_string_equal(ended, "abc");
}

static void a_buffer_keeps_its_ceiling(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, 1000);
    for (int i = 0; i < 400; i++)
        buf_add_str(&buf, STR("abc"));
    assert_true(buf.is_full);
    assert_int_equal(buf.len, 999);
    buf_add_char(&buf, 'x');
    assert_int_equal(buf.len, 999);
    buf_clear(&buf);
    assert_false(buf.is_full);
    buf_addf(&buf, "%d", 42);
    assert_str(buf_str(&buf), "42");
}

static void a_buffer_grows_over_many_blocks(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, 4000000);
    for (int i = 0; i < 500000; i++) {
        buf_add_i64(&buf, i % 10);
        if (i % 1000 == 0)
            arena_alloc(ctx->arena, 10);
    }
    assert_int_equal(buf.len, 500000);
    for (int i = 0; i < 500000; i++)
        assert_int_equal(buf.ptr[i], '0' + i % 10);
    char big[600];
    memset(big, 'y', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    buf_addf(&buf, "%s", big);
    assert_int_equal(buf.len, 500599);
}

static void numbers_are_written_to_the_last_one(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, 100);
    buf_add_i64(&buf, INT64_MIN);
    buf_add_char(&buf, ' ');
    buf_add_i64(&buf, INT64_MAX);
    buf_add_char(&buf, ' ');
    buf_add_i64(&buf, 0);
    assert_str(buf_str(&buf), "-9223372036854775808 9223372036854775807 0");
}

static void a_fixed_buffer_never_leaves_its_memory(void **state)
{
    (void)state;
    char mem[8];
    struct buf buf;
    buf_init_fixed(&buf, mem, sizeof(mem));
    buf_add_cstr(&buf, "12345678");
    assert_false(buf.is_full);
    buf_add_char(&buf, '9');
    assert_true(buf.is_full);
    assert_str(buf_str(&buf), "12345678");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_read_to_the_last_one),
        TEST(what_is_not_a_number_is_refused),
        TEST(splitting_gives_the_parts),
        TEST(trimming_and_comparing),
        TEST(utf8_is_judged_strictly),
        TEST(hashes_and_buckets_are_frozen),
        TEST(buckets_are_spread_evenly),
        TEST(printing_takes_any_length),
        TEST(a_buffer_keeps_its_ceiling),
        TEST(a_buffer_grows_over_many_blocks),
        TEST(numbers_are_written_to_the_last_one),
        TEST(a_fixed_buffer_never_leaves_its_memory),
    };
    return RUN_TESTS(tests, argc, argv);
}
