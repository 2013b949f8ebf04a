/* http_exchange.c - one request from its bytes to its reply.
 *
 * Checks what every route shares (key, scope, idempotency key, media type,
 * JSON), hands the request to the dispatcher, and writes what comes back. The
 * exchange owns its memory: a client that leaves only takes the connection.
 */
#include <event2/buffer.h>
#include <strings.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "net/http_int.h"
#include "net/http_site.h"
#include "net/net_metrics.h"
#include "net/problem.h"
#include "net/query.h"
#include "net/rate.h"
#include "net/router.h"
#include "net/throttle.h"

enum {
    GIVEN_ID_BYTES = 64,
    BUSY_LOG_MS = 1000,
    HEAD_BYTES = 2048,
    HOOKS_PER_S = 20, /* Webhooks from one address, */
    HOOKS_BURST = 100,
    HOOK_SEED = 0x686f6f6b
};

struct request *http_request(struct http_exchange *exchange)
{
    return &exchange->req;
}

void *http_exchange_space(struct http_exchange *exchange, size_t size)
{
    return arena_alloc(exchange->ctx.arena, size);
}

/* ---- from bytes ---- */

static str part(const struct http_exchange *exchange, struct http_slice slice)
{
    return http_slice_str(exchange->bytes, slice);
}

