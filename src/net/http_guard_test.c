/* http_guard_test.c - attacks on the framing are refused, each by its code,
 * and a refused request goes no further. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/testing.h"
#include "net/http_testkit.h"

#define GOOD "Host: x\r\nAuthorization: Bearer good\r\n"
#define POST "POST /v1/things HTTP/1.1\r\n" GOOD
#define JSON "Content-Type: application/json\r\nIdempotency-Key: k\r\n"

struct attack {
    const char *text;
    int status;
    const char *code;
};

/* clang-format off */
static const struct attack attacks[] = {
    {"GET /healthz HTTP/1.1\nHost: x\n\n", 400, "bare_lf"},
    {"GET /healthz HTTP/1.1\r\nHost: x\n\r\n", 400, "bare_lf"},
    {"GET /healthz HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400, "bare_cr"},
    {"GET /healthz HTTP/1.1\rHost: x", 400, "bare_cr"},
    {POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
     400, "content_length_conflict"},
    {POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
     400, "content_length_conflict"},
    {POST "Content-Length: 2, 2\r\n\r\n{}", 400, "content_length_conflict"},
    {POST "Content-Length: +2\r\n\r\n{}", 400, "content_length_invalid"},
    {POST "Content-Length: -2\r\n\r\n{}", 400, "content_length_invalid"},
    {POST "Content-Length: 0x2\r\n\r\n{}", 400, "content_length_invalid"},
    {POST "Content-Length: \r\n\r\n{}", 400, "content_length_invalid"},
    {POST "Content-Length: 99999999999999999999\r\n\r\n{}",
     400, "content_length_invalid"},
    {POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400, "length_with_chunked"},
    {POST "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
     400, "length_with_chunked"},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     411, "chunked_not_accepted"},
    {POST "Transfer-Encoding: xchunked\r\n\r\n", 411, "chunked_not_accepted"},
    {POST "Transfer-Encoding : chunked\r\n\r\n", 400, "header_name_invalid"},
    {POST "\r\n", 411, "length_required"},
    {POST "Content-Length: 1048577\r\n\r\n", 413, "body_too_large"},
    {"POST /v1/bulk HTTP/1.1\r\n" GOOD "Content-Length: 8388609\r\n\r\n",
     413, "body_too_large"},
    {"POST /v1/bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n",
     401, "unauthenticated"},
    {"POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n"
     "Content-Length: 65537\r\n\r\n",
     401, "unauthenticated"},
    {"GET /healthz HTTP/1.1\r\n\r\n", 400, "host_missing"},
    {"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
     400, "host_invalid"},
    {"GET /healthz HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "host_invalid"},
    {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n folded\r\n\r\n",
     400, "obsolete_folding"},
    {"GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n", 400, "obsolete_folding"},
    {"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n", 400, "header_name_invalid"},
    {"GET /healthz HTTP/1.1\r\nHost\r\n\r\n", 400, "header_name_invalid"},
    {"GET /healthz HTTP/1.1\r\n: x\r\n\r\n", 400, "header_name_invalid"},
    {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: \001\r\n\r\n",
     400, "control_byte"},
    {"GET /healthz HTTP/1.1\r\n" GOOD "Authorization: Bearer good\r\n\r\n",
     400, "header_repeated"},
    {"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
     400, "body_not_allowed"},
    {"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n",
     417, "expectation_failed"},
    {"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n", 505, "version_unsupported"},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_unsupported"},
    {"BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 501, "method_unknown"},
    {"GET /healthz\r\n\r\n", 400, "request_line_invalid"},
    {"GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request_line_invalid"},
    {"GET /healthz HTTP/1.1 \r\nHost: x\r\n\r\n", 400, "request_line_invalid"},
    {"G(T /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request_line_invalid"},
    {"\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
     400, "request_line_invalid"},
    {"GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target_invalid"},
    {"GET //healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target_invalid"},
    {"GET /health\"z HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target_invalid"},
};
/* clang-format on */

static void every_attack_has_its_code(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit_start(kit);
    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        struct kit_reply reply;
        int fd = kit_connect(kit);
        kit_send(fd, attacks[i].text);
        if (!kit_reply(kit, fd, &reply))
            fail_msg("no answer to %s", attacks[i].text);
        str code = kit_code(&reply);
        if (!str_equal_cstr(code, attacks[i].code) ||
            reply.status != attacks[i].status)
            fail_msg("%s\n-> %d %.*s", attacks[i].text, reply.status,
                     STR_ARG(code));
        assert_str(kit_header(&reply, "connection"), "close");
        assert_str(kit_header(&reply, "content-type"),
                   "application/problem+json");
        shutdown(fd, SHUT_WR);
        assert_true(kit_is_closed(fd, 1000));
        close(fd);
    }
    assert_int_equal(atomic_load(&kit->dispatched), 0);
    kit_close(kit);
}

static void an_attack_in_pieces_is_seen_too(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit_start(kit);
    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        struct kit_reply reply;
        int fd = kit_connect(kit);
        for (const char *at = attacks[i].text; *at; at++) {
            char byte[2] = {*at, '\0'};
            kit_send(fd, byte);
        }
        if (!kit_reply(kit, fd, &reply))
            fail_msg("no answer to %s", attacks[i].text);
        assert_str(kit_code(&reply), attacks[i].code);
        close(fd);
    }
    kit_close(kit);
}

