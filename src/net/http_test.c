/* http_test.c - what a request gets back: routes, keys, bodies, problems. */
#include "net/http.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/testing.h"
#include "net/http_testkit.h"

#define GOOD "Host: x\r\nAuthorization: Bearer good\r\n"
#define JSON "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
#define POST "POST /v1/things HTTP/1.1\r\n" GOOD

static struct kit *started(void)
{
    struct kit *kit = kit_open();
    kit_start(kit);
    return kit;
}

/* One reply must have that status and code ("": no problem). */
static struct kit_reply expect(struct kit *kit, const char *text, int status,
                               const char *code)
{
    struct kit_reply reply = kit_ask(kit, text);
    str got = kit_code(&reply);
    if (reply.status != status || !str_equal_cstr(got, code))
        fail_msg("%s\n-> %d %.*s", text, reply.status, STR_ARG(reply.body));
    return reply;
}

static bool holds(str text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static void the_front_answers_for_itself(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit->config.contract = STR("openapi: 3.1.0\n");
    kit_start(kit);
    struct kit_reply reply =
        expect(kit, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200, "");
    assert_str(reply.body, "{\"status\":\"ok\"}");
    assert_str(kit_header(&reply, "content-type"), "application/json");
    expect(kit, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", 200, "");
    atomic_store(&kit->is_ready, false);
    reply = expect(kit, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", 503,
                   "not_ready");
    assert_str(kit_header(&reply, "retry-after"), "1");
    reply =
        expect(kit, "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n", 200, "");
    assert_str(reply.body, "openapi: 3.1.0\n");
    assert_str(kit_header(&reply, "content-type"), "application/yaml");
    reply = expect(kit, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200, "");
    assert_true(holds(reply.body, "kit_figure 42\n"));
    assert_true(holds(reply.body, "wharf_http_requests_total{route="
                                  "\"getReadiness\",status=\"5xx\"} 1\n"));
    assert_true(
        holds(reply.body, "wharf_http_refused_total{code=\"not_ready\"} 1\n"));
    assert_true(holds(reply.body, "wharf_http_request_seconds_bucket{route="
                                  "\"getHealth\",le=\"+Inf\"} 1\n"));
    assert_true(holds(reply.body, "\nwharf_http_connections "));
    kit_close(kit);
}

static void without_a_contract_there_is_none(void **state)
{
    struct kit *kit = started();
    (void)state;
    expect(kit, "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n", 404,
           "not_found");
    kit_close(kit);
}

static void path_and_query_arrive_decoded(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply = expect(
        kit,
        "GET /v1/echo/a%2Fb%C3%A9?q=x+y%26z&limit=7 HTTP/1.1\r\n" GOOD "\r\n",
        200, "");
    assert_str(reply.body,
               "{\"name\":\"a/b\xC3\xA9\",\"q\":\"x y&z\",\"limit\":7}");
    expect(kit, "GET /v1/echo/%ff HTTP/1.1\r\n" GOOD "\r\n", 400,
           "path_invalid");
    expect(kit, "GET /v1/echo/%0 HTTP/1.1\r\n" GOOD "\r\n", 400,
           "path_invalid");
    expect(kit, "GET /v1/echo/a?q=%00 HTTP/1.1\r\n" GOOD "\r\n", 400,
           "query_invalid");
    reply = expect(kit, "GET /v1/echo/a?foo=1 HTTP/1.1\r\n" GOOD "\r\n", 422,
                   "unknown_parameter");
    assert_true(holds(reply.body, "\"field\":\"foo\""));
    expect(kit, "GET /v1/echo/a?q=1&q=2 HTTP/1.1\r\n" GOOD "\r\n", 422,
           "parameter_repeated");
    expect(kit, "GET /v1/echo/a?limit=251 HTTP/1.1\r\n" GOOD "\r\n", 422,
           "number_out_of_range");
    expect(kit, "GET /v1/echo/a?limit=x HTTP/1.1\r\n" GOOD "\r\n", 422,
           "wrong_type");
    kit_close(kit);
}

static void paths_and_methods_that_do_not_exist(void **state)
{
    struct kit *kit = started();
    (void)state;
    expect(kit, "GET /v1/nothing HTTP/1.1\r\n" GOOD "\r\n", 404, "not_found");
    expect(kit, "GET /v1/echo/ HTTP/1.1\r\n" GOOD "\r\n", 404, "not_found");
    expect(kit, "GET /v1/echo/a/ HTTP/1.1\r\n" GOOD "\r\n", 404, "not_found");
    expect(kit, "GET / HTTP/1.1\r\n" GOOD "\r\n", 404, "not_found");
    struct kit_reply reply =
        expect(kit, "GET /v1/things HTTP/1.1\r\n" GOOD "\r\n", 405,
               "method_not_allowed");
    assert_str(kit_header(&reply, "allow"), "POST");
    reply = expect(kit, "DELETE /v1/echo/a HTTP/1.1\r\n" GOOD "\r\n", 405,
                   "method_not_allowed");
    assert_str(kit_header(&reply, "allow"), "GET, HEAD");
    kit_close(kit);
}

static void a_head_request_gets_the_head_only(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply = {.status = 0};
    (void)state;
    int fd = kit_connect(kit);
    for (int i = 0; i < 2; i++) {
        kit_send(fd, "HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        /* kit_reply() would wait for the body. */
        char head[1024] = "";
        size_t len = 0;
        while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0)
            len += (size_t)read(fd, head + len, 1);
        reply.head = (str){head, len};
        assert_str(kit_header(&reply, "content-length"), "15");
    }
    kit_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(kit_reply(kit, fd, &reply));
    assert_int_equal(reply.status, 200);
    close(fd);
    kit_close(kit);
}

static void keys_and_scopes_are_asked_for(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply =
        expect(kit, "GET /v1/echo/a HTTP/1.1\r\nHost: x\r\n\r\n", 401,
               "unauthenticated");
    assert_str(kit_header(&reply, "www-authenticate"), "Bearer");
    expect(kit,
           "GET /v1/echo/a HTTP/1.1\r\nHost: x\r\n"
           "Authorization: Bearer bad\r\n\r\n",
           401, "unauthenticated");
    expect(kit,
           "GET /v1/echo/a HTTP/1.1\r\nHost: x\r\n"
           "Authorization: Bearer reader\r\n\r\n",
           200, "");
    reply = expect(kit,
                   "POST /v1/things HTTP/1.1\r\nHost: x\r\n"
                   "Authorization: Bearer reader\r\n" JSON
                   "Content-Length: 2\r\n\r\n{}",
                   403, "denied");
    assert_true(holds(reply.body, "orders:write"));
    kit_close(kit);
}

static void bodies_are_checked_before_the_dispatcher(void **state)
{
    struct kit *kit = started();
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        int status;
        const char *code;
    } cases[] = {
        {POST "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
         400, "idempotency_key_missing"},
        {POST JSON "Content-Length: 0\r\n\r\n", 400, "json_syntax"},
        {POST JSON "Content-Length: 2\r\n\r\n{]", 400, "json_syntax"},
        {POST JSON "Content-Length: 14\r\n\r\n{\"n\":1,\"n\":2 }",
         400, "json_duplicate_key"},
        {POST "Idempotency-Key: k\r\nContent-Length: 2\r\n\r\n{}",
         415, "media_type"},
        {POST "Idempotency-Key: k\r\nContent-Type: application/jsonp\r\n"
         "Content-Length: 2\r\n\r\n{}", 415, "media_type"},
        {POST JSON "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
         415, "content_encoding_unsupported"},
        {POST "Content-Type: application/json\r\nIdempotency-Key: a b\r\n"
         "Content-Length: 2\r\n\r\n{}", 400, "idempotency_key_invalid"},
        {"DELETE /v1/things/1 HTTP/1.1\r\n" GOOD "\r\n",
         400, "idempotency_key_missing"},
        {"POST /v1/hot HTTP/1.1\r\n" GOOD JSON
         "Content-Length: 8\r\n\r\n{\"m\": 1}", 422, "missing_field"},
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect(kit, cases[i].text, cases[i].status, cases[i].code);
    }
    assert_int_equal(atomic_load(&kit->dispatched), 0);
    kit_close(kit);
}

static void changes_are_dispatched_and_answered(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply =
        expect(kit, POST JSON "Content-Length: 8\r\n\r\n{\"n\": 5}", 201, "");
    assert_str(reply.body, "{\"n\":5,\"bytes\":8}");
    assert_int_equal(kit_header(&reply, "idempotency-replayed").len, 0);
    reply = expect(kit,
                   "POST /v1/hot HTTP/1.1\r\n" GOOD
                   "Content-Type: Application/JSON; charset=utf-8\r\n"
                   "Idempotency-Key: again\r\n"
                   "Content-Length: 8\r\n\r\n{\"n\": 6}",
                   201, "");
    assert_str(reply.body, "{\"n\":6,\"bytes\":8}");
    assert_str(kit_header(&reply, "idempotency-replayed"), "true");
    reply = expect(kit,
                   "DELETE /v1/things/1 HTTP/1.1\r\n" GOOD
                   "Idempotency-Key: k\r\n\r\n",
                   204, "");
    assert_int_equal(reply.body.len, 0);
    kit_close(kit);
}

static void a_bulk_path_takes_more(void **state)
{
    struct kit *kit = started();
    struct ctx *ctx = *state;
    struct buf buf;
    size_t fill = 5 * 1024 * 1024;
    buf_init(&buf, ctx->arena, fill + 1000);
    buf_addf(&buf,
             "POST /v1/bulk HTTP/1.1\r\n" GOOD JSON
             "Content-Length: %zu\r\n\r\n{\"n\": 1, \"x\": \"",
             fill + 17);
    for (size_t i = 0; i < fill; i++)
        buf_add_char(&buf, 'x');
    buf_add_cstr(&buf, "\"}");
    struct kit_reply reply =
        expect(kit, str_to_cstr(ctx->arena, buf_str(&buf)), 201, "");
    assert_true(holds(reply.body, "\"bytes\":5242897"));
    kit_close(kit);
}

static void a_long_reply_arrives_whole(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply =
        expect(kit, "GET /v1/bytes/3000000 HTTP/1.1\r\n" GOOD "\r\n", 200, "");
    assert_int_equal(reply.body.len, 3000001);
    kit_close(kit);
}

static void failures_become_problems(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply = expect(
        kit, "GET /v1/failures/stale HTTP/1.1\r\n" GOOD "\r\n", 409, "stale");
    assert_true(holds(reply.body, "\"current_version\":7"));
    assert_true(holds(reply.body, "\"field\":\"version\""));
    assert_true(holds(reply.body, "\"title\":\"Conflict\",\"status\":409"));
    reply = expect(kit, "GET /v1/failures/limit HTTP/1.1\r\n" GOOD "\r\n", 429,
                   "limit");
    assert_str(kit_header(&reply, "retry-after"), "1");
    static const char *const house[] = {"busy", "internal"};
    for (size_t i = 0; i < 2; i++) {
        str text = str_printf(kit->ctx.arena,
                              "GET /v1/failures/%s HTTP/1.1\r\n" GOOD "\r\n",
                              house[i]);
        reply = expect(kit, text.ptr, i ? 500 : 503, house[i]);
        assert_false(holds(reply.body, "secret"));
    }
    kit_close(kit);
}

static void the_request_id_comes_back(void **state)
{
    struct kit *kit = started();
    (void)state;
    struct kit_reply reply = expect(kit,
                                    "GET /v1/nothing HTTP/1.1\r\n" GOOD
                                    "X-Request-Id: my-id.7\r\n\r\n",
                                    404, "not_found");
    assert_str(kit_header(&reply, "x-request-id"), "my-id.7");
    assert_true(holds(reply.body, "\"request_id\":\"my-id.7\""));
    reply = expect(kit,
                   "GET /healthz HTTP/1.1\r\nHost: x\r\n"
                   "X-Request-Id: a\"b\r\n\r\n",
                   200, "");
    assert_int_equal(kit_header(&reply, "x-request-id").len, 24);
    assert_false(holds(reply.head, "a\"b"));
    kit_close(kit);
}

static void replies_on_the_loop_thread_work_too(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit->is_inline = true;
    kit_start(kit);
    for (int i = 0; i < 5; i++)
        expect(kit, POST JSON "Content-Length: 8\r\n\r\n{\"n\": 5}", 201, "");
    kit_close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_front_answers_for_itself),
        TEST(without_a_contract_there_is_none),
        TEST(path_and_query_arrive_decoded),
        TEST(paths_and_methods_that_do_not_exist),
        TEST(a_head_request_gets_the_head_only),
        TEST(keys_and_scopes_are_asked_for),
        TEST(bodies_are_checked_before_the_dispatcher),
        TEST(changes_are_dispatched_and_answered),
        TEST(a_bulk_path_takes_more),
        TEST(a_long_reply_arrives_whole),
        TEST(failures_become_problems),
        TEST(the_request_id_comes_back),
        TEST(replies_on_the_loop_thread_work_too),
    };
    return RUN_TESTS(tests, argc, argv);
}
