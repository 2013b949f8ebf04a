/* http_server.c - opening and closing the front: sockets, threads, limits. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "net/http_int.h"
#include "net/rate.h"
#include "net/router.h"
#include "net/throttle.h"

enum {
    THREADS_MAX = 16,
    LISTS_MAX = 64,
    BACKLOG = 4096,
    OTHER_DESCRIPTORS = 256, /* Stores, logs, listening sockets. */
    LINGER_MS = 2000
};

void http_config_init(struct http_config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *config = (struct http_config){
        .address = "127.0.0.1",
        .port = 8080,
        .threads = cores < 1             ? 1
                   : cores > THREADS_MAX ? THREADS_MAX
                                         : (int)cores,
        .connections_max = 16384,
        .bytes_max = LIMIT_BYTES_UNDER_WAY,
        .header_timeout_ms = 10000,
        .request_timeout_ms = 30000,
        .idle_timeout_ms = 60000,
        .streams_max = 12288,
        .stream_beat_ms = 2000,
        .stream_quiet_ms = 15000,
        .stream_stall_ms = 30000,
    };
}

int http_port(const struct http_server *server)
{
    return server->port;
}

/* ---- sockets ---- */

static err_t fail_listen(struct ctx *ctx, const struct http_config *config)
{
    return fail(ctx, ERR_INTERNAL, "", "cannot listen on %s:%d: %s",
                config->address, config->port, strerror(errno));
}

/* -1 with errno. */
static int bind_one(const struct addrinfo *to, bool is_shared)
{
    int on = 1;
    int fd =
        socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        (!is_shared ||
         setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0) &&
        bind(fd, to->ai_addr, to->ai_addrlen) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v6 = {.sin6_family = AF_INET6}};
    socklen_t len = sizeof(at);
    if (getsockname(fd, &at.any, &len) < 0)
        return 0;
    return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port
                                              : at.v4.sin_port);
}

static void set_port(struct addrinfo *to, int port)
{
    if (to->ai_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)to->ai_addr)->sin6_port =
            htons((uint16_t)port);
    else
        ((struct sockaddr_in *)(void *)to->ai_addr)->sin_port =
            htons((uint16_t)port);
}

/* SO_REUSEPORT would let a second server share the port in silence, so a
 * socket without it asks first whether the port is free. */
static bool claim_port(struct http_server *server, struct addrinfo *to)
{
    int fd = bind_one(to, false);
    if (fd < 0)
        return false;
    server->port = port_of(fd);
    close(fd);
    set_port(to, server->port);
    return true;
}

/* "[::1]" as it stands in a URL is "::1" here. */
static const char *bare_address(const struct http_server *server)
{
    str address = str_from_cstr(server->config.address);
    if (address.len > 2 && address.ptr[0] == '[' &&
        address.ptr[address.len - 1] == ']')
        address = (str){address.ptr + 1, address.len - 2};
    return str_to_cstr(server->arena, address);
}

static err_t open_sockets(struct ctx *ctx, struct http_server *server)
{
    const struct http_config *config = &server->config;
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *to = NULL;
    char port[8];
    err_t err = OK;
    snprintf(port, sizeof(port), "%d", config->port);
    if (getaddrinfo(bare_address(server), port, &hints, &to) != 0)
        return fail(ctx, ERR_INVALID, "address", "%s is not an IP address",
                    config->address);
    if (!claim_port(server, to))
        err = fail_listen(ctx, config);
    for (int i = 0; err == OK && i < config->threads; i++) {
        int fd = bind_one(to, true);
        server->loops[i].listen_fd = fd;
        if (fd < 0 || listen(fd, BACKLOG) < 0)
            err = fail_listen(ctx, config);
    }
    freeaddrinfo(to);
    return err;
}

/* ---- opening ---- */

static void on_libevent_log(int severity, const char *text)
{
    log_line(severity >= EVENT_LOG_ERR ? LOG_ERROR : LOG_DEBUG, "libevent",
             "%s", text);
}

/* As many descriptors as we may have, and no more connections than fit. */
static void fit_descriptors(struct http_config *config)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    rlim_t most = limit.rlim_cur > OTHER_DESCRIPTORS * 2
                      ? limit.rlim_cur - OTHER_DESCRIPTORS
                      : limit.rlim_cur / 2;
    if ((rlim_t)config->connections_max > most) {
        log_line(LOG_WARN, "http.limits",
                 "%d connections need more descriptors; at most %d are taken",
                 config->connections_max, (int)most);
        config->connections_max = (int)most;
    }
    /* Some connections are left for those who ask and go. */
    if (config->streams_max > config->connections_max / 4 * 3)
        config->streams_max = config->connections_max / 4 * 3;
}

