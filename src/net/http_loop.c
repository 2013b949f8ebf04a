/* http_loop.c - one event loop: accepting, deadlines, replies from elsewhere.
 *
 * Other threads append replies under the loop's lock and write to its eventfd
 * only if nobody has since the loop last took the list: many replies of one
 * commit cost one wake-up, and none waits for a flush.
 */
#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <signal.h>
#include <sodium.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "net/http_int.h"
#include "net/net_metrics.h"

enum { TICK_MIN_MS = 10, TICK_MAX_MS = 200 };

int64_t loop_now_ms(void)
{
    return clock_mono_ns() / 1000000;
}

struct arena *loop_arena(struct http_loop *loop)
{
    return loop->spare_count ? loop->spare[--loop->spare_count] : arena_open();
}

void loop_arena_back(struct http_loop *loop, struct arena *arena)
{
    if (loop->spare_count == SPARE_ARENAS) {
        arena_close(arena);
        return;
    }
    arena_reset(arena);
    loop->spare[loop->spare_count++] = arena;
}

void loop_random_id(struct http_loop *loop, char ret[REQUEST_ID_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    enum { BYTES = REQUEST_ID_BYTES / 2 };
    if (loop->random_left < BYTES) {
        randombytes_buf(loop->random, sizeof(loop->random));
        loop->random_left = sizeof(loop->random);
    }
    loop->random_left -= BYTES;
    const unsigned char *from = loop->random + loop->random_left;
    for (size_t i = 0; i < BYTES; i++) {
        ret[i * 2] = hex[from[i] >> 4];
        ret[i * 2 + 1] = hex[from[i] & 15];
    }
}

const char *loop_date(struct http_loop *loop)
{
    int64_t now_s = clock_now() / 1000;
    if (now_s != loop->date_s) {
        evutil_date_rfc1123(loop->date, sizeof(loop->date), NULL);
        loop->date_s = now_s;
    }
    return loop->date;
}

/* ---- replies ---- */

void loop_check_drained(struct http_loop *loop)
{
    if (loop->is_draining && loop->conns == 0 && loop->pending == 0)
        event_base_loopbreak(loop->base);
}

static void complete(struct http_exchange *exchange)
{
    struct http_loop *loop = exchange->loop;
    loop->pending--;
    exchange_finish(exchange);
    loop_check_drained(loop);
}

static void signal_locked(struct http_loop *loop)
{
    uint64_t one = 1;
    if (loop->is_signalled)
        return;
    loop->is_signalled = true;
    ssize_t sent = write(loop->wake_fd, &one, sizeof(one));
    ASSERT(sent == sizeof(one));
}

void loop_wake(struct http_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    signal_locked(loop);
    pthread_mutex_unlock(&loop->lock);
}

/* False when nobody takes replies any more. */
static bool append(struct http_loop *loop, struct http_exchange *exchange)
{
    pthread_mutex_lock(&loop->lock);
    bool is_alive = !loop->is_dead;
    if (is_alive) {
        exchange->next = NULL;
        if (loop->replies)
            loop->replies_last->next = exchange;
        else
            loop->replies = exchange;
        loop->replies_last = exchange;
        signal_locked(loop);
    }
    pthread_mutex_unlock(&loop->lock);
    return is_alive;
}

bool loop_post(struct http_loop *loop, const struct stream_post *post)
{
    pthread_mutex_lock(&loop->lock);
    bool is_alive = !loop->is_dead;
    if (is_alive) {
        if (loop->post_count == loop->post_room) {
            loop->post_room = loop->post_room ? loop->post_room * 2 : 256;
            loop->posts =
                mem_resize(loop->posts, loop->post_room * sizeof(*loop->posts));
        }
        loop->posts[loop->post_count++] = *post;
        signal_locked(loop);
    }
    pthread_mutex_unlock(&loop->lock);
    return is_alive;
}

/* For exchanges of a loop that has ended: its spare arenas are gone. */
static void discard(struct http_exchange *exchange)
{
    struct arena *arena = exchange->ctx.arena;
    if (exchange->stream)
        stream_drop(exchange->stream);
    exchange_uncharge(exchange);
    arena_close(arena);
}

void http_reply(struct http_exchange *exchange, err_t err, bool is_replay)
{
    struct http_loop *loop = exchange->loop;
    struct http_server *server = loop->server;
    exchange->err = err;
    exchange->is_replay = is_replay;
    if (pthread_equal(pthread_self(), loop->thread)) {
        complete(exchange);
    } else if (!append(loop, exchange)) {
        discard(exchange);
        server_unref(server);
    }
}

/* ---- events ---- */

/* Connections on which nobody has begun a request. */
static void close_unused(struct http_loop *loop)
{
    struct http_conn *conn;
    while ((conn = TAILQ_FIRST(&loop->phases[PHASE_IDLE])))
        conn_close(conn);
    conn = TAILQ_FIRST(&loop->phases[PHASE_STREAM]);
    while (conn) {
        struct http_conn *next = TAILQ_NEXT(conn, in_phase);
        stream_close(conn);
        conn = next;
    }
    conn = TAILQ_FIRST(&loop->phases[PHASE_HEAD]);
    while (conn) {
        struct http_conn *next = TAILQ_NEXT(conn, in_phase);
        if (conn->evcon && conn->scan.scanned == 0)
            conn_close(conn);
        conn = next;
    }
}

static void drain(struct http_loop *loop)
{
    loop->is_draining = true;
    evhttp_del_accept_socket(loop->evhttp, loop->bound);
    loop->bound = NULL;
    close_unused(loop);
    loop_check_drained(loop);
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct http_loop *loop = arg;
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof(count));
    (void)got, (void)what;
    pthread_mutex_lock(&loop->lock);
    struct http_exchange *exchange = loop->replies;
    struct stream_post *posts = loop->posts;
    size_t post_count = loop->post_count;
    loop->replies = NULL;
    loop->posts = NULL;
    loop->post_count = loop->post_room = 0;
    loop->is_signalled = false;
    pthread_mutex_unlock(&loop->lock);
    while (exchange) {
        struct http_exchange *next = exchange->next;
        complete(exchange);
        exchange = next;
    }
    stream_run_posts(posts, post_count);
    mem_free(posts);
    if (atomic_load(&loop->server->is_stopping) && !loop->is_draining)
        drain(loop);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct http_loop *loop = arg;
    struct http_conn *conn;
    int64_t now = loop_now_ms();
    (void)fd, (void)what;
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        if (phase == PHASE_PENDING)
            continue;
        while ((conn = TAILQ_FIRST(&loop->phases[phase])) &&
               conn->deadline_ms <= now)
            conn_expire(conn);
    }
    if (!loop->is_draining) {
        evconnlistener_enable(evhttp_bound_socket_get_listener(loop->bound));
        return;
    }
    close_unused(loop);
    if (now >= atomic_load(&loop->server->stop_at_ms))
        event_base_loopbreak(loop->base);
}

