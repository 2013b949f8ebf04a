/* http_life_test.c - connections over time: kept alive, slow, gone, too many,
 * and the end of the server. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/testing.h"
#include "base/time.h"
#include "net/http_testkit.h"

#define GOOD   "Host: x\r\nAuthorization: Bearer good\r\n"
#define JSON   "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
#define ECHO   "GET /v1/echo/a HTTP/1.1\r\n" GOOD "\r\n"
#define HEALTH "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

enum { PIPELINED = 60, FLOOD = 3000, IDLE = 3000 };

static struct kit *started(void)
{
    struct kit *kit = kit_open();
    kit_start(kit);
    return kit;
}

/* Short limits, so that tests need not wait. */
static struct kit *started_short(void)
{
    struct kit *kit = kit_open();
    kit->config.header_timeout_ms = 200;
    kit->config.request_timeout_ms = 200;
    kit->config.idle_timeout_ms = 200;
    kit_start(kit);
    return kit;
}

static void one_connection_carries_many_requests(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    (void)state;
    int fd = kit_connect(kit);
    for (int i = 0; i < 100; i++) {
        kit_send(fd, i % 3 ? ECHO : HEALTH);
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, 200);
    }
    close(fd);
    kit_close(kit);
}

static str pipeline(struct kit *kit)
{
    struct buf buf;
    buf_init(&buf, kit->ctx.arena, 100000);
    for (int i = 0; i < PIPELINED; i++) {
        if (i % 2)
            buf_addf(&buf, "GET /v1/echo/%d HTTP/1.1\r\n" GOOD "\r\n", i);
        else
            buf_addf(&buf,
                     "POST /v1/things HTTP/1.1\r\n" GOOD JSON
                     "Content-Length: 7\r\n\r\n{\"n\":%d}%s",
                     i % 10, i % 4 ? "\r\n" : "");
    }
    return buf_str(&buf);
}

static void check_pipeline(struct kit *kit, int fd)
{
    for (int i = 0; i < PIPELINED; i++) {
        struct kit_reply reply;
        assert_true(kit_reply(kit, fd, &reply));
        str wanted = i % 2 ? str_printf(kit->ctx.arena, "{\"name\":\"%d\"", i)
                           : str_printf(kit->ctx.arena, "{\"n\":%d,", i % 10);
        assert_true(str_starts(reply.body, wanted));
    }
}

/* Every second body is followed by one empty line too many. */
static void pipelined_requests_are_answered_in_order(void **state)
{
    struct kit *kit = started();
    (void)state;
    static const size_t pieces[] = {100000, 4096, 333, 7};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        int fd = kit_connect(kit);
        str rest = pipeline(kit);
        while (rest.len) {
            size_t len = rest.len < pieces[i] ? rest.len : pieces[i];
            assert_int_equal(send(fd, rest.ptr, len, 0), len);
            rest = (str){rest.ptr + len, rest.len - len};
        }
        shutdown(fd, SHUT_WR);
        check_pipeline(kit, fd);
        assert_true(kit_is_closed(fd, 1000));
        close(fd);
    }
    kit_close(kit);
}

/* More than the gate lets wait, sent before a single reply is read. */
static void a_long_pipeline_is_answered_whole(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    (void)state;
    int fd = kit_connect(kit);
    for (int i = 0; i < FLOOD; i++)
        kit_send(fd, ECHO);
    for (int i = 0; i < FLOOD; i++) {
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, 200);
    }
    close(fd);
    kit_close(kit);
}

static void close_is_honoured(void **state)
{
    static const char *const texts[] = {
        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: te, Close\r\n\r\n",
        "GET /healthz HTTP/1.0\r\n\r\n",
    };
    struct kit *kit = started();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct kit_reply reply;
        int fd = kit_connect(kit);
        kit_send(fd, texts[i]);
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, 200);
        assert_str(kit_header(&reply, "connection"), "close");
        assert_true(kit_is_closed(fd, 1000));
        close(fd);
    }
    kit_close(kit);
}

static void a_body_can_be_asked_for(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    (void)state;
    int fd = kit_connect(kit);
    for (int i = 0; i < 3; i++) {
        kit_send(fd, "POST /v1/things HTTP/1.1\r\n" GOOD JSON
                     "Expect: 100-continue\r\nContent-Length: 7\r\n\r\n");
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, 100);
        kit_send(fd, "{\"n\":1}");
        assert_true(kit_reply(kit, fd, &reply));
        assert_int_equal(reply.status, 201);
    }
    kit_send(fd, "POST /v1/things HTTP/1.1\r\n" GOOD JSON
                 "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
    assert_true(kit_reply(kit, fd, &reply));
    assert_int_equal(reply.status, 413);
    close(fd);
    kit_close(kit);
}

static void silent_clients_are_dropped(void **state)
{
    struct kit *kit = started_short();
    struct kit_reply reply;
    (void)state;
    int silent = kit_connect(kit);
    int idle = kit_connect(kit);
    kit_send(idle, HEALTH);
    assert_true(kit_reply(kit, idle, &reply));
    assert_true(kit_is_closed(silent, 2000));
    assert_true(kit_is_closed(idle, 2000));
    close(silent);
    close(idle);
    kit_close(kit);
}

