/* http_conn.c - the gate before evhttp: only checked requests pass.
 *
 * While a connection is ours its bytes stay in the input of its bufferevent
 * until one whole request is there. Then its bytes are taken out, and evhttp
 * is given a head of our own making ("GET / HTTP/1.1"), so that no second
 * parser ever sees what a client wrote. From there evhttp has the connection
 * until the reply is written. A request that is refused never reaches it.
 */
#include <event2/buffer.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "net/http_int.h"
#include "net/net_metrics.h"
#include "net/problem.h"
#include "net/rate.h"
#include "net/router.h"

enum {
    LINGER_BYTES = 16 * 1024 * 1024,
    EARLY_BYTES = 64 * 1024,
    OPEN_BODY_BYTES = 64 * 1024, /* Kept for anybody, until it is whole. */
    REFUSAL_BYTES = 1024
};

static struct evbuffer *input_of(const struct http_conn *conn)
{
    return bufferevent_get_input(conn->bev);
}

static size_t held_bytes(const struct http_conn *conn)
{
    return conn->held ? evbuffer_get_length(conn->held) : 0;
}

void conn_set_phase(struct http_conn *conn, enum conn_phase phase)
{
    struct http_loop *loop = conn->loop;
    TAILQ_REMOVE(&loop->phases[conn->phase], conn, in_phase);
    TAILQ_INSERT_TAIL(&loop->phases[phase], conn, in_phase);
    conn->phase = phase;
    conn->deadline_ms = loop_now_ms() + loop->server->phase_ms[phase];
}

static void wake_later(struct http_conn *conn)
{
    if (conn->is_waking)
        return;
    conn->is_waking = true;
    TAILQ_INSERT_TAIL(&conn->loop->waking, conn, in_waking);
    event_active(conn->loop->waking_event, 0, 0);
}

static void uncharge(struct http_conn *conn)
{
    if (conn->charged)
        load_give(conn->loop->server->load, conn->caller, conn->charged);
    conn->charged = 0;
}

/* evhttp is about to free the connection, whoever asked for it. */
static void on_gone(struct evhttp_connection *evcon, void *arg)
{
    struct http_conn *conn = arg;
    struct http_loop *loop = conn->loop;
    ASSERT(conn->evcon == evcon);
    uncharge(conn);
    if (conn->exchange)
        conn->exchange->conn = NULL;
    stream_detach(conn);
    if (conn->is_waking)
        TAILQ_REMOVE(&loop->waking, conn, in_waking);
    TAILQ_REMOVE(&loop->phases[conn->phase], conn, in_phase);
    evbuffer_remove_cb_entry(input_of(conn), conn->input_cb);
    if (conn->held)
        evbuffer_free(conn->held);
    loop->conns--;
    atomic_fetch_sub(&loop->server->connections, 1);
    net_metrics_connections(loop->metrics, loop->conns);
    mem_free(conn);
    loop_check_drained(loop);
}

void conn_close(struct http_conn *conn)
{
    evhttp_connection_free(conn->evcon);
}

/* ---- refusing ---- */

static void on_linger_read(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    size_t len = evbuffer_get_length(input);
    evbuffer_drain(input, len);
    conn->lingered += len;
    if (conn->lingered > LINGER_BYTES)
        conn_close(conn);
}

static void on_linger_written(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    if (conn->is_eof)
        conn_close(conn);
    else
        shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void on_linger_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_conn *conn = arg;
    conn->is_eof = true;
    /* Who closed his side may still wait for the answer. */
    if (what & BEV_EVENT_ERROR ||
        evbuffer_get_length(bufferevent_get_output(bev)) == 0)
        conn_close(conn);
}

