/* http_testkit.c - a real server on a free port and raw sockets; for tests. */
#include "net/http_testkit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"

enum { WAIT_MS = 5000, REPLY_BYTES = 4 * 1024 * 1024 };

/* ---- routes ---- */

static err_t get_echo(struct ctx *ctx, struct request *req)
{
    str q = STR("");
    size_t limit;
    (void)ctx;
    request_query_find(req, "q", &q);
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "name", req->path_params[0]);
    json_put_str(req->reply, "q", q);
    json_put_i64(req->reply, "limit", (int64_t)limit);
    json_end_object(req->reply);
    return OK;
}

static err_t put_sum(struct ctx *ctx, struct request *req, int64_t n)
{
    (void)ctx;
    req->status = 201;
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "n", n);
    json_put_i64(req->reply, "bytes", (int64_t)req->body_bytes.len);
    json_end_object(req->reply);
    return OK;
}

static err_t post_thing(struct ctx *ctx, struct request *req)
{
    int64_t n;
    TRY(json_get_i64(req->body, "n", 0, 1000, &n));
    json_allow_rest(req->body);
    return put_sum(ctx, req, n);
}

static err_t decode_hot(struct ctx *ctx, struct request *req)
{
    int64_t *n = arena_new(ctx->arena, int64_t);
    req->cmd = n;
    TRY(json_get_i64(req->body, "n", 0, 1000, n));
    return json_end(req->body);
}

static err_t run_hot(struct ctx *ctx, struct request *req)
{
    return put_sum(ctx, req, *(int64_t *)req->cmd);
}

static err_t delete_thing(struct ctx *ctx, struct request *req)
{
    (void)ctx;
    req->status = 204;
    return OK;
}

static err_t get_failure(struct ctx *ctx, struct request *req)
{
    str kind = req->path_params[0];
    if (str_equal(kind, STR("stale"))) {
        ctx->err.version = 7;
        return fail(ctx, ERR_STALE, "version", "it is at version 7");
    }
    if (str_equal(kind, STR("busy")))
        return fail(ctx, ERR_BUSY, "", "secret of the house");
    if (str_equal(kind, STR("limit")))
        return fail(ctx, ERR_LIMIT, "", "too many");
    return fail(ctx, ERR_INTERNAL, "", "secret of the house");
}

