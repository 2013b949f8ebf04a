/* draft_test.c - decimals of foreign payloads, exact. */
#include "base/testing.h"
#include "connect/channel/draft.h"

static void decimals_become_millionths(void **state)
{
    static const struct {
        const char *text;
        micro expected;
    } rows[] = {
        {"0",                   0                 },
        {"12.34",               12340000          },
        {"-0.5",                -500000           },
        {"3",                   3000000           },
        {"1.1250000",           1125000           },
        {"0.0000005",           1                 },
        {"0.0000004",           0                 },
        {"999999999999.999999", 999999999999999999},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        micro got = -1;
        assert_true(micro_from_text(str_from_cstr(rows[i].text), &got));
        assert_int_equal(got, rows[i].expected);
    }
}

static void what_is_no_decimal_is_refused(void **state)
{
    static const char *const texts[] = {
        "",     ".5",  "5.",   "-",   "--1", "1e3",           "1,5",
        "1.2.", "one", "0x10", " 1 ", "+1",  "1000000000000", "1.2x"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        micro got;
        if (micro_from_text(str_from_cstr(texts[i]), &got))
            fail_msg("\"%s\" was taken", texts[i]);
    }
}

static void many_documents_in_one_text_are_read_one_by_one(void **state)
{
    (void)state;
    struct ctx ctx = {.arena = arena_open()};
    str text = STR("\xEF\xBB\xBF {\"a\": 1}\n[2, 3]\r\n 4 ");
    size_t n = 0;
    for (json_any document;; n++) {
        assert_int_equal(json_any_parse(&ctx, &text, &document), OK);
        if (!document.node)
            break;
        json_any_close(document);
    }
    assert_int_equal(n, 3);
    arena_close(ctx.arena);
}

static void broken_documents_name_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *slug;
    } rows[] = {
        {"{\"a\":1,\"a\":2}",      "json_duplicate_key" },
        {"{\"a\":\"\xff\"}",       "utf8_invalid"       },
        {"{\"a\":",                "json_syntax"        },
        {"[NaN]",                  "json_syntax"        },
        {"[99999999999999999999]", "number_out_of_range"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ctx ctx = {.arena = arena_open()};
        str text = str_from_cstr(rows[i].text);
        json_any document;
        assert_int_equal(json_any_parse(&ctx, &text, &document), ERR_MALFORMED);
        assert_string_equal(ctx.err.slug, rows[i].slug);
        arena_close(ctx.arena);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_become_millionths),
        cmocka_unit_test(what_is_no_decimal_is_refused),
        cmocka_unit_test(many_documents_in_one_text_are_read_one_by_one),
        cmocka_unit_test(broken_documents_name_what_is_wrong),
    };
    return RUN_TESTS(tests, argc, argv);
}
