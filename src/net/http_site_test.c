/* http_site_test.c - the files of a site, where no route is. */
#include "net/http.h"

#include "base/testing.h"
#include "net/http_testkit.h"

/* "hello" by gzip; the other coding is not looked into. */
static const char gzip[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86"
    "\xa6\x10\x36\x05\x00\x00\x00";
static const struct http_file files[] = {
    {"/",
     "text/html",       "\"p1\"",
     true,  false,
     5, {"packed", 6},
     {gzip, sizeof(gzip) - 1}},
    {"/track",
     "text/html",       "\"p2\"",
     true,  false,
     5, {"packed", 6},
     {gzip, sizeof(gzip) - 1}},
    {"/assets/a.js",
     "text/javascript", "\"a1\"",
     false, true,
     5, {"packed", 6},
     {gzip, sizeof(gzip) - 1}},
};
static const struct http_site site = {files, COUNT_OF(files)};

static struct kit *started(void)
{
    struct kit *kit = kit_open();
    kit->config.site = &site;
    kit_start(kit);
    return kit;
}

static struct kit_reply expect(struct kit *kit, const char *text, int status)
{
    struct kit_reply reply = kit_ask(kit, text);
    if (reply.status != status)
        fail_msg("%s\n-> %d %.*s", text, reply.status, STR_ARG(reply.body));
    return reply;
}

static void a_file_comes_in_the_coding_its_reader_takes(void **state)
{
    struct kit *kit = started();
    static const struct {
        const char *takes, *coding, *body;
    } rows[] = {
        {"gzip, br",         "br", "packed"},
        {"br;q=0.5",         "br", "packed"},
        {"BR",               "br", "packed"},
        {"br;q=0, identity", "",   "hello" },
        {"br;q=0.0",         "",   "hello" },
        {"brotli",           "",   "hello" },
        {"",                 "",   "hello" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str text = str_printf(kit->ctx.arena,
                              "GET /assets/a.js HTTP/1.1\r\nHost: x\r\n"
                              "Accept-Encoding: %s\r\n\r\n",
                              rows[i].takes);
        struct kit_reply reply = expect(kit, text.ptr, 200);
        assert_str(kit_header(&reply, "content-encoding"), rows[i].coding);
        assert_str(reply.body, rows[i].body);
        assert_str(kit_header(&reply, "etag"), "W/\"a1\"");
    }
    kit_close(kit);
}

static void pages_are_the_first_one_and_calls_are_not(void **state)
{
    struct kit *kit = started();
    (void)state;
    expect(kit, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    expect(kit, "GET /a/b HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
           200);
    expect(kit, "GET /v1x HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
           200);
    expect(kit, "GET /a/b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n", 404);
    expect(kit, "GET /v1/no HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
           404);
    expect(kit,
           "GET /assets/b HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
           404);
    expect(kit,
           "DELETE / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
           "Content-Length: 0\r\n\r\n",
           404);
    struct kit_reply reply = expect(
        kit, "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"p1\"\r\n\r\n", 304);
    assert_int_equal(reply.body.len, 0);
    kit_close(kit);
}

static void the_nearest_page_above_an_address_answers(void **state)
{
    struct kit *kit = started();
    static const struct {
        const char *path, *etag;
    } rows[] = {
        {"/track",        "W/\"p2\""},
        {"/track/t1.x.y", "W/\"p2\""},
        {"/track/",       "W/\"p2\""},
        {"/tracks",       "W/\"p1\""},
        {"/orders/track", "W/\"p1\""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str text = str_printf(kit->ctx.arena,
                              "GET %s HTTP/1.1\r\nHost: x\r\n"
                              "Accept: text/html\r\n\r\n",
                              rows[i].path);
        struct kit_reply reply = expect(kit, text.ptr, 200);
        assert_str(kit_header(&reply, "etag"), rows[i].etag);
    }
    kit_close(kit);
}

static void without_a_site_there_is_none(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit_start(kit);
    expect(kit, "GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n", 404);
    kit_close(kit);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_file_comes_in_the_coding_its_reader_takes),
        TEST(pages_are_the_first_one_and_calls_are_not),
        TEST(the_nearest_page_above_an_address_answers),
        TEST(without_a_site_there_is_none),
    };
    return RUN_TESTS(tests, argc, argv);
}