static void nul_bytes_are_refused(void **state)
{
    static const char text[] = "GET /healthz HTTP/1.1\r\nHost: x\0y\r\n\r\n";
    struct kit *kit = kit_open();
    struct kit_reply reply;
    (void)state;
    kit_start(kit);
    int fd = kit_connect(kit);
    assert_int_equal(send(fd, text, sizeof(text) - 1, 0), sizeof(text) - 1);
    assert_true(kit_reply(kit, fd, &reply));
    assert_str(kit_code(&reply), "control_byte");
    close(fd);
    kit_close(kit);
}

static const char *filled(struct ctx *ctx, const char *before, size_t count,
                          const char *after)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, count + 1000);
    buf_add_cstr(&buf, before);
    for (size_t i = 0; i < count; i++)
        buf_add_char(&buf, 'a');
    buf_add_cstr(&buf, after);
    return str_to_cstr(ctx->arena, buf_str(&buf));
}

static void long_heads_and_targets_are_refused(void **state)
{
    struct kit *kit = kit_open();
    struct ctx *ctx = *state;
    kit_start(kit);
    const char *end = " HTTP/1.1\r\nHost: x\r\n\r\n";
    struct kit_reply reply = kit_ask(kit, filled(ctx, "GET /", 4095, end));
    assert_int_equal(reply.status, 404);
    reply = kit_ask(kit, filled(ctx, "GET /", 4096, end));
    assert_int_equal(reply.status, 414);
    assert_str(kit_code(&reply), "target_too_long");
    reply = kit_ask(kit, filled(ctx, "GET /", 100000, ""));
    assert_str(kit_code(&reply), "target_too_long");

    const char *start = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ";
    size_t spent = strlen(start) + strlen("\r\n\r\n");
    reply = kit_ask(kit,
                    filled(ctx, start, LIMIT_HEADER_BYTES - spent, "\r\n\r\n"));
    assert_int_equal(reply.status, 200);
    reply = kit_ask(
        kit, filled(ctx, start, LIMIT_HEADER_BYTES - spent + 1, "\r\n\r\n"));
    assert_int_equal(reply.status, 431);
    assert_str(kit_code(&reply), "header_too_large");
    reply = kit_ask(kit, filled(ctx, start, 200000, "\r\n\r\n"));
    assert_str(kit_code(&reply), "header_too_large");
    kit_close(kit);
}

/* The client writes all of its body before it looks at the answer. */
static void a_refused_body_does_not_reset_the_answer(void **state)
{
    struct kit *kit = kit_open();
    struct ctx *ctx = *state;
    kit_start(kit);
    const char *text =
        filled(ctx, POST JSON "Content-Length: 3000000\r\n\r\n", 3000000, "");
    for (int i = 0; i < 20; i++) {
        struct kit_reply reply = kit_ask(kit, text);
        assert_int_equal(reply.status, 413);
        assert_str(kit_code(&reply), "body_too_large");
    }
    kit_close(kit);
}

/* A second request hidden behind a refused one is never looked at. */
static void nothing_behind_a_refusal_is_read(void **state)
{
    struct kit *kit = kit_open();
    struct kit_reply reply;
    (void)state;
    kit_start(kit);
    int fd = kit_connect(kit);
    kit_send(fd, POST JSON "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n"
                           "\r\n0\r\n\r\nDELETE /v1/things/1 HTTP/1.1\r\n" GOOD
                           "Idempotency-Key: k\r\n\r\n");
    assert_true(kit_reply(kit, fd, &reply));
    assert_str(kit_code(&reply), "length_with_chunked");
    assert_false(kit_reply(kit, fd, &reply));
    assert_int_equal(atomic_load(&kit->dispatched), 0);
    close(fd);
    kit_close(kit);
}

/* Refused behind a good one: the good one is answered first. */
static void a_refusal_keeps_its_place_in_the_line(void **state)
{
    struct kit *kit = kit_open();
    struct kit_reply reply;
    (void)state;
    kit_start(kit);
    int fd = kit_connect(kit);
    kit_send(fd, "GET /v1/echo/a HTTP/1.1\r\n" GOOD "\r\n"
                 "GET /v1/echo/b HTTP/1.1\nHost: x\n\n");
    assert_true(kit_reply(kit, fd, &reply));
    assert_int_equal(reply.status, 200);
    assert_true(kit_reply(kit, fd, &reply));
    assert_str(kit_code(&reply), "bare_lf");
    close(fd);
    kit_close(kit);
}

static void a_half_closed_client_still_reads_its_answer(void **state)
{
    struct kit *kit = kit_open();
    struct kit_reply reply;
    (void)state;
    kit_start(kit);
    static const char *const texts[] = {"GET /v1/bytes/300000 HTTP/1.1\r\n" GOOD
                                        "\r\n",
                                        "GET /healthz HTTP/1.1\n\n"};
    for (size_t i = 0; i < 20; i++) {
        int fd = kit_connect(kit);
        kit_send(fd, texts[i % 2]);
        shutdown(fd, SHUT_WR);
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, i % 2 ? 400 : 200);
        assert_true(kit_is_closed(fd, 1000));
        close(fd);
    }
    kit_close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(every_attack_has_its_code),
        TEST(an_attack_in_pieces_is_seen_too),
        TEST(nul_bytes_are_refused),
        TEST(long_heads_and_targets_are_refused),
        TEST(a_refused_body_does_not_reset_the_answer),
        TEST(nothing_behind_a_refusal_is_read),
        TEST(a_refusal_keeps_its_place_in_the_line),
        TEST(a_half_closed_client_still_reads_its_answer),
    };
    return RUN_TESTS(tests, argc, argv);
}
