/* control_wire_test.c - requests come back as they were; others are refused. */
#include "app/control_wire.h"
#include "base/testing.h"

static str written(struct ctx *ctx, char **words, int count)
{
    const struct control_request request = {"/home/a", "t1", "import", words,
                                            count};
    struct buf *buf = arena_new(ctx->arena, struct buf);
    buf_init(buf, ctx->arena, LIMIT_CONTROL_BYTES + 100);
    control_request_write(buf, &request);
    return buf_str(buf);
}

static str body_of(str bytes)
{
    size_t len;
    assert_true(control_head_read(bytes.ptr, &len));
    assert_int_equal(len, bytes.len - CONTROL_HEAD_BYTES);
    return (str){bytes.ptr + CONTROL_HEAD_BYTES, len};
}

static void a_request_comes_back_as_it_was(void **state)
{
    struct ctx *ctx = *state;
    char file[] = "a b.json", option[] = "--dry-run", empty[] = "";
    char *words[] = {option, file, empty};
    struct control_request got;
    assert_ok(ctx,
              control_request_read(ctx, body_of(written(ctx, words, 3)), &got));
    assert_string_equal(got.dir, "/home/a");
    assert_string_equal(got.tenant, "t1");
    assert_string_equal(got.command, "import");
    assert_int_equal(got.count, 3);
    assert_string_equal(got.words[1], "a b.json");
    assert_string_equal(got.words[2], "");
}

static void a_request_cut_anywhere_is_refused_or_shorter(void **state)
{
    struct ctx *ctx = *state;
    char file[] = "orders.json";
    char *words[] = {file, file};
    str body = body_of(written(ctx, words, 2));
    struct control_request got;
    size_t whole = 0;
    for (size_t len = 0; len < body.len; len++) {
        if (control_request_read(ctx, (str){body.ptr, len}, &got) == OK)
            whole++; /* Cut between two words: the head's length tells. */
        err_clear(ctx);
    }
    assert_int_equal(whole, 2);
}

static void what_is_not_ours_is_refused(void **state)
{
    struct ctx *ctx = *state;
    char bytes[CONTROL_REPLY_BYTES] = "GET / HTTP/1.1";
    size_t len;
    int code;
    assert_false(control_head_read(bytes, &len));
    assert_false(control_reply_read(bytes, &code, &len));
    /* Too long. */
    memcpy(bytes, "WHARFCM1\x7f\xff\xff\xff", CONTROL_HEAD_BYTES);
    assert_false(control_head_read(bytes, &len));
    /* A relative folder; a word with a NUL inside. */
    struct control_request got;
    const char dir[] = "\0\0\0\1.\0\0\0\0\0\0\0\1x";
    assert_int_equal(
        control_request_read(ctx, (str){dir, sizeof dir - 1}, &got),
        ERR_MALFORMED);
    const char nul[] = "\0\0\0\1/\0\0\0\0\0\0\0\1x\0\0\0\2a\0";
    assert_int_equal(
        control_request_read(ctx, (str){nul, sizeof nul - 1}, &got),
        ERR_MALFORMED);
}

static void too_many_words_are_refused(void **state)
{
    struct ctx *ctx = *state;
    enum { MANY = LIMIT_CONTROL_WORDS + 1 };
    char word[] = "w";
    char **words = arena_array(ctx->arena, char *, MANY);
    for (int i = 0; i < MANY; i++)
        words[i] = word;
    struct control_request got;
    assert_int_equal(
        control_request_read(ctx, body_of(written(ctx, words, MANY)), &got),
        ERR_MALFORMED);
    err_clear(ctx);
    assert_ok(ctx, control_request_read(
                       ctx, body_of(written(ctx, words, MANY - 1)), &got));
    assert_int_equal(got.count, MANY - 1);
}

static void a_reply_comes_back_as_it_was(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    size_t len;
    int code;
    buf_init(&buf, ctx->arena, 100);
    control_reply_write(&buf, 2, STR("no"));
    assert_true(control_reply_read(buf.ptr, &code, &len));
    assert_int_equal(code, 2);
    assert_int_equal(len, 2);
    assert_memory_equal(buf.ptr + CONTROL_REPLY_BYTES, "no", 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_comes_back_as_it_was),
        TEST(a_request_cut_anywhere_is_refused_or_shorter),
        TEST(what_is_not_ours_is_refused),
        TEST(too_many_words_are_refused),
        TEST(a_reply_comes_back_as_it_was),
    };
    return RUN_TESTS(tests, argc, argv);
}
