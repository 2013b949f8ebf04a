/* log_test.c - a log line is one line of JSON whatever it is told. */
#include "base/log.h"

#include <unistd.h>

#include "base/json.h"
#include "base/testing.h"

/* What one entry puts on standard error. */
static str logged(struct ctx *ctx, const struct ctx *of, enum log_level level,
                  const char *text)
{
    int ends[2], old = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    if (of)
        log_ctx(of, level, "test.event", "%s", text);
    else
        log_line(level, "test.event", "%s", text);
    dup2(old, STDERR_FILENO);
    close(old);
    close(ends[1]);
    char *line = arena_alloc(ctx->arena, 20000);
    size_t len = 0;
    for (ssize_t got = 1; got > 0; len += (size_t)(got > 0 ? got : 0))
        got = read(ends[0], line + len, 20000 - len);
    close(ends[0]);
    return (str){line, len};
}

static void a_line_says_when_what_and_for_whom(void **state)
{
    struct ctx *ctx = *state;
    struct ctx of = {.request_id = STR("req-\"1\"")};
    str line = logged(ctx, &of, LOG_WARN, "two\nlines \"x\"");
    assert_int_equal(line.ptr[line.len - 1], '\n');
    assert_null(memchr(line.ptr, '\n', line.len - 1));
    struct json_in *in = NULL;
    str s;
    utc_ms at = 0;
    assert_ok(ctx, json_parse(ctx, line, &in));
    assert_ok(ctx, json_get_str(in, "level", 1, 9, &s));
    assert_str(s, "warn");
    assert_ok(ctx, json_get_str(in, "event", 1, 99, &s));
    assert_str(s, "test.event");
    assert_ok(ctx, json_get_str(in, "request_id", 1, 99, &s));
    assert_str(s, "req-\"1\"");
    assert_ok(ctx, json_get_str(in, "text", 1, 99, &s));
    assert_str(s, "two\nlines \"x\"");
    assert_ok(ctx, json_opt_time(in, "at", &at));
    assert_ok(ctx, json_end(in));
    assert_true(at > 0);
}

static void the_worst_text_is_still_one_json_line(void **state)
{
    struct ctx *ctx = *state;
    char text[5000];
    memset(text, 1, sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct json_in *in = NULL;
    assert_ok(ctx, json_parse(ctx, logged(ctx, NULL, LOG_ERROR, text), &in));
    memset(text, 0xFF, sizeof(text) - 1);
    assert_ok(ctx, json_parse(ctx, logged(ctx, NULL, LOG_ERROR, text), &in));
}

static void what_is_below_the_level_is_silent(void **state)
{
    struct ctx *ctx = *state;
    assert_int_equal(logged(ctx, NULL, LOG_DEBUG, "x").len, 0);
    log_set_level(LOG_ERROR);
    assert_int_equal(logged(ctx, NULL, LOG_WARN, "x").len, 0);
    assert_true(logged(ctx, NULL, LOG_ERROR, "x").len > 0);
    log_set_level(LOG_DEBUG);
    assert_true(logged(ctx, NULL, LOG_DEBUG, "x").len > 0);
    log_set_level(LOG_INFO);
}

static void levels_have_names(void **state)
{
    (void)state;
    enum log_level level = LOG_INFO;
    assert_true(log_level_from_str(STR("error"), &level));
    assert_int_equal(level, LOG_ERROR);
    assert_false(log_level_from_str(STR("loud"), &level));
    assert_false(log_level_from_str(STR(""), &level));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_says_when_what_and_for_whom),
        TEST(the_worst_text_is_still_one_json_line),
        TEST(what_is_below_the_level_is_silent),
        TEST(levels_have_names),
    };
    return RUN_TESTS(tests, argc, argv);
}
