/* csv_test.c - records as spreadsheets write them, and worse. */
#include "base/csv.h"

#include "base/buf.h"
#include "base/testing.h"

/* All records as "a|b/c|d/", for short tests. */
static str read_all(struct ctx *ctx, str text)
{
    struct csv_in in;
    csv_in_init(&in, text);
    struct buf buf;
    buf_init(&buf, ctx->arena, 10000000);
    for (;;) {
        str *fields = NULL;
        size_t count = 0;
        assert_ok(ctx, csv_next(ctx, &in, &fields, &count));
        if (count == 0)
            return buf_str(&buf);
        for (size_t i = 0; i < count; i++) {
            buf_add_str(&buf, fields[i]);
            buf_add_char(&buf, i + 1 < count ? '|' : '/');
        }
    }
}

static void plain_and_quoted_records_are_read(void **state)
{
    struct ctx *ctx = *state;
    assert_str(read_all(ctx, STR("a,b\nc,d\n")), "a|b/c|d/");
    assert_str(read_all(ctx, STR("a,b\r\nc,d")), "a|b/c|d/");
    assert_str(read_all(ctx, STR("a,\n,b\n")), "a|/|b/");
    assert_str(read_all(ctx, STR(",")), "|/");
    assert_str(read_all(ctx, STR("\"a,b\",\"c\"\"d\"\n")), "a,b|c\"d/");
    assert_str(read_all(ctx, STR("\"a\r\nb\",c\n")), "a\r\nb|c/");
    assert_str(read_all(ctx, STR("\"\"\"\"\n")), "\"/");
    assert_str(read_all(ctx, STR("\"\"\n")), "/");
    assert_str(read_all(ctx, STR("\xEF\xBB\xBF"
                                 "a,b\n")),
               "a|b/");
    assert_str(read_all(ctx, STR("\n\r\na\n\n\nb\n\n")), "a/b/");
    assert_str(read_all(ctx, STR("")), "");
    assert_str(read_all(ctx, STR_NONE), "");
    assert_str(read_all(ctx, STR("\xEF\xBB\xBF")), "");
}

static void lines_are_counted_over_blank_and_quoted_ones(void **state)
{
    struct ctx *ctx = *state;
    struct csv_in in;
    csv_in_init(&in, STR("a\n\n\"b\nb\"\r\nc\n"));
    static const int lines[] = {1, 3, 5};
    str *fields;
    size_t count;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_ok(ctx, csv_next(ctx, &in, &fields, &count));
        assert_int_equal(in.line, lines[i]);
    }
}

static void check_refused(struct ctx *ctx, str text, const char *slug,
                          const char *field)
{
    struct csv_in in;
    csv_in_init(&in, text);
    str *fields;
    size_t count;
    err_t err = OK;
    err_clear(ctx);
    for (int i = 0; i < 10 && err == OK; i++)
        err = csv_next(ctx, &in, &fields, &count);
    assert_int_equal(err, ERR_INVALID);
    assert_slug(ctx, slug);
    assert_string_equal(ctx->err.field, field);
}

static void broken_records_are_refused_with_their_line(void **state)
{
    struct ctx *ctx = *state;
    check_refused(ctx, STR("a\n\"b"), "csv_unclosed_quote", "line 2");
    check_refused(ctx, STR("\""), "csv_unclosed_quote", "line 1");
    check_refused(ctx, STR("\"a\"\""), "csv_unclosed_quote", "line 1");
    check_refused(ctx, STR("a\"b\n"), "csv_stray_quote", "line 1");
    check_refused(ctx, STR("x\ny\n\"a\"b\n"), "csv_stray_quote", "line 3");
    check_refused(ctx, STR("a\rb\n"), "csv_stray_cr", "line 1");
    check_refused(ctx, STR("a\r"), "csv_stray_cr", "line 1");
    check_refused(ctx, STR("a\xFF\n"), "csv_utf8_invalid", "line 1");
    check_refused(ctx, STR("\"\xC3\"\n"), "csv_utf8_invalid", "line 1");
    check_refused(ctx, STR("a\0b\n"), "csv_nul", "line 1");
}

static str repeat(struct ctx *ctx, const char *part, size_t count)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, 10000000);
    for (size_t i = 0; i < count; i++)
        buf_add_cstr(&buf, part);
    return buf_str(&buf);
}