/* The client's own id where it is short and plain, else a random one. */
static str request_id(struct http_exchange *exchange)
{
    str given = part(exchange, exchange->head.request_id);
    bool is_plain = given.len > 0 && given.len <= GIVEN_ID_BYTES;
    for (size_t i = 0; is_plain && i < given.len; i++) {
        char c = given.ptr[i];
        is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                   (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
    }
    if (is_plain)
        return given;
    char *id = arena_array(exchange->ctx.arena, char, REQUEST_ID_BYTES);
    loop_random_id(exchange->loop, id);
    return (str){id, REQUEST_ID_BYTES};
}

/* What the connection has charged for a large body goes on with the request;
 * a small one is charged now that it is whole. */
static void take_charge(struct http_exchange *exchange, struct http_conn *conn)
{
    struct load *load = exchange->loop->server->load;
    int64_t length = exchange->head.length;
    if (conn->charged) {
        exchange->caller_key = conn->caller;
        exchange->charged = conn->charged;
        conn->charged = 0;
    } else if (length == 0 || load_take(load, 0, length) == LOAD_FITS) {
        exchange->charged = length;
    } else {
        exchange->route_index = router_count(exchange->loop->server->router);
        exchange->err = fail_as(exchange->req.ctx, ERR_BUSY, "too_many_bytes",
                                "", "too many bodies are under way");
    }
}

struct http_exchange *exchange_open(struct http_conn *conn)
{
    struct http_loop *loop = conn->loop;
    struct arena *arena = loop_arena(loop);
    struct http_exchange *exchange = arena_new(arena, struct http_exchange);
    size_t len = conn->head_len + (size_t)conn->head.length;
    char *bytes = arena_alloc_raw(arena, len);
    ev_ssize_t got =
        evbuffer_remove(bufferevent_get_input(conn->bev), bytes, len);
    ASSERT(got == (ev_ssize_t)len);
    exchange->loop = loop;
    exchange->conn = conn;
    exchange->caller = conn_caller(conn, bytes);
    /* The connection may go before the request is done. */
    exchange->caller.peer =
        str_to_cstr(arena, str_from_cstr(exchange->caller.peer));
    exchange->bytes = bytes;
    exchange->head = conn->head;
    exchange->begun_ns = clock_mono_ns();
    exchange->ctx.arena = arena;
    exchange->ctx.now = clock_now();
    exchange->ctx.request_id = request_id(exchange);
    buf_init(&exchange->buf, arena, LIMIT_REPLY_BYTES);
    json_out_init(&exchange->out, &exchange->buf);
    exchange->req = (struct request){
        .ctx = &exchange->ctx,
        .caller = &exchange->caller,
        .throttle = loop->server->throttle,
        .body_bytes = {bytes + conn->head_len, (size_t)conn->head.length},
        .reply = &exchange->out,
        .status = 200,
    };
    take_charge(exchange, conn);
    return exchange;
}

void exchange_uncharge(struct http_exchange *exchange)
{
    if (exchange->charged)
        load_give(exchange->loop->server->load, exchange->caller_key,
                  exchange->charged);
    exchange->charged = 0;
}

void exchange_close(struct http_exchange *exchange)
{
    struct arena *arena = exchange->ctx.arena;
    exchange_uncharge(exchange);
    loop_arena_back(exchange->loop, arena);
}

/* ---- what every route shares ---- */

static err_t find_route(struct http_exchange *exchange)
{
    const struct router *router = exchange->loop->server->router;
    struct request *req = &exchange->req;
    struct router_match match;
    bool is_found = router_find(router, exchange->head.method,
                                part(exchange, exchange->head.path), &match);
    exchange->allowed = match.allowed;
    exchange->route_index = is_found ? match.index : router_count(router);
    if (!is_found && match.allowed)
        return fail(req->ctx, ERR_METHOD, "", "this path has other methods");
    if (!is_found)
        return fail(req->ctx, ERR_NOT_FOUND, "", "there is no such path");
    req->route = match.route;
    for (size_t i = 0; i < REQUEST_PATH_PARAMS && match.params[i].ptr; i++)
        if (!percent_decode(req->ctx->arena, match.params[i], false,
                            &req->path_params[i]))
            return fail_as(req->ctx, ERR_MALFORMED, "path_invalid", "",
                           "the path has a broken escape or is not UTF-8");
    return OK;
}

uint64_t caller_key(const struct ctx *ctx, const struct http_identity *who)
{
    struct {
        uint64_t tenant, kind, id;
    } of = {(uint64_t)(uintptr_t)who->tenant, ctx->actor.kind,
            (uint64_t)ctx->actor.id};
    uint64_t key = str_hash((str){(const char *)&of, sizeof of});
    return key ? key : 1;
}

static err_t check_rate(struct http_exchange *exchange,
                        const struct http_identity *who)
{
    const struct http_server *server = exchange->loop->server;
    struct request *req = &exchange->req;
    int64_t rate = who->rate_per_s, burst = who->burst;
    if (rate == 0) {
        rate = server->config.rate_per_s;
        burst = server->config.burst;
    }
    uint64_t caller = caller_key(req->ctx, who);
    if (req->route->is_hook) { /* Nobody is known: by where it comes from. */
        rate = HOOKS_PER_S;
        burst = HOOKS_BURST;
        caller =
            throttle_peer_key(req->throttle, HOOK_SEED, exchange->caller.peer);
    } else if (rate == 0 || exchange->caller.is_open || who->is_unsure) {
        return OK;
    }
    int64_t wait_ms =
        rates_take(server->rates, caller, rate, burst ? burst : rate,
                   clock_mono_ns() / 1000000);
    if (wait_ms == 0)
        return OK;
    req->retry_after_s = (int)((wait_ms + 999) / 1000);
    return fail_as(req->ctx, ERR_LIMIT, "rate_limited", "",
                   "at most %lld requests a second", (long long)rate);
}

static err_t authorize(struct http_exchange *exchange)
{
    const struct http_config *config = &exchange->loop->server->config;
    struct request *req = &exchange->req;
    struct http_identity who = {.perms = 0};
    if (exchange->route_index < http_own_routes.count &&
        req->route->perm == PERM_NONE)
        return OK;
    exchange->caller.is_open = req->route->perm == PERM_NONE;
    if (req->route->shown)
        exchange->caller.token = req->route->shown(req);
    TRY(config->auth(config->arg, req->ctx, &exchange->caller, &who));
    req->tenant = who.tenant;
    req->is_unsure = who.is_unsure;
    TRY(check_rate(exchange, &who));
    return request_permit(req, who.perms);
}

static err_t read_idem_key(struct http_exchange *exchange)
{
    struct request *req = &exchange->req;
    str key = part(exchange, exchange->head.idem_key);
    if (key.len == 0)
        return fail_as(req->ctx, ERR_MALFORMED, "idempotency_key_missing",
                       "Idempotency-Key", "every change needs a key");
    if (key.len > LIMIT_IDEM_KEY_BYTES)
        return fail_as(req->ctx, ERR_MALFORMED, "idempotency_key_invalid",
                       "Idempotency-Key", "at most %d bytes",
                       LIMIT_IDEM_KEY_BYTES);
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~')
            return fail_as(req->ctx, ERR_MALFORMED, "idempotency_key_invalid",
                           "Idempotency-Key", "visible ASCII only");
    req->idem_key = key;
    return OK;
}

static err_t check_media_type(struct http_exchange *exchange)
{
    static const char json[] = "application/json";
    struct ctx *ctx = exchange->req.ctx;
    str rest;
    str coding = part(exchange, exchange->head.content_encoding);
    str type = str_trim(
        str_split(part(exchange, exchange->head.content_type), ';', &rest));
    if (coding.len)
        return fail_as(ctx, ERR_MEDIA_TYPE, "content_encoding_unsupported",
                       "Content-Encoding", "send the body as it is");
    if (type.len != sizeof(json) - 1 ||
        strncasecmp(type.ptr, json, type.len) != 0)
        return fail(ctx, ERR_MEDIA_TYPE, "Content-Type",
                    "the body must be application/json");
    return OK;
}

static err_t read_body(struct http_exchange *exchange)
{
    struct request *req = &exchange->req;
    if (req->route->method == HTTP_GET)
        return OK;
    if (req->route->is_hook) {
        req->hook_id = part(exchange, exchange->head.hook_id);
        req->hook_timestamp = part(exchange, exchange->head.hook_timestamp);
        req->hook_signature = part(exchange, exchange->head.hook_signature);
        return OK;
    }
    TRY(read_idem_key(exchange));
    if (req->route->method == HTTP_DELETE && req->body_bytes.len == 0)
        return OK;
    TRY(check_media_type(exchange));
    return json_parse(req->ctx, req->body_bytes, &req->body);
}

static bool is_event_stream(str accept)
{
    str wanted = STR("text/event-stream");
    for (size_t i = 0; i + wanted.len <= accept.len; i++)
        if (strncasecmp(accept.ptr + i, wanted.ptr, wanted.len) == 0)
            return true;
    return false;
}

static err_t check_stream(struct http_exchange *exchange)
{
    struct http_server *server = exchange->loop->server;
    struct request *req = &exchange->req;
    const struct route *route = req->route;
    if (!route->stream ||
        (route->run && !is_event_stream(part(exchange, exchange->head.accept))))
        return OK;
    if (exchange->head.is_head)
        return fail(req->ctx, ERR_METHOD, "", "a stream has no HEAD");
    if (atomic_load(&server->streams) >= server->config.streams_max)
        return fail_as(req->ctx, ERR_LIMIT, "streams_limit", "",
                       "at most %d streams at once",
                       server->config.streams_max);
    req->is_stream = true;
    req->last_event_id = part(exchange, exchange->head.last_event_id);
    return OK;
}

static err_t prepare(struct http_exchange *exchange)
{
    struct request *req = &exchange->req;
    err_t found = find_route(exchange);
    if (found == ERR_NOT_FOUND && site_answer(exchange))
        return OK;
    TRY(found);
    TRY(authorize(exchange));
    TRY(check_stream(exchange));
    TRY(query_parse(req, part(exchange, exchange->head.query)));
    TRY(read_body(exchange));
    if (req->route->kind == ROUTE_HOT)
        TRY(req->route->decode(req->ctx, req));
    return OK;
}

void exchange_run(struct http_exchange *exchange)
{
    struct http_loop *loop = exchange->loop;
    const struct http_config *config = &loop->server->config;
    struct request *req = &exchange->req;
    if (exchange->err == OK)
        exchange->err = prepare(exchange);
    bool is_own = exchange->route_index < http_own_routes.count;
    if (exchange->err == OK && !is_own && !exchange->file) {
        loop->pending++;
        config->dispatch(config->arg, exchange);
        return;
    }
    if (exchange->err == OK && !exchange->file)
        exchange->err = req->route->run(req->ctx, req);
    exchange_finish(exchange);
}

/* ---- the reply ---- */

static void log_failure(struct http_exchange *exchange, int status)
{
    struct http_loop *loop = exchange->loop;
    const struct ctx *ctx = exchange->req.ctx;
    if (status == 503) {
        /* An overload must not become a flood of lines. */
        int64_t now = loop_now_ms();
        if (now - loop->busy_logged_ms < BUSY_LOG_MS)
            return;
        loop->busy_logged_ms = now;
    }
    log_ctx(ctx, status == 503 ? LOG_WARN : LOG_ERROR, "http.failed",
            "%d %.*s: %s", status, STR_ARG(part(exchange, exchange->head.path)),
            ctx->err.text);
}

static void add_allow(struct buf *head, unsigned allowed)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET, HEAD", [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
        [HTTP_PATCH] = "PATCH",   [HTTP_DELETE] = "DELETE",
    };
    const char *sep = "Allow: ";
    for (size_t i = HTTP_GET; i < COUNT_OF(names); i++) {
        if (allowed & 1u << i) {
            buf_add_cstr(head, sep);
            buf_add_cstr(head, names[i]);
            sep = ", ";
        }
    }
    buf_add_cstr(head, "\r\n");
}