static void on_waking(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    conn_wake_all(arg);
}

/* Out of descriptors: the socket stays readable, so pause, or spin. The next
 * tick accepts again. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)arg;
    log_line(LOG_WARN, "http.accept", "%s", strerror(errno));
    evconnlistener_disable(listener);
}

/* ---- life ---- */

static int tick_ms(const struct http_server *server)
{
    int64_t least = TICK_MAX_MS * 4;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (phase != PHASE_PENDING && server->phase_ms[phase] < least)
            least = server->phase_ms[phase];
    least /= 4;
    return least < TICK_MIN_MS ? TICK_MIN_MS : (int)least;
}

/* With the change list a read that is stopped and started again within one
 * turn costs no system call. It also forgets a descriptor only after its
 * close; the kernel's "no such entry" for that is expected by libevent. */
static bool open_base(struct http_loop *loop)
{
    struct event_config *config = event_config_new();
    if (!config)
        return false;
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK |
                                      EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    return loop->base != NULL;
}

static bool open_evhttp(struct http_loop *loop)
{
    loop->evhttp = evhttp_new(loop->base);
    if (!loop->evhttp)
        return false;
    evhttp_set_bevcb(loop->evhttp, conn_open, loop);
    evhttp_set_gencb(loop->evhttp, conn_on_request, loop);
    loop->bound =
        evhttp_accept_socket_with_handle(loop->evhttp, loop->listen_fd);
    if (!loop->bound)
        return false;
    loop->listen_fd = -1;
    struct evconnlistener *listener =
        evhttp_bound_socket_get_listener(loop->bound);
    evconnlistener_set_error_cb(listener, on_accept_error);
    return true;
}