/* Sends a byte every 20 ms until the answer comes. */
static void trickle(struct kit *kit, const char *start, const char *byte)
{
    struct kit_reply reply;
    int fd = kit_connect(kit);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int64_t begun = clock_mono_ns();
    kit_send(fd, start);
    while (poll(&wait, 1, 20) == 0 && clock_mono_ns() - begun < 3000000000)
        kit_send(fd, byte);
    assert_true(kit_reply(kit, fd, &reply));
    assert_int_equal(reply.status, 408);
    assert_str(kit_code(&reply), "request_timeout");
    assert_in_range((clock_mono_ns() - begun) / 1000000, 150, 2000);
    shutdown(fd, SHUT_WR);
    assert_true(kit_is_closed(fd, 1000));
    close(fd);
}

static void trickling_clients_are_cut(void **state)
{
    struct kit *kit = started_short();
    (void)state;
    trickle(kit, "GET /healthz HTTP/1.1\r\nHost: x\r\nX: ", "a");
    trickle(kit, "GET /healthz HTTP/1.1\r\nHost: x\r\n", "A: b\r\n");
    trickle(kit,
            "POST /v1/things HTTP/1.1\r\n" GOOD JSON
            "Content-Length: 5000\r\n\r\n",
            "a");
    assert_int_equal(atomic_load(&kit->dispatched), 0);
    kit_close(kit);
}