static void write_refusal(struct http_conn *conn, enum http_refusal refusal)
{
    const struct http_refusal_info *info = http_refusal_info(refusal);
    char id[REQUEST_ID_BYTES];
    loop_random_id(conn->loop, id);
    struct problem problem = {
        .status = info->status,
        .code = info->slug,
        .detail = info->text,
        .request_id = {id, sizeof(id)},
    };
    char text[REFUSAL_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof(text));
    problem_write(&buf, &problem);
    ASSERT(!buf.is_full);
    evbuffer_add_printf(
        bufferevent_get_output(conn->bev),
        "HTTP/1.1 %d %s\r\nDate: %s\r\n"
        "Content-Type: application/problem+json\r\n"
        "X-Request-Id: %.*s\r\n%s%sConnection: close\r\n"
        "Content-Length: %zu\r\n\r\n%.*s",
        info->status, http_reason(info->status), loop_date(conn->loop),
        (int)sizeof(id), id,
        info->status == 503 || info->status == 429 ? "Retry-After: 1\r\n" : "",
        info->status == 401 ? "WWW-Authenticate: Bearer\r\n" : "", buf.len,
        STR_ARG(buf_str(&buf)));
}

/* Answers, and then reads on for a while: closing with unread bytes would
 * reset the connection before the client has read why. */
static void conn_refuse(struct http_conn *conn, enum http_refusal refusal)
{
    ASSERT(conn->is_ours && conn->phase != PHASE_LINGER);
    uncharge(conn);
    net_metrics_problem(conn->loop->metrics, http_refusal_info(refusal)->slug);
    write_refusal(conn, refusal);
    evbuffer_drain(input_of(conn), evbuffer_get_length(input_of(conn)));
    bufferevent_setcb(conn->bev, on_linger_read, on_linger_written,
                      on_linger_event, conn);
    bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
    conn_set_phase(conn, PHASE_LINGER);
}

/* ---- reading ---- */

static void hold_input(struct http_conn *conn)
{
    struct evbuffer *input = input_of(conn);
    if (!evbuffer_get_length(input))
        return;
    if (!conn->held)
        conn->held = evbuffer_new();
    evbuffer_add_buffer(conn->held, input);
}

/* While a request is at work the next ones may only queue up a little. */
static bool has_room(const struct http_conn *conn)
{
    return held_bytes(conn) + evbuffer_get_length(input_of(conn)) < EARLY_BYTES;
}

static void on_early_read(struct bufferevent *bev, void *arg)
{
    if (!has_room(arg))
        bufferevent_disable(bev, EV_READ);
}

/* The end of his side does not mean that he does not read. */
static void on_early_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if (what & BEV_EVENT_ERROR)
        conn_close(arg);
}

/* The whole request is here: to evhttp, as one of our own making. */
static void hand_over(struct http_conn *conn)
{
    static const char head[] = "GET / HTTP/1.1\r\n\r\n";
    struct http_loop *loop = conn->loop;
    conn->exchange = exchange_open(conn);
    conn_set_phase(conn, PHASE_PENDING);
    hold_input(conn);
    conn->is_ours = false;
    /* A bufferevent's input takes bytes from others at its front only. */
    evbuffer_prepend(input_of(conn), head, sizeof(head) - 1);
    loop->handed = conn;
    conn->on_read(conn->bev, conn->evcon);
    ASSERT(loop->handed == NULL);
}

/* Bulk paths take more; anything else ends at LIMIT_BODY_BYTES. */
static enum http_refusal check_length(const struct http_conn *conn,
                                      const char *ptr)
{
    const struct http_head *head = &conn->head;
    if (head->length <= LIMIT_BODY_BYTES)
        return REFUSE_NONE;
    struct router_match match;
    if (head->length > LIMIT_BULK_BODY_BYTES ||
        !router_find(conn->loop->server->router, head->method,
                     http_slice_str(ptr, head->path), &match) ||
        !match.route->is_bulk)
        return REFUSE_BODY_TOO_LARGE;
    return REFUSE_NONE;
}

/* The address is asked for once a connection. */
static const char *peer_of(struct http_conn *conn)
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    if (conn->peer[0])
        return conn->peer;
    if (getpeername(bufferevent_getfd(conn->bev), (struct sockaddr *)&from,
                    &len) != 0 ||
        getnameinfo((struct sockaddr *)&from, len, conn->peer,
                    sizeof conn->peer, NULL, 0, NI_NUMERICHOST) != 0)
        memcpy(conn->peer, "-", 2);
    return conn->peer;
}