static void check_config(const struct http_config *config)
{
    ASSERT(config->threads >= 1 && config->threads <= THREADS_MAX);
    ASSERT(config->connections_max >= 1);
    ASSERT(config->header_timeout_ms > 0 && config->request_timeout_ms > 0);
    ASSERT(config->idle_timeout_ms > 0);
    ASSERT(config->bytes_max >= LIMIT_BULK_BODY_BYTES * 4);
    ASSERT(config->auth != NULL && config->dispatch != NULL);
}

static err_t open_router(struct ctx *ctx, struct http_server *server)
{
    const struct route_list *lists[LISTS_MAX + 2] = {&http_own_routes};
    size_t count = 1;
    for (size_t i = 0; server->config.routes[i]; i++) {
        ASSERT(count <= LISTS_MAX);
        lists[count++] = server->config.routes[i];
    }
    return router_open(ctx, server->arena, lists, &server->router);
}

static struct http_server *server_new(const struct http_config *config)
{
    struct http_server *server = mem_new(sizeof(*server));
    server->config = *config;
    fit_descriptors(&server->config);
    server->arena = arena_open();
    server->throttle = throttle_open();
    server->rates = rates_open();
    server->load = load_open(config->bytes_max, config->bytes_max / 4);
    server->phase_ms[PHASE_HEAD] = config->header_timeout_ms;
    server->phase_ms[PHASE_BODY] = config->request_timeout_ms;
    server->phase_ms[PHASE_REPLY] = config->request_timeout_ms;
    server->phase_ms[PHASE_IDLE] = config->idle_timeout_ms;
    server->phase_ms[PHASE_STREAM] = config->stream_beat_ms;
    server->phase_ms[PHASE_LINGER] = LINGER_MS;
    atomic_store(&server->refs, 1);
    server->loops = mem_new(sizeof(*server->loops) * (size_t)config->threads);
    server->metrics = arena_array(server->arena, struct net_metrics *,
                                  (size_t)config->threads);
    for (int i = 0; i < config->threads; i++)
        loop_init(&server->loops[i], server);
    return server;
}

static err_t start(struct ctx *ctx, struct http_server *server)
{
    TRY(open_router(ctx, server));
    TRY(open_sockets(ctx, server));
    for (int i = 0; i < server->config.threads; i++) {
        TRY(loop_open(ctx, &server->loops[i]));
        server->metrics[i] = server->loops[i].metrics;
    }
    for (int i = 0; i < server->config.threads; i++) {
        struct http_loop *loop = &server->loops[i];
        if (pthread_create(&loop->thread, NULL, loop_run, loop) != 0)
            return fail(ctx, ERR_INTERNAL, "", "no thread for HTTP");
        loop->has_thread = true;
        pthread_setname_np(loop->thread, "http");
    }
    return OK;
}

err_t http_open(struct ctx *ctx, const struct http_config *config,
                struct http_server **ret)
{
    check_config(config);
    event_set_log_callback(on_libevent_log);
    if (sodium_init() < 0)
        return fail(ctx, ERR_INTERNAL, "", "no source of randomness");
    struct http_server *server = server_new(config);
    err_t err = start(ctx, server);
    if (err != OK)
        http_close(server, 0);
    else
        *ret = server;
    return err;
}

/* ---- closing ---- */

void server_unref(struct http_server *server)
{
    if (atomic_fetch_sub(&server->refs, 1) > 1)
        return;
    for (int i = 0; i < server->config.threads; i++)
        pthread_mutex_destroy(&server->loops[i].lock);
    mem_free(server->loops);
    throttle_close(server->throttle);
    rates_close(server->rates);
    load_close(server->load);
    arena_close(server->arena);
    mem_free(server);
}

void http_close(struct http_server *server, int timeout_ms)
{
    if (!server)
        return;
    atomic_store(&server->stop_at_ms, loop_now_ms() + timeout_ms);
    atomic_store(&server->is_stopping, true);
    for (int i = 0; i < server->config.threads; i++)
        if (server->loops[i].has_thread)
            loop_wake(&server->loops[i]);
    for (int i = 0; i < server->config.threads; i++)
        if (server->loops[i].has_thread)
            pthread_join(server->loops[i].thread, NULL);
    for (int i = 0; i < server->config.threads; i++)
        loop_close(&server->loops[i]);
    server_unref(server);
}