static void limits_hold_at_their_edge(void **state)
{
    struct ctx *ctx = *state;
    assert_int_equal(read_all(ctx, repeat(ctx, ",", 255)).len, 256);
    check_refused(ctx, repeat(ctx, ",", 256), "csv_too_many_columns", "line 1");
    str most = repeat(ctx, "x", CSV_MAX_RECORD_BYTES);
    assert_int_equal(read_all(ctx, most).len, most.len + 1);
    check_refused(ctx, repeat(ctx, "x", CSV_MAX_RECORD_BYTES + 1),
                  "csv_record_too_long", "line 1");
    str quoted = str_printf(ctx->arena, "\"%.*s\"", STR_ARG(most));
    check_refused(ctx, quoted, "csv_record_too_long", "line 1");
    check_refused(ctx, repeat(ctx, "0123456789,", 200000),
                  "csv_too_many_columns", "line 1");
    str wide = repeat(ctx, "x", 10000);
    struct buf buf;
    buf_init(&buf, ctx->arena, 10000000);
    for (int i = 0; i < 200; i++) {
        buf_add_str(&buf, wide);
        buf_add_char(&buf, ',');
    }
    check_refused(ctx, buf_str(&buf), "csv_record_too_long", "line 1");
}

static str put(struct ctx *ctx, str cell)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, 1000);
    csv_put(&buf, cell, true);
    return buf_str(&buf);
}

static void cells_that_a_spreadsheet_would_run_are_guarded(void **state)
{
    struct ctx *ctx = *state;
    assert_str(put(ctx, STR("=1+1")), "'=1+1\r\n");
    assert_str(put(ctx, STR("+1+1")), "'+1+1\r\n");
    assert_str(put(ctx, STR("-1+1")), "'-1+1\r\n");
    assert_str(put(ctx, STR("@SUM(A1)")), "'@SUM(A1)\r\n");
    assert_str(put(ctx, STR("\tx")), "'\tx\r\n");
    assert_str(put(ctx, STR("\rx")), "\"'\rx\"\r\n");
    assert_str(put(ctx, STR("=\"a\"")), "\"'=\"\"a\"\"\"\r\n");
    assert_str(put(ctx, STR("-12.50")), "-12.50\r\n");
    assert_str(put(ctx, STR("+12")), "+12\r\n");
    assert_str(put(ctx, STR("-12.")), "'-12.\r\n");
    assert_str(put(ctx, STR("-")), "'-\r\n");
    assert_str(put(ctx, STR("--1")), "'--1\r\n");
    assert_str(put(ctx, STR("a=b")), "a=b\r\n");
    assert_str(put(ctx, STR("")), "\"\"\r\n");
}

static void what_is_written_reads_back(void **state)
{
    struct ctx *ctx = *state;
    static const char letters[] = "ab,\"\n\r \xC3";
    uint64_t seed = 9;
    for (int round = 0; round < 3000; round++) {
        arena_reset(ctx->arena);
        struct buf buf;
        buf_init(&buf, ctx->arena, 100000);
        str cells[5];
        size_t count = 1 + test_random(&seed) % 5;
        for (size_t i = 0; i < count; i++) {
            struct buf cell;
            buf_init(&cell, ctx->arena, 100);
            /* 'a' first: no formula guard, which does not read back. */
            size_t len = test_random(&seed) % 8;
            for (size_t j = 0; j < len; j++) {
                char c = j ? letters[test_random(&seed) % 8] : 'a';
                buf_add_char(&cell, c);
                if (c == '\xC3')
                    buf_add_char(&cell, '\xA4');
            }
            cells[i] = buf_str(&cell);
            csv_put(&buf, cells[i], i + 1 == count);
        }
        struct csv_in in;
        csv_in_init(&in, buf_str(&buf));
        str *fields;
        size_t got;
        assert_ok(ctx, csv_next(ctx, &in, &fields, &got));
        assert_int_equal(got, count);
        for (size_t i = 0; i < count; i++)
            assert_true(str_equal(fields[i], cells[i]));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(plain_and_quoted_records_are_read),
        TEST(lines_are_counted_over_blank_and_quoted_ones),
        TEST(broken_records_are_refused_with_their_line),
        TEST(limits_hold_at_their_edge),
        TEST(cells_that_a_spreadsheet_would_run_are_guarded),
        TEST(what_is_written_reads_back),
    };
    return RUN_TESTS(tests, argc, argv);
}