static bool open_events(struct http_loop *loop)
{
    int ms = tick_ms(loop->server);
    struct timeval tick = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    loop->wake_event = event_new(loop->base, loop->wake_fd,
                                 EV_READ | EV_PERSIST, on_wake, loop);
    loop->tick_event = event_new(loop->base, -1, EV_PERSIST, on_tick, loop);
    loop->waking_event = event_new(loop->base, -1, 0, on_waking, loop);
    return loop->wake_event && loop->tick_event && loop->waking_event &&
           event_add(loop->wake_event, NULL) == 0 &&
           event_add(loop->tick_event, &tick) == 0;
}

void loop_init(struct http_loop *loop, struct http_server *server)
{
    loop->server = server;
    loop->listen_fd = -1;
    loop->wake_fd = -1;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        TAILQ_INIT(&loop->phases[phase]);
    TAILQ_INIT(&loop->waking);
    pthread_mutex_init(&loop->lock, NULL);
}

err_t loop_open(struct ctx *ctx, struct http_loop *loop)
{
    struct http_server *server = loop->server;
    loop->metrics = net_metrics_open(server->arena, server->router);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->wake_fd < 0 || !open_base(loop) || !open_evhttp(loop) ||
        !open_events(loop))
        return fail(ctx, ERR_INTERNAL, "", "no event loop: %s",
                    strerror(errno));
    return OK;
}

void *loop_run(void *arg)
{
    struct http_loop *loop = arg;
    sigset_t all;
    /* Signals are for the main thread; a broken pipe is an error code. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    event_base_dispatch(loop->base);
    return NULL;
}

static void close_evhttp(struct http_loop *loop)
{
    loop->is_draining = true;
    loop->bound = NULL;
    /* Those just accepted must be known before they are freed. */
    conn_wake_all(loop);
    evhttp_free(loop->evhttp);
    /* Bufferevents go in a last turn of the loop. */
    event_base_loop(loop->base, EVLOOP_NONBLOCK);
}

static void free_event(struct event *event)
{
    if (event)
        event_free(event);
}

/* After the thread has ended, or before it began. */
void loop_close(struct http_loop *loop)
{
    if (loop->evhttp)
        close_evhttp(loop);
    pthread_mutex_lock(&loop->lock);
    loop->is_dead = true;
    struct http_exchange *exchange = loop->replies;
    for (struct http_exchange *at = exchange; at; at = at->next)
        loop->pending--;
    atomic_fetch_add(&loop->server->refs, (int)loop->pending);
    pthread_mutex_unlock(&loop->lock);
    while (exchange) {
        struct http_exchange *next = exchange->next;
        discard(exchange);
        exchange = next;
    }
    for (size_t i = 0; i < loop->post_count; i++)
        stream_post_done(&loop->posts[i]);
    mem_free(loop->posts);
    while (loop->spare_count)
        arena_close(loop->spare[--loop->spare_count]);
    free_event(loop->wake_event);
    free_event(loop->tick_event);
    free_event(loop->waking_event);
    if (loop->base)
        event_base_free(loop->base);
    if (loop->listen_fd >= 0)
        close(loop->listen_fd);
    if (loop->wake_fd >= 0)
        close(loop->wake_fd);
}
