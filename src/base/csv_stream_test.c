/* csv_stream_test.c - CSV that does not fit, and CSV that is broken. */
#include "base/csv_stream.h"

#include "base/buf.h"
#include "base/charset.h"
#include "base/csv.h"
#include "base/testing.h"

/* Gives text in bites, then fails if it shall. */
struct source {
    str text;
    size_t at, bite;
    int64_t repeats; /* More times the whole text. */
    bool fails;
};

static err_t read_source(struct ctx *ctx, void *arg, char *to, size_t room,
                         size_t *ret_len)
{
    struct source *source = arg;
    if (source->at == source->text.len && source->repeats > 0) {
        source->repeats--;
        source->at = 0;
    }
    size_t len = source->text.len - source->at;
    len = len > source->bite ? source->bite : len;
    len = len > room ? room : len;
    if (len == 0 && source->fails)
        return fail_as(ctx, ERR_INVALID, "file_cut", "", "cut");
    if (len)
        memcpy(to, source->text.ptr + source->at, len);
    source->at += len;
    *ret_len = len;
    return OK;
}

struct reading {
    struct source source;
    struct csv_stream_config config;
};

/* All rows as "a|b/", bad ones as "!slug@line/", the end of a source that
 * failed as "?slug". */
static str read_all(struct ctx *ctx, struct reading *reading)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, 10000000);
    if (reading->source.bite == 0)
        reading->source.bite = 3;
    reading->config.read = read_source;
    reading->config.arg = &reading->source;
    struct csv_stream *stream = csv_stream_open(&reading->config);
    for (;;) {
        struct csv_row row;
        if (csv_stream_next(ctx, stream, &row) != OK) {
            buf_addf(&buf, "?%s", ctx->err.slug);
            err_clear(ctx);
            break;
        }
        if (row.is_bad)
            buf_addf(&buf, "!%s@%lld/", row.err.slug, (long long)row.line);
        else if (row.count == 0)
            break;
        for (size_t i = 0; i < row.count; i++)
            buf_addf(&buf, "%.*s%c", STR_ARG(row.cells[i]),
                     i + 1 < row.count ? '|' : '/');
    }
    csv_stream_close(stream);
    return buf_str(&buf);
}

static str read_text(struct ctx *ctx, str text)
{
    struct reading reading = {.source.text = text};
    return read_all(ctx, &reading);
}

static void rows_are_read_bite_by_bite(void **state)
{
    struct ctx *ctx = *state;
    assert_str(read_text(ctx, STR("\xEF\xBB\xBF"
                                  "a,b\r\n\r\n\"c,\"\"d\ne\",f")),
               "a|b/c,\"d\ne|f/");
    assert_str(read_text(ctx, STR("")), "");
    assert_str(read_text(ctx, STR("\n\n\na\n")), "a/");
}

/* A quote that is never closed costs its line and no other. */
static void a_quote_never_closed_costs_one_line(void **state)
{
    struct ctx *ctx = *state;
    assert_str(read_text(ctx, STR("a,b\n\"c,d\ne,f\n\"g\",h\ni,j\n")),
               "a|b/!csv_stray_quote@2/e|f/g|h/i|j/");
    assert_str(read_text(ctx, STR("a,b\n\"c,d\ne,f\n")),
               "a|b/!csv_unclosed_quote@2/e|f/");
    assert_str(read_text(ctx, STR("a\n\"b")), "a/!csv_unclosed_quote@2/");
}

static void a_million_columns_cost_one_line(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, 4000000);
    buf_add_cstr(&buf, "a,b\n");
    for (int i = 0; i < 1000000; i++)
        buf_add_cstr(&buf, "x,");
    buf_add_cstr(&buf, "\nc,d\n");
    struct reading reading = {
        .source = {.text = buf_str(&buf), .bite = 65536}
    };
    assert_str(read_all(ctx, &reading), "a|b/!csv_too_many_columns@2/c|d/");
}