/* The last address in the list is the one the proxy itself saw. */
static bool read_forwarded(str list, char ret[48])
{
    static const char plain[] = "0123456789abcdefABCDEF.:";
    size_t at = list.len;
    while (at > 0 && list.ptr[at - 1] != ',')
        at--;
    str last = str_trim((str){list.ptr + at, list.len - at});
    if (last.len == 0 || last.len >= 46)
        return false;
    for (size_t i = 0; i < last.len; i++)
        if (!memchr(plain, last.ptr[i], sizeof plain - 1))
            return false;
    memcpy(ret, last.ptr, last.len);
    ret[last.len] = '\0';
    return true;
}

static void read_proxy(struct http_conn *conn, const char *ptr,
                       struct http_caller *caller)
{
    const struct http_head *head = &conn->head;
    const char *proxy = conn->loop->server->config.proxy;
    if (!proxy || strcmp(proxy, caller->peer) != 0)
        return;
    if (read_forwarded(http_slice_str(ptr, head->forwarded_for), conn->client))
        caller->peer = conn->client;
    caller->is_https =
        str_equal_cstr(http_slice_str(ptr, head->forwarded_proto), "https");
}

struct http_caller conn_caller(struct http_conn *conn, const char *ptr)
{
    const struct http_head *head = &conn->head;
    struct http_caller caller = {
        .authorization = http_slice_str(ptr, head->authorization),
        .cookie = http_slice_str(ptr, head->cookie),
        .csrf = http_slice_str(ptr, head->csrf),
        .host = http_slice_str(ptr, head->host),
        .origin = http_slice_str(ptr, head->origin),
        .method = head->method,
        .peer = peer_of(conn),
    };
    read_proxy(conn, ptr, &caller);
    return caller;
}

/* The bytes of a large body count from here on, until its request is done. */
static enum http_refusal charge(struct http_conn *conn, uint64_t caller)
{
    switch (load_take(conn->loop->server->load, caller, conn->head.length)) {
    case LOAD_FULL: return REFUSE_BYTES;
    case LOAD_CALLER_FULL: return REFUSE_CALLER_BYTES;
    case LOAD_FITS: break;
    }
    conn->caller = caller;
    conn->charged = conn->head.length;
    return REFUSE_NONE;
}

/* Memory for a large body only for those who have a key or a session. The
 * exchange looks at it and at the scope again. */
static enum http_refusal check_key(struct http_conn *conn, const char *ptr)
{
    const struct http_head *head = &conn->head;
    const struct http_server *server = conn->loop->server;
    struct ctx ctx = {.now = clock_now()};
    struct router_match match;
    struct http_identity who = {.perms = 0};
    if (head->length <= OPEN_BODY_BYTES)
        return REFUSE_NONE;
    if (router_find(server->router, head->method,
                    http_slice_str(ptr, head->path), &match) &&
        match.route->perm == PERM_NONE)
        return REFUSE_BODY_TOO_LARGE;
    struct http_caller caller = conn_caller(conn, ptr);
    err_t err = server->config.auth(server->config.arg, &ctx, &caller, &who);
    if (err != OK)
        return err == ERR_DENIED ? REFUSE_DENIED : REFUSE_KEY;
    return charge(conn, caller_key(&ctx, &who));
}

static enum http_refusal scan_head(struct http_conn *conn)
{
    struct evbuffer *input = input_of(conn);
    size_t have = evbuffer_get_length(input);
    size_t near = evbuffer_get_contiguous_space(input);
    const char *ptr = (char *)evbuffer_pullup(input, (ev_ssize_t)near);
    enum http_refusal refusal =
        http_scan(&conn->scan, ptr, near, &conn->head_len);
    if (refusal == REFUSE_NONE && !conn->head_len && near < have) {
        size_t len = have < LIMIT_HEADER_BYTES ? have : LIMIT_HEADER_BYTES;
        ptr = (char *)evbuffer_pullup(input, (ev_ssize_t)len);
        refusal = http_scan(&conn->scan, ptr, len, &conn->head_len);
    }
    if (refusal == REFUSE_NONE && conn->head_len)
        refusal = http_head_parse(ptr, conn->head_len, &conn->head);
    if (refusal == REFUSE_NONE && conn->head_len)
        refusal = check_length(conn, ptr);
    if (refusal == REFUSE_NONE && conn->head_len)
        refusal = check_key(conn, ptr);
    return refusal;
}