/* A refused client that never stops sending is dropped all the same. */
static void lingering_ends(void **state)
{
    struct kit *kit = started();
    (void)state;
    int fd = kit_connect(kit);
    kit_send(fd, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n");
    int64_t begun = clock_mono_ns();
    while (send(fd, "more", 4, MSG_NOSIGNAL) > 0 &&
           clock_mono_ns() - begun < 8000000000)
        poll(NULL, 0, 5);
    assert_in_range((clock_mono_ns() - begun) / 1000000, 1000, 5000);
    close(fd);
    kit_close(kit);
}

/* By the metrics; the connection that asks counts too. */
static bool open_connections_are(struct kit *kit, int count)
{
    struct kit_reply reply =
        kit_ask(kit, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    str figure =
        str_printf(kit->ctx.arena, "\nwharf_http_connections %d\n", count);
    return memmem(reply.body.ptr, reply.body.len, figure.ptr, figure.len);
}

static void a_reader_that_never_reads_is_dropped(void **state)
{
    struct kit *kit = started_short();
    (void)state;
    int fd = kit_connect(kit);
    kit_send(fd, "GET /v1/bytes/16000000 HTTP/1.1\r\n" GOOD "\r\n");
    assert_true(kit_wait_dispatched(kit, 1));
    bool is_dropped = false;
    for (int i = 0; i < 50 && !is_dropped; i++) {
        poll(NULL, 0, 100);
        is_dropped = open_connections_are(kit, 1);
    }
    assert_true(is_dropped);
    close(fd);
    kit_close(kit);
}

static void clients_that_leave_do_no_harm(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    (void)state;
    kit_hold(kit, true);
    for (int i = 0; i < 40; i++) {
        struct linger reset = {.l_onoff = 1};
        int fd = kit_connect(kit);
        kit_send(fd, ECHO);
        assert_true(kit_wait_dispatched(kit, i + 1));
        if (i % 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        close(fd);
    }
    kit_hold(kit, false);
    reply = kit_ask(kit, ECHO);
    assert_int_equal(reply.status, 200);
    kit_close(kit);
}

static void past_the_limit_the_idlest_makes_room(void **state)
{
    struct kit *kit = kit_open();
    struct kit_reply reply;
    (void)state;
    kit->config.threads = 1;
    kit->config.connections_max = 3;
    kit_start(kit);
    int fds[5];
    for (int i = 0; i < 4; i++) {
        fds[i] = kit_connect(kit);
        kit_send(fds[i], HEALTH);
        assert_true(kit_reply(kit, fds[i], &reply));
        assert_int_equal(reply.status, 200);
    }
    assert_true(kit_is_closed(fds[0], 1000));
    /* With all at work there is nobody to close. */
    kit_hold(kit, true);
    for (int i = 1; i < 4; i++)
        kit_send(fds[i], ECHO);
    assert_true(kit_wait_dispatched(kit, 3));
    fds[4] = kit_connect(kit);
    assert_true(kit_reply(kit, fds[4], &reply));
    assert_int_equal(reply.status, 503);
    assert_str(kit_code(&reply), "too_many_connections");
    assert_str(kit_header(&reply, "retry-after"), "1");
    kit_hold(kit, false);
    for (int i = 1; i < 4; i++) {
        assert_true(kit_reply(kit, fds[i], &reply));
        assert_int_equal(reply.status, 200);
    }
    for (int i = 0; i < 5; i++)
        close(fds[i]);
    kit_close(kit);
}

static void thousands_of_idle_connections_do_not_stop_service(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    (void)state;
    static int fds[IDLE];
    for (int i = 0; i < IDLE; i++)
        fds[i] = kit_connect(kit);
    int64_t begun = clock_mono_ns();
    for (int i = 0; i < 200; i++) {
        reply = kit_ask(kit, ECHO);
        assert_int_equal(reply.status, 200);
    }
    assert_true(clock_mono_ns() - begun < 5000000000);
    for (int i = 0; i < IDLE; i++)
        close(fds[i]);
    kit_close(kit);
}

/* ---- the end ---- */

struct closing {
    struct http_server *server;
    int timeout_ms;
};

static void *close_server(void *arg)
{
    const struct closing *closing = arg;
    http_close(closing->server, closing->timeout_ms);
    return NULL;
}

static void stopping_finishes_what_was_accepted(void **state)
{
    struct kit *kit = started();
    struct kit_reply reply;
    pthread_t closer;
    (void)state;
    int idle = kit_connect(kit);
    kit_send(idle, HEALTH);
    assert_true(kit_reply(kit, idle, &reply));
    int half = kit_connect(kit);
    kit_send(half, "GET /v1/echo/a HTTP/1.1\r\n");
    kit_hold(kit, true);
    int busy = kit_connect(kit);
    kit_send(busy, ECHO);
    assert_true(kit_wait_dispatched(kit, 1));
    poll(NULL, 0, 50);

    struct closing closing = {kit->server, 5000};
    kit->server = NULL;
    assert_int_equal(pthread_create(&closer, NULL, close_server, &closing), 0);
    assert_true(kit_is_closed(idle, 2000));
    kit_send(half, GOOD "\r\n");
    assert_true(kit_wait_dispatched(kit, 2));
    kit_hold(kit, false);
    int fds[] = {busy, half};
    for (int i = 0; i < 2; i++) {
        assert_true(kit_reply(kit, fds[i], &reply));
        assert_int_equal(reply.status, 200);
        assert_str(kit_header(&reply, "connection"), "close");
        assert_true(kit_is_closed(fds[i], 1000));
        close(fds[i]);
    }
    pthread_join(closer, NULL);
    close(idle);
    kit_close(kit);
}

/* The store may still answer when the front has gone. */
static void replies_after_the_end_only_free(void **state)
{
    struct kit *kit = started();
    (void)state;
    kit_hold(kit, true);
    int fds[10];
    for (int i = 0; i < 10; i++) {
        fds[i] = kit_connect(kit);
        kit_send(fds[i], "POST /v1/things HTTP/1.1\r\n" GOOD JSON
                         "Content-Length: 7\r\n\r\n{\"n\":1}");
    }
    assert_true(kit_wait_dispatched(kit, 10));
    int64_t begun = clock_mono_ns();
    http_close(kit->server, 100);
    assert_true(clock_mono_ns() - begun < 2000000000);
    kit->server = NULL;
    for (int i = 0; i < 10; i++) {
        assert_true(kit_is_closed(fds[i], 1000));
        close(fds[i]);
    }
    kit_close(kit);
}

static void an_address_may_be_version_6(void **state)
{
    struct kit *kit = kit_open();
    (void)state;
    kit->config.address = "[::1]";
    int can = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 to = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_there = bind(can, (struct sockaddr *)&to, sizeof(to)) == 0;
    close(can);
    if (!is_there)
        kit->config.address = "127.0.0.1";
    kit_start(kit);
    if (is_there) {
        struct kit_reply reply;
        int fd = socket(AF_INET6, SOCK_STREAM, 0);
        to.sin6_port = htons((uint16_t)http_port(kit->server));
        assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
        kit_send(fd, HEALTH);
        assert_true(kit_reply(kit, fd, &reply));
        close(fd);
    }
    kit_close(kit);
}

static void a_taken_port_is_refused(void **state)
{
    struct kit *kit = started();
    struct kit *other = kit_open();
    (void)state;
    other->config.port = http_port(kit->server);
    assert_int_equal(http_open(&other->ctx, &other->config, &other->server),
                     ERR_INTERNAL);
    err_clear(&other->ctx);
    other->config.port = 0;
    kit_start(other);
    assert_int_equal(kit_ask(other, HEALTH).status, 200);
    kit_close(other);
    kit_close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(one_connection_carries_many_requests),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(a_long_pipeline_is_answered_whole),
        TEST(close_is_honoured),
        TEST(a_body_can_be_asked_for),
        TEST(silent_clients_are_dropped),
        TEST(trickling_clients_are_cut),
        TEST(lingering_ends),
        TEST(a_reader_that_never_reads_is_dropped),
        TEST(clients_that_leave_do_no_harm),
        TEST(past_the_limit_the_idlest_makes_room),
        TEST(thousands_of_idle_connections_do_not_stop_service),
        TEST(stopping_finishes_what_was_accepted),
        TEST(replies_after_the_end_only_free),
        TEST(an_address_may_be_version_6),
        TEST(a_taken_port_is_refused),
    };
    return RUN_TESTS(tests, argc, argv);
}