static void add_header(struct buf *head, const char *name, str value)
{
    buf_add_cstr(head, name);
    buf_add_str(head, value);
    buf_add(head, "\r\n", 2);
}

static void write_head(const struct http_exchange *exchange, int status,
                       size_t body_len, struct buf *head)
{
    buf_add(head, "HTTP/1.1 ", 9);
    buf_add_i64(head, status);
    add_header(head, " ", str_from_cstr(http_reason(status)));
    add_header(head, "Date: ", str_from_cstr(loop_date(exchange->loop)));
    if (status != 204 && status != 304) {
        add_header(head,
                   "Content-Type: ", str_from_cstr(exchange->content_type));
        buf_add_cstr(head, "Content-Length: ");
        buf_add_i64(head, (int64_t)body_len);
        buf_add(head, "\r\n", 2);
    }
    add_header(head, "X-Request-Id: ", exchange->ctx.request_id);
    add_header(head, "X-Content-Type-Options: ", STR("nosniff"));
    if (exchange->file)
        site_headers(exchange, head);
    else
        add_header(head, "Cache-Control: ", STR("no-store"));
    if (exchange->is_replay)
        add_header(head, "Idempotency-Replayed: ", STR("true"));
    if (status == 401)
        add_header(head, "WWW-Authenticate: ", STR("Bearer"));
    if (status == 405)
        add_allow(head, exchange->allowed);
    if (status == 429 || status == 503) {
        int wait = exchange->req.retry_after_s;
        buf_add_cstr(head, "Retry-After: ");
        buf_add_i64(head, wait > 0 ? wait : 1);
        buf_add(head, "\r\n", 2);
    }
    if (exchange->err == OK && exchange->req.file_name.len > 0) {
        buf_add_cstr(head, "Content-Disposition: attachment; filename=\"");
        buf_add_str(head, exchange->req.file_name);
        buf_add_cstr(head, "\"\r\n");
    }
    if (exchange->err == OK && exchange->req.next.len > 0)
        add_header(head, "X-Next: ", exchange->req.next);
    for (size_t i = 0; exchange->err == OK && i < REQUEST_COOKIES; i++)
        if (exchange->req.set_cookie[i].len)
            add_header(head, "Set-Cookie: ", exchange->req.set_cookie[i]);
}