static void send_continue(struct http_conn *conn)
{
    static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
    evbuffer_add(bufferevent_get_output(conn->bev), line, sizeof(line) - 1);
    bufferevent_enable(conn->bev, EV_WRITE);
}

static void read_request(struct http_conn *conn)
{
    if (!conn->head_len) {
        enum http_refusal refusal = scan_head(conn);
        if (refusal != REFUSE_NONE) {
            conn_refuse(conn, refusal);
            return;
        }
    }
    size_t have = evbuffer_get_length(input_of(conn));
    if (conn->head_len && have >= conn->head_len + (size_t)conn->head.length) {
        hand_over(conn);
    } else if (conn->head_len && conn->phase != PHASE_BODY) {
        if (conn->head.is_expecting && have == conn->head_len)
            send_continue(conn);
        conn_set_phase(conn, PHASE_BODY);
    } else if (conn->phase == PHASE_IDLE) {
        conn_set_phase(conn, PHASE_HEAD);
    }
}

static void on_our_read(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    if (held_bytes(conn))
        evbuffer_prepend_buffer(input, conn->held);
    if (evbuffer_get_length(input))
        read_request(conn);
}

/* After the end of his side the requests already here are still answered. */
static void on_our_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_conn *conn = arg;
    (void)bev;
    if (what & BEV_EVENT_ERROR || !conn->is_waking)
        conn_close(conn);
}

static void take_over(struct http_conn *conn)
{
    conn->is_ours = true;
    bufferevent_setcb(conn->bev, on_our_read, NULL, on_our_event, conn);
}

/* The first bytes after a reply: evhttp has set its callbacks again, and this
 * runs before they do. */
static void on_input(struct evbuffer *input,
                     const struct evbuffer_cb_info *info, void *arg)
{
    struct http_conn *conn = arg;
    (void)input;
    if (info->n_added && conn->phase == PHASE_IDLE && !conn->is_ours)
        take_over(conn);
}

/* ---- coming and going ---- */

struct bufferevent *conn_open(struct event_base *base, void *arg)
{
    struct http_loop *loop = arg;
    struct bufferevent *bev =
        bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (!bev)
        return NULL;
    struct http_conn *conn = mem_new(sizeof(*conn));
    conn->loop = loop;
    conn->bev = bev;
    conn->phase = PHASE_HEAD;
    conn->deadline_ms = loop_now_ms() + loop->server->phase_ms[PHASE_HEAD];
    conn->input_cb =
        evbuffer_add_cb(bufferevent_get_input(bev), on_input, conn);
    TAILQ_INSERT_TAIL(&loop->phases[PHASE_HEAD], conn, in_phase);
    loop->conns++;
    net_metrics_connections(loop->metrics, loop->conns);
    wake_later(conn);
    return bev;
}

/* Over the limit the connection that has idled longest makes room. */
static void keep_limit(struct http_conn *conn)
{
    struct http_server *server = conn->loop->server;
    int open = atomic_fetch_add(&server->connections, 1) + 1;
    if (open <= server->config.connections_max)
        return;
    struct http_conn *idle = TAILQ_FIRST(&conn->loop->phases[PHASE_IDLE]);
    if (idle)
        conn_close(idle);
    else
        conn_refuse(conn, REFUSE_CONNECTIONS);
}

/* evhttp tells of a connection only with its first request; its callback
 * argument is the connection, so ask for that right after the accept, before
 * any byte can have been read. */
