/* http_head_test.c - the reader of heads, on plain bytes. */
#include "net/http_head.h"

#include "base/testing.h"

static enum http_refusal read_head(const char *text, struct http_head *ret)
{
    struct http_scan scan = {.scanned = 0};
    size_t len;
    enum http_refusal refusal = http_scan(&scan, text, strlen(text), &len);
    if (refusal != REFUSE_NONE)
        return refusal;
    assert_true(len > 0 && len <= strlen(text));
    return http_head_parse(text, len, ret);
}

static void a_good_head_is_taken_apart(void **state)
{
    const char *text = "PATCH /v1/orders/ord_1?a=b&c HTTP/1.1\r\n"
                       "HOST: shop.example:8080\r\n"
                       "authorization:Bearer wk_x\r\n"
                       "Content-Type:\tapplication/json \r\n"
                       "Idempotency-Key: key-1\r\n"
                       "X-Request-Id: r1\r\n"
                       "X-Other: \xC3\xA9 \t free text, with: colons\r\n"
                       "X-Empty:\r\n"
                       "Connection: keep-alive, close\r\n"
                       "Expect: 100-Continue\r\n"
                       "Content-Length: 0042\r\n\r\nbody";
    struct http_head head = {.length = 0};
    (void)state;
    assert_int_equal(read_head(text, &head), REFUSE_NONE);
    assert_int_equal(head.method, HTTP_PATCH);
    assert_str(http_slice_str(text, head.path), "/v1/orders/ord_1");
    assert_str(http_slice_str(text, head.query), "a=b&c");
    assert_str(http_slice_str(text, head.authorization), "Bearer wk_x");
    assert_str(http_slice_str(text, head.content_type), "application/json");
    assert_str(http_slice_str(text, head.idem_key), "key-1");
    assert_str(http_slice_str(text, head.request_id), "r1");
    assert_int_equal(head.content_encoding.len, 0);
    assert_int_equal(head.length, 42);
    assert_true(head.is_close && head.is_expecting && !head.is_head);
}

static void old_clients_close_and_expect_nothing(void **state)
{
    struct http_head head = {.length = 0};
    (void)state;
    assert_int_equal(
        read_head("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", &head),
        REFUSE_NONE);
    assert_true(head.is_close && !head.is_expecting);
    assert_int_equal(read_head("\r\nHEAD /a HTTP/1.1\r\nHost:\r\n\r\n", &head),
                     REFUSE_NONE);
    assert_true(head.is_head && head.method == HTTP_GET && !head.is_close);
}

/* However it is cut, the end is found at the same place. */
static void pieces_do_not_matter(void **state)
{
    const char *text = "\r\nPOST /v1/things HTTP/1.1\r\nHost: x\r\n"
                       "Content-Length: 4\r\n\r\nPOST /";
    (void)state;
    for (size_t step = 1; step < strlen(text); step++) {
        struct http_scan scan = {.scanned = 0};
        size_t len = 0;
        for (size_t have = step; !len; have += step) {
            if (have > strlen(text))
                have = strlen(text);
            assert_int_equal(http_scan(&scan, text, have, &len), REFUSE_NONE);
        }
        assert_int_equal(len, strlen(text) - strlen("POST /"));
    }
}

static void every_refusal_has_words(void **state)
{
    (void)state;
    for (int i = REFUSE_NONE + 1; i < REFUSE_COUNT; i++) {
        const struct http_refusal_info *info =
            http_refusal_info((enum http_refusal)i);
        assert_in_range(info->status, 400, 599);
        assert_true(strlen(info->slug) > 3 && strlen(info->text) > 10);
        for (int j = REFUSE_NONE + 1; j < i; j++)
            assert_string_not_equal(
                info->slug, http_refusal_info((enum http_refusal)j)->slug);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_head_is_taken_apart),
        TEST(old_clients_close_and_expect_nothing),
        TEST(pieces_do_not_matter),
        TEST(every_refusal_has_words),
    };
    return RUN_TESTS(tests, argc, argv);
}