/* A line longer than any window, and nothing of it in memory. */
static void a_line_without_end_costs_one_line(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, 20000000);
    buf_add_cstr(&buf, "a\n");
    for (int i = 0; i < 9000000; i++)
        buf_add_char(&buf, 'x');
    buf_add_cstr(&buf, "\nb\n");
    struct reading reading = {
        .source = {.text = buf_str(&buf), .bite = 65536}
    };
    assert_str(read_all(ctx, &reading), "a/!csv_record_too_long@2/b/");
}

static void a_source_that_fails_is_told_after_its_rows(void **state)
{
    struct ctx *ctx = *state;
    struct reading reading = {
        .source = {.text = STR("a\nb\n"), .fails = true}
    };
    assert_str(read_all(ctx, &reading), "a/b/?file_cut");
}

static void encodings_are_read_or_refused(void **state)
{
    struct ctx *ctx = *state;
    struct reading reading = {.source.text = STR("a\ncaf\xe9 \x80\nb\n")};
    assert_str(read_all(ctx, &reading), "a/!csv_utf8_invalid@2/b/");
    reading = (struct reading){.source.text = STR("caf\xe9 \x80\n\xc3\xa9\n")};
    assert_ok(ctx, charset_open(ctx, "windows-1252", &reading.config.charset));
    assert_str(read_all(ctx, &reading), "café €/Ã©/");
    reading = (struct reading){.source.text = STR("caf\xe9 \x80\n\xc3\xa9\n")};
    assert_ok(ctx,
              charset_open(ctx, "windows-1252", &reading.config.otherwise));
    assert_str(read_all(ctx, &reading), "café €/é/");
    reading = (struct reading){.source.text = STR("\xff\xfe"
                                                  "a\0b\0")};
    assert_str(read_all(ctx, &reading), "?encoding_utf16");
    assert_str(read_text(ctx, STR("a\nb\0c\nd\n")), "a/!csv_nul@2/d/");
}

static void only_encodings_of_one_byte_are_taken(void **state)
{
    struct ctx *ctx = *state;
    const struct charset *charset;
    static const char *const bad[] = {"utf-16", "shift_jis", "klingon",
                                      "ibm-37"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(charset_open(ctx, bad[i], &charset), ERR_INVALID);
        assert_slug(ctx, "encoding_unknown");
        err_clear(ctx);
    }
    assert_ok(ctx, charset_open(ctx, "iso-8859-15", &charset));
    assert_str(charset_to_utf8(ctx->arena, charset, STR("\xa4 5")), "€ 5");
}

/* Memory stays as it is however long the source. */
static void a_long_source_is_read_in_constant_memory(void **state)
{
    struct ctx *ctx = *state;
    enum { ROWS = 400000 };
    struct source source = {.text = STR("12345,\"a, b\",6789\n"),
                            .bite = 65536,
                            .repeats = ROWS - 1};
    struct csv_stream_config config = {.read = read_source, .arg = &source};
    struct csv_stream *stream = csv_stream_open(&config);
    struct arena *arena = arena_open();
    struct ctx row_ctx = {.arena = arena};
    size_t most = 0, rows = 0;
    (void)ctx;
    for (;; rows++) {
        struct csv_row row;
        arena_reset(arena);
        assert_ok(&row_ctx, csv_stream_next(&row_ctx, stream, &row));
        if (row.count == 0)
            break;
        assert_int_equal(row.count, 3);
        most = arena_used(arena) > most ? arena_used(arena) : most;
    }
    assert_int_equal(rows, ROWS);
    assert_int_equal(csv_stream_bytes(stream), (int64_t)ROWS * 18);
    assert_true(most < 4096);
    arena_close(arena);
    csv_stream_close(stream);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_read_bite_by_bite),
        TEST(a_quote_never_closed_costs_one_line),
        TEST(a_million_columns_cost_one_line),
        TEST(a_line_without_end_costs_one_line),
        TEST(a_source_that_fails_is_told_after_its_rows),
        TEST(encodings_are_read_or_refused),
        TEST(only_encodings_of_one_byte_are_taken),
        TEST(a_long_source_is_read_in_constant_memory),
    };
    return RUN_TESTS(tests, argc, argv);
}