/* As many bytes as the path says. */
static err_t get_bytes(struct ctx *ctx, struct request *req)
{
    int64_t count = 0;
    (void)ctx;
    str_to_i64(req->path_params[0], &count);
    json_begin_list(req->reply, NULL);
    for (int64_t i = 0; i < count / 2; i++)
        json_put_i64(req->reply, NULL, 1);
    json_end_list(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getEcho",
     .method = HTTP_GET,
     .path = "/v1/echo/{name}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = get_echo          },
    {.operation = "postThing",
     .method = HTTP_POST,
     .path = "/v1/things",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = post_thing        },
    {.operation = "postHot",
     .method = HTTP_POST,
     .path = "/v1/hot",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .run = run_hot,
     .decode = decode_hot},
    {.operation = "postBulk",
     .method = HTTP_POST,
     .path = "/v1/bulk",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = post_thing,
     .is_bulk = true},
    {.operation = "deleteThing",
     .method = HTTP_DELETE,
     .path = "/v1/things/{id}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = delete_thing},
    {.operation = "getFailure",
     .method = HTTP_GET,
     .path = "/v1/failures/{kind}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = get_failure },
    {.operation = "getBytes",
     .method = HTTP_GET,
     .path = "/v1/bytes/{count}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = get_bytes },
};
static const struct route_list list = {routes, COUNT_OF(routes)};
static const struct route_list *const lists[] = {&list, NULL};

/* ---- the server ---- */

static err_t auth(void *arg, struct ctx *ctx, const struct http_caller *caller,
                  struct http_identity *ret)
{
    (void)arg;
    if (str_equal(caller->authorization, STR("Bearer good")))
        ret->perms = PERM_ALL;
    else if (str_equal(caller->authorization, STR("Bearer reader")))
        ret->perms = PERM_ORDERS_READ;
    else if (!caller->is_open)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization", "no such key");
    return OK;
}

static void answer(struct http_exchange *exchange)
{
    struct request *req = http_request(exchange);
    err_t err = req->route->run(req->ctx, req);
    bool is_replay = str_equal(req->idem_key, STR("again"));
    http_reply(exchange, err, is_replay);
}

static void dispatch(void *arg, struct http_exchange *exchange)
{
    struct kit *kit = arg;
    if (kit->is_inline) {
        answer(exchange);
        return;
    }
    pthread_mutex_lock(&kit->lock);
    ASSERT(kit->count < KIT_QUEUE);
    kit->queue[(kit->first + kit->count++) % KIT_QUEUE] = exchange;
    pthread_cond_broadcast(&kit->changed);
    pthread_mutex_unlock(&kit->lock);
    atomic_fetch_add(&kit->dispatched, 1);
}

static void *work(void *arg)
{
    struct kit *kit = arg;
    pthread_mutex_lock(&kit->lock);
    for (;;) {
        if (kit->count && (!kit->is_held || kit->is_ending)) {
            struct http_exchange *exchange = kit->queue[kit->first];
            kit->first = (kit->first + 1) % KIT_QUEUE;
            kit->count--;
            pthread_mutex_unlock(&kit->lock);
            answer(exchange);
            pthread_mutex_lock(&kit->lock);
        } else if (kit->is_ending) {
            break;
        } else {
            pthread_cond_wait(&kit->changed, &kit->lock);
        }
    }
    pthread_mutex_unlock(&kit->lock);
    return NULL;
}

static void metrics(void *arg, struct buf *out)
{
    (void)arg;
    buf_add_cstr(out, "kit_figure 42\n");
}

static bool is_ready(void *arg)
{
    struct kit *kit = arg;
    return atomic_load(&kit->is_ready);
}

struct kit *kit_open(void)
{
    struct kit *kit = mem_new(sizeof(*kit));
    kit->ctx.arena = arena_open();
    atomic_store(&kit->is_ready, true);
    pthread_mutex_init(&kit->lock, NULL);
    pthread_cond_init(&kit->changed, NULL);
    http_config_init(&kit->config);
    kit->config.port = 0;
    kit->config.threads = 2;
    kit->config.routes = lists;
    kit->config.auth = auth;
    kit->config.dispatch = dispatch;
    kit->config.metrics = metrics;
    kit->config.ready = is_ready;
    kit->config.arg = kit;
    return kit;
}

void kit_start(struct kit *kit)
{
    int made = pthread_create(&kit->worker, NULL, work, kit);
    ASSERT(made == 0);
    err_t err = http_open(&kit->ctx, &kit->config, &kit->server);
    ASSERT(err == OK);
}

void kit_close(struct kit *kit)
{
    kit_hold(kit, false);
    http_close(kit->server, WAIT_MS);
    pthread_mutex_lock(&kit->lock);
    kit->is_ending = true;
    pthread_cond_broadcast(&kit->changed);
    pthread_mutex_unlock(&kit->lock);
    pthread_join(kit->worker, NULL);
    pthread_mutex_destroy(&kit->lock);
    pthread_cond_destroy(&kit->changed);
    arena_close(kit->ctx.arena);
    mem_free(kit);
}

void kit_hold(struct kit *kit, bool is_held)
{
    pthread_mutex_lock(&kit->lock);
    kit->is_held = is_held;
    pthread_cond_broadcast(&kit->changed);
    pthread_mutex_unlock(&kit->lock);
}

bool kit_wait_dispatched(const struct kit *kit, int count)
{
    for (int i = 0; i < WAIT_MS; i++) {
        if (atomic_load(&kit->dispatched) >= count)
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

/* ---- the client ---- */

int kit_connect(const struct kit *kit)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)http_port(kit->server)),
        .sin_addr = {htonl(INADDR_LOOPBACK)},
    };
    int done = connect(fd, (struct sockaddr *)&to, sizeof(to));
    ASSERT(done == 0);
    return fd;
}

void kit_send(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        len -= (size_t)sent;
    }
}

static bool receive(int fd, char *to, size_t len)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (len) {
        if (poll(&wait, 1, WAIT_MS) <= 0)
            return false;
        ssize_t got = recv(fd, to, len, 0);
        if (got <= 0)
            return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

str kit_header(const struct kit_reply *reply, const char *name)
{
    str rest = reply->head;
    size_t len = strlen(name);
    while (rest.len) {
        str line = str_split(rest, '\n', &rest);
        if (line.len > len && line.ptr[len] == ':' &&
            strncasecmp(line.ptr, name, len) == 0)
            return str_trim((str){line.ptr + len + 1, line.len - len - 1});
    }
    return STR_NONE;
}

bool kit_reply(struct kit *kit, int fd, struct kit_reply *ret)
{
    char *head = arena_alloc(kit->ctx.arena, LIMIT_HEADER_BYTES);
    size_t len = 0;
    *ret = (struct kit_reply){.status = 0};
    while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0) {
        if (len == LIMIT_HEADER_BYTES || !receive(fd, head + len, 1))
            return false;
        len++;
    }
    int64_t status = 0;
    int64_t length = 0;
    ret->head = (str){head, len};
    str_to_i64((str){head + 9, 3}, &status);
    str_to_i64(kit_header(ret, "content-length"), &length);
    ret->status = (int)status;
    char *body = arena_alloc(kit->ctx.arena, (size_t)length + 1);
    ret->body = (str){body, (size_t)length};
    return receive(fd, body, (size_t)length);
}

bool kit_is_closed(int fd, int timeout_ms)
{
    char bytes[4096];
    int64_t end = clock_mono_ns() + (int64_t)timeout_ms * 1000000;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    for (;;) {
        int64_t left = (end - clock_mono_ns()) / 1000000;
        if (left < 0 || poll(&wait, 1, (int)left) <= 0)
            return false;
        if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
            return true;
    }
}

struct kit_reply kit_ask(struct kit *kit, const char *text)
{
    struct kit_reply reply;
    int fd = kit_connect(kit);
    kit_send(fd, text);
    kit_reply(kit, fd, &reply);
    close(fd);
    return reply;
}

str kit_code(const struct kit_reply *reply)
{
    str rest = reply->body;
    while (rest.len) {
        str word = str_split(rest, '"', &rest);
        if (str_equal(word, STR("code"))) {
            str_split(rest, '"', &rest);
            return str_split(rest, '"', &rest);
        }
    }
    return STR_NONE;
}
