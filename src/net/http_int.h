/* http_int.h - what the files of the HTTP front share; private to src/net.
 *
 * A loop is one thread with its event base, its evhttp and its listening
 * socket. An exchange is one request with its arena; it may outlive its
 * connection. Everything here belongs to its loop's thread except what the
 * loop's lock guards.
 */
#ifndef WHARF_NET_HTTP_INT_H
#define WHARF_NET_HTTP_INT_H

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"
#include "net/http.h"
#include "net/http_conn.h"
#include "net/http_head.h"
#include "net/route.h"

struct http_stream;
struct net_metrics;
struct router;

enum { SPARE_ARENAS = 128, REQUEST_ID_BYTES = 24, RANDOM_BYTES = 4096 };

struct http_exchange {
    struct http_exchange *next; /* In the loop's list of replies. */
    struct http_loop *loop;
    struct http_conn *conn; /* NULL: the client has gone. */
    struct ctx ctx;
    struct request req;
    struct http_caller caller;
    struct http_stream *stream; /* The reply goes on as a stream. */
    struct buf buf;
    struct json_out out;
    struct http_head head;
    const char *bytes; /* Head and body. */
    str raw;           /* A body of our own instead of the reply buffer. */
    const struct http_file *file; /* Of the site: what `raw` is of. */
    const char *content_type;
    uint64_t caller_key; /* Whose account `charged` bytes are on; 0: none. */
    int64_t charged;
    size_t route_index;
    unsigned allowed; /* Bits 1 << method, for 405. */
    err_t err;
    bool is_replay;
    int64_t begun_ns;
};

/* Bytes for a stream of this loop, by another thread. */
struct stream_post {
    struct http_stream *stream;
    struct http_chunk *chunk;
    bool is_end;
};

struct http_loop {
    struct http_server *server;
    pthread_t thread;
    bool has_thread;
    struct event_base *base;
    struct evhttp *evhttp;
    struct evhttp_bound_socket *bound; /* NULL once it stops accepting. */
    struct event *wake_event, *tick_event, *waking_event;
    int wake_fd;
    int listen_fd; /* Until evhttp owns it. */
    struct net_metrics *metrics;
    struct conn_list phases[PHASE_COUNT]; /* Each in order of deadline. */
    struct conn_list waking;  /* To be adopted, or with bytes held. */
    struct http_conn *handed; /* Whose request evhttp is reading now. */
    int64_t conns;
    int64_t pending; /* Exchanges with the dispatcher. */
    bool is_draining;
    int64_t busy_logged_ms;
    int64_t date_s;
    char date[40];
    struct arena *spare[SPARE_ARENAS];
    size_t spare_count;
    unsigned char random[RANDOM_BYTES];
    size_t random_left;
    pthread_mutex_t lock; /* Guards what follows. */
    struct http_exchange *replies, *replies_last;
    struct stream_post *posts;
    size_t post_count, post_room;
    bool is_signalled;
    bool is_dead; /* Nobody will take replies any more. */
};

struct http_server {
    struct http_config config;
    struct arena *arena;
    struct router *router;
    struct throttle *throttle;
    struct rates *rates;
    struct load *load;
    struct http_loop *loops; /* config.threads of them. */
    struct net_metrics **metrics;
    int port;
    int64_t phase_ms[PHASE_COUNT];
    atomic_int connections, streams;
    atomic_bool is_stopping;
    _Atomic int64_t stop_at_ms;
    atomic_int refs; /* The owner and exchanges nobody waited for. */
};

/* http_loop.c */
void loop_init(struct http_loop *loop, struct http_server *server);
MUST_USE err_t loop_open(struct ctx *ctx, struct http_loop *loop);
void loop_wake(struct http_loop *loop);
void loop_close(struct http_loop *loop);
void *loop_run(void *arg); /* The thread; arg is the loop. */
int64_t loop_now_ms(void);
struct arena *loop_arena(struct http_loop *loop);
void loop_arena_back(struct http_loop *loop, struct arena *arena);
void loop_random_id(struct http_loop *loop, char ret[REQUEST_ID_BYTES]);
const char *loop_date(struct http_loop *loop);
/* False when nobody takes posts any more. */
bool loop_post(struct http_loop *loop, const struct stream_post *post);
/* Ends the loop if it drains and nothing is left. */
void loop_check_drained(struct http_loop *loop);

/* http_exchange.c */
/* Who that is, among all that a server counts apart. */
uint64_t caller_key(const struct ctx *ctx, const struct http_identity *who);
struct http_exchange *exchange_open(struct http_conn *conn);
void exchange_run(struct http_exchange *exchange);
void exchange_finish(struct http_exchange *exchange);
void exchange_close(struct http_exchange *exchange);
/* Gives back what its body was charged; once. */
void exchange_uncharge(struct http_exchange *exchange);

/* http_stream.c, on the loop's thread */
void stream_begin(struct http_conn *conn, struct http_stream *stream, str head);
void stream_detach(struct http_conn *conn);   /* Its connection goes. */
void stream_drop(struct http_stream *stream); /* It never had one. */
void stream_run_posts(struct stream_post *posts, size_t count);
void stream_post_done(struct stream_post *one);
void stream_beat(struct http_conn *conn);
void stream_close(struct http_conn *conn);

/* http_own.c */
extern const struct route_list http_own_routes;

/* http_server.c */
void server_unref(struct http_server *server);

#endif