static void adopt(struct http_conn *conn)
{
    void *evcon = NULL;
    bufferevent_getcb(conn->bev, &conn->on_read, &conn->on_write,
                      &conn->on_event, &evcon);
    conn->evcon = evcon;
    ASSERT(evhttp_connection_get_bufferevent(conn->evcon) == conn->bev);
    evhttp_connection_set_closecb(conn->evcon, on_gone, conn);
    int on = 1;
    setsockopt(bufferevent_getfd(conn->bev), IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof(on));
    take_over(conn);
    keep_limit(conn);
}

void conn_wake_all(struct http_loop *loop)
{
    struct http_conn *conn;
    while ((conn = TAILQ_FIRST(&loop->waking))) {
        TAILQ_REMOVE(&loop->waking, conn, in_waking);
        conn->is_waking = false;
        if (!conn->evcon) {
            adopt(conn);
        } else if (conn->phase == PHASE_IDLE) {
            take_over(conn);
            on_our_read(conn->bev, conn);
        }
    }
}

static void on_replied(struct evhttp_request *evreq, void *arg)
{
    struct http_conn *conn = arg;
    (void)evreq;
    ASSERT(conn->phase == PHASE_REPLY && !conn->exchange);
    conn->scan = (struct http_scan){.scanned = 0};
    conn->head_len = 0;
    conn_set_phase(conn, PHASE_IDLE);
    hold_input(conn);
    if (held_bytes(conn))
        wake_later(conn);
}

void conn_on_request(struct evhttp_request *evreq, void *arg)
{
    struct http_loop *loop = arg;
    struct http_conn *conn = loop->handed;
    ASSERT(conn != NULL); /* evhttp reads nothing but what we hand over. */
    loop->handed = NULL;
    conn->evreq = evreq;
    evhttp_request_set_on_complete_cb(evreq, on_replied, conn);
    /* evhttp has just stopped reading; a reset should be seen, though. */
    bufferevent_setcb(conn->bev, on_early_read, NULL, on_early_event, conn);
    if (has_room(conn))
        bufferevent_enable(conn->bev, EV_READ);
    exchange_run(conn->exchange);
}

/* evhttp would write the head from a list of headers, each allocated thrice;
 * it is enough that it knows when the bytes are out. */
void conn_send(struct http_conn *conn, str head, str body, bool is_close)
{
    struct evhttp_request *evreq = conn->evreq;
    struct evbuffer *output = bufferevent_get_output(conn->bev);
    ASSERT(conn->phase == PHASE_PENDING && evreq);
    conn->evreq = NULL;
    conn->exchange = NULL;
    conn_set_phase(conn, PHASE_REPLY);
    evbuffer_add(output, head.ptr, head.len);
    evbuffer_add(output, body.ptr, body.len);
    if (is_close)
        evhttp_add_header(evhttp_request_get_output_headers(evreq),
                          "Connection", "close");
    /* Most replies fit the socket: no need to wait until it is writable. */
    evbuffer_unfreeze(output, 1);
    evbuffer_write(output, bufferevent_getfd(conn->bev));
    evbuffer_freeze(output, 1);
    bool is_written = evbuffer_get_length(output) == 0;
    if (!is_written) {
        bufferevent_disable(conn->bev, EV_READ);
        bufferevent_setcb(conn->bev, NULL, conn->on_write, conn->on_event,
                          conn->evcon);
        bufferevent_enable(conn->bev, EV_WRITE);
    }
    evhttp_send_reply_end(evreq);
    /* Written and to be closed: it is gone. */
    if (is_written && !is_close)
        take_over(conn);
}

void conn_expire(struct http_conn *conn)
{
    switch (conn->phase) {
    case PHASE_HEAD:
        if (evbuffer_get_length(input_of(conn)) && conn->is_ours)
            conn_refuse(conn, REFUSE_TIMEOUT);
        else
            conn_close(conn);
        return;
    case PHASE_BODY: conn_refuse(conn, REFUSE_TIMEOUT); return;
    case PHASE_STREAM: stream_beat(conn); return;
    case PHASE_IDLE:
    case PHASE_REPLY:
    case PHASE_LINGER: conn_close(conn); return;
    case PHASE_PENDING:
    case PHASE_COUNT: break;
    }
    UNREACHABLE("conn_expire: this phase has no limit");
}
