/* shipping_track_test.c - tracking tokens: who made them, for which store,
 * until when. */
#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/testing.h"
#include "oms/shipping/shipping_track.h"

static struct secret_ring *open_ring(struct ctx *ctx)
{
    struct secret_ring *ring;
    char dir[] = "/tmp/wharf-track-XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *path =
        str_to_cstr(ctx->arena, str_printf(ctx->arena, "%s/key", dir));
    assert_ok(ctx, secret_ring_open(ctx, path, &ring));
    unlink(path);
    rmdir(dir);
    return ring;
}

static const struct track_token plain = {.kind = TRACK_PAGE,
                                         .order = {12345},
                                         .generation = 3,
                                         .ends_at = 1800000000000};

static str make(struct ctx *ctx, const struct secret_ring *ring, str store)
{
    struct track_token token = plain;
    str text;
    token.store = store;
    assert_ok(ctx, track_token_make(ctx, ring, &token, &text));
    assert_true(text.len <= TRACK_TOKEN_BYTES);
    return text;
}

static err_t judge(struct ctx *ctx, const struct secret_ring *ring, str store,
                   str text)
{
    struct track_token token;
    if (!track_token_read(text, &token))
        return ERR_NOT_FOUND;
    return track_token_judge(ctx->arena, ring, store, plain.ends_at - 1,
                             &token);
}

static void what_was_made_is_read_again(void **state)
{
    struct ctx *ctx = *state;
    struct secret_ring *ring = open_ring(ctx);
    struct track_token token;
    str longest = STR("a-code-of-forty-bytes-0123456789-abcdefg");
    assert_int_equal(longest.len, TRACK_STORE_BYTES);
    str text = make(ctx, ring, longest);
    assert_true(track_token_read(text, &token));
    assert_true(str_equal(token.store, longest));
    assert_int_equal(token.order.v, plain.order.v);
    assert_int_equal(token.generation, plain.generation);
    assert_int_equal(token.ends_at, plain.ends_at);
    assert_int_equal(judge(ctx, ring, longest, text), OK);
    assert_int_equal(
        track_token_judge(ctx->arena, ring, longest, plain.ends_at, &token),
        ERR_GONE);
    secret_ring_close(ring);
}

/* Each byte of it counts. */
static void a_changed_token_is_none(void **state)
{
    struct ctx *ctx = *state;
    struct secret_ring *ring = open_ring(ctx);
    str text = make(ctx, ring, STR("acme"));
    assert_int_equal(judge(ctx, ring, STR("acme"), text), OK);
    for (size_t i = 0; i < text.len; i++) {
        char *other = str_to_cstr(ctx->arena, text);
        other[i] = other[i] == '1' ? '2' : '1';
        assert_int_equal(judge(ctx, ring, STR("acme"), (str){other, text.len}),
                         ERR_NOT_FOUND);
        assert_int_equal(judge(ctx, ring, STR("acme"), (str){text.ptr, i}),
                         ERR_NOT_FOUND);
    }
    secret_ring_close(ring);
}

static void a_token_opens_its_own_store_alone(void **state)
{
    struct ctx *ctx = *state;
    struct secret_ring *ring = open_ring(ctx), *other = open_ring(ctx);
    str text = make(ctx, ring, STR("acme"));
    assert_int_equal(judge(ctx, ring, STR("bolt"), text), ERR_NOT_FOUND);
    assert_int_equal(judge(ctx, ring, STR(""), text), ERR_NOT_FOUND);
    assert_int_equal(judge(ctx, other, STR("acme"), text), ERR_NOT_FOUND);
    assert_int_equal(judge(ctx, NULL, STR("acme"), text), ERR_NOT_FOUND);
    struct track_token token = plain;
    assert_int_equal(track_token_make(ctx, NULL, &token, &text), ERR_STATE);
    assert_slug(ctx, "no_key_file");
    secret_ring_close(ring);
    secret_ring_close(other);
}

static void odd_texts_are_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "t1",
        "t1..",
        "t1..ord_0000000001s1t.1.1",
        "t1..ord_0000000001s1t.1.1.",
        "t2..ord_0000000000001.1.1800000000.m1.x.y",
        "t1.A.ord_0000000000001.1.1800000000.m1.x.y",
        "t1..fo_0000000000001.1.1800000000.m1.x.y",
        "t1..ord_0000000000001.0.1800000000.m1.x.y",
        "t1..ord_0000000000001.01.1800000000.m1.x.y",
        "t1..ord_0000000000001.-1.1800000000.m1.x.y",
        "t1..ord_0000000000001.1.99999999999999999999.m1.x.y",
    };
    struct track_token token;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_false(track_token_read(str_from_cstr(texts[i]), &token));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_made_is_read_again),
        TEST(a_changed_token_is_none),
        TEST(a_token_opens_its_own_store_alone),
        TEST(odd_texts_are_none),
    };
    return RUN_TESTS(tests, argc, argv);
}