static void send_reply(struct http_exchange *exchange, int status, str body)
{
    bool is_close = exchange->head.is_close || exchange->loop->is_draining;
    char text[HEAD_BYTES];
    struct buf head;
    buf_init_fixed(&head, text, sizeof(text));
    write_head(exchange, status, body.len, &head);
    if (is_close)
        add_header(&head, "Connection: ", STR("close"));
    buf_add(&head, "\r\n", 2);
    ASSERT(!head.is_full);
    if (exchange->head.is_head || status == 204 || status == 304)
        body = STR_NONE;
    conn_send(exchange->conn, buf_str(&head), body, is_close);
}

/* No length: the end of the connection is the end of the stream. */
static void begin_stream(struct http_exchange *exchange)
{
    char text[HEAD_BYTES];
    struct buf head;
    buf_init_fixed(&head, text, sizeof(text));
    add_header(&head, "HTTP/1.1 200 ", str_from_cstr(http_reason(200)));
    add_header(&head, "Date: ", str_from_cstr(loop_date(exchange->loop)));
    add_header(&head, "Content-Type: ", STR("text/event-stream"));
    add_header(&head, "X-Content-Type-Options: ", STR("nosniff"));
    add_header(&head, "Cache-Control: ", STR("no-store"));
    add_header(&head, "X-Accel-Buffering: ", STR("no"));
    add_header(&head, "X-Request-Id: ", exchange->ctx.request_id);
    add_header(&head, "Connection: ", STR("close"));
    buf_add_cstr(&head, "\r\nretry: 2000\n\n");
    ASSERT(!head.is_full);
    stream_begin(exchange->conn, exchange->stream, buf_str(&head));
}

/* The reply buffer becomes the problem; what was in it is not sent. */
static int write_problem(struct http_exchange *exchange, struct buf *buf)
{
    struct problem problem = problem_from_ctx(exchange->req.ctx, exchange->err);
    problem.request_id = exchange->ctx.request_id;
    buf_init(buf, exchange->ctx.arena, LIMIT_REPLY_BYTES);
    problem_write(buf, &problem);
    net_metrics_problem(exchange->loop->metrics, problem.code);
    if (problem.status >= 500)
        log_failure(exchange, problem.status);
    exchange->content_type = "application/problem+json";
    return problem.status;
}

void exchange_finish(struct http_exchange *exchange)
{
    struct request *req = &exchange->req;
    struct buf problem;
    int status = req->status;
    str body = exchange->raw.ptr ? exchange->raw : buf_str(req->reply->buf);
    if (exchange->err == OK && req->reply->buf->is_full)
        exchange->err = fail_as(req->ctx, ERR_INTERNAL, "reply_too_large", "",
                                "the reply is over its limit");
    if (!exchange->content_type)
        exchange->content_type =
            req->content_type ? req->content_type : "application/json";
    if (exchange->err != OK) {
        status = write_problem(exchange, &problem);
        body = buf_str(&problem);
    }
    if (exchange->stream && exchange->conn)
        begin_stream(exchange);
    else if (exchange->stream)
        stream_drop(exchange->stream);
    else if (exchange->conn)
        send_reply(exchange, status, body);
    net_metrics_request(exchange->loop->metrics, exchange->route_index, status,
                        clock_mono_ns() - exchange->begun_ns);
    exchange_close(exchange);
}
