/* http_stream.c - streams: what is posted to them, their beat and their end.
 *
 * Posts go into a list of the loop under its lock and cost one wake-up however
 * many there are; each stream that got some is then written to once. evhttp
 * waits all the while for a reply to be finished that never is; the end of a
 * stream is the end of its connection.
 */
#include "net/http_stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "net/http_int.h"
#include "net/net_metrics.h"
#include "net/problem.h"

enum {
    COPY_BYTES = 512,         /* Smaller chunks are copied. */
    SOCKET_BYTES = 64 * 1024, /* What the kernel may hold for a client. */
    EARLY_BYTES = 4096,       /* What a client may still say. */
    END_BYTES = 512
};

struct http_chunk {
    atomic_int refs;
    size_t len;
    char bytes[];
};

struct http_stream {
    atomic_int refs; /* The feeder, the connection, posts under way. */
    struct http_loop *loop;
    struct http_exchange *exchange; /* Until it has begun. */
    struct http_conn *conn;         /* The loop's; NULL: gone. */
    atomic_bool is_gone;
    _Atomic uint64_t posted, written;
    bool is_ending, is_dirty;
    struct http_stream *next_dirty;
    struct evbuffer_cb_entry *output_cb;
    int64_t progress_ms; /* When the socket last took something. */
    /* For looking again at who it is. */
    struct http_caller caller;
    const struct route *route;
    void *tenant;
    char words[]; /* Of the caller. */
};

/* ---- chunks ---- */

struct http_chunk *http_chunk_new(str bytes)
{
    struct http_chunk *chunk = mem_new(sizeof(*chunk) + bytes.len);
    atomic_store(&chunk->refs, 1);
    chunk->len = bytes.len;
    memcpy(chunk->bytes, bytes.ptr, bytes.len);
    return chunk;
}

size_t http_chunk_len(const struct http_chunk *chunk)
{
    return chunk->len;
}

void http_chunk_release(struct http_chunk *chunk)
{
    if (chunk && atomic_fetch_sub(&chunk->refs, 1) == 1)
        mem_free(chunk);
}

static void on_chunk_sent(const void *data, size_t len, void *arg)
{
    (void)data, (void)len;
    http_chunk_release(arg);
}

static void add_chunk(struct evbuffer *output, struct http_chunk *chunk)
{
    if (chunk->len < COPY_BYTES) {
        evbuffer_add(output, chunk->bytes, chunk->len);
        return;
    }
    atomic_fetch_add(&chunk->refs, 1);
    if (evbuffer_add_reference(output, chunk->bytes, chunk->len, on_chunk_sent,
                               chunk) != 0)
        http_chunk_release(chunk);
}

/* ---- the stream itself ---- */

static str keep(char **at, str s)
{
    char *to = *at;
    if (s.len)
        memcpy(to, s.ptr, s.len);
    *at += s.len;
    return (str){to, s.len};
}

struct http_stream *http_stream_open(struct http_exchange *exchange)
{
    const struct http_caller *from = &exchange->caller;
    size_t len = from->authorization.len + from->cookie.len + from->csrf.len +
                 from->host.len + from->origin.len;
    struct http_stream *stream = mem_new(sizeof(*stream) + len);
    char *at = stream->words;
    stream->loop = exchange->loop;
    stream->route = exchange->req.route;
    stream->tenant = exchange->req.tenant;
    stream->caller = (struct http_caller){
        .authorization = keep(&at, from->authorization),
        .cookie = keep(&at, from->cookie),
        .csrf = keep(&at, from->csrf),
        .host = keep(&at, from->host),
        .origin = keep(&at, from->origin),
        .method = from->method,
        .is_standing = true,
    };
    /* The feeder's and the exchange's, which becomes the connection's. */
    atomic_store(&stream->refs, 2);
    atomic_fetch_add(&stream->loop->server->refs, 1);
    exchange->stream = stream;
    stream->exchange = exchange;
    return stream;
}

void http_stream_begin(struct http_stream *stream)
{
    struct http_exchange *exchange = stream->exchange;
    stream->exchange = NULL;
    if (exchange)
        http_reply(exchange, OK, false);
}

void http_stream_release(struct http_stream *stream)
{
    if (!stream || atomic_fetch_sub(&stream->refs, 1) > 1)
        return;
    server_unref(stream->loop->server);
    mem_free(stream);
}

size_t http_stream_pending(const struct http_stream *stream)
{
    uint64_t written = atomic_load(&stream->written);
    return (size_t)(atomic_load(&stream->posted) - written);
}

bool http_stream_is_gone(const struct http_stream *stream)
{
    return atomic_load(&stream->is_gone);
}

/* ---- posts, from any thread ---- */

static void post(struct http_stream *stream, struct http_chunk *chunk,
                 bool is_end)
{
    struct http_loop *loop = stream->loop;
    if (http_stream_is_gone(stream))
        return;
    atomic_fetch_add(&stream->refs, 1);
    atomic_fetch_add(&chunk->refs, 1);
    atomic_fetch_add(&stream->posted, chunk->len);
    struct stream_post one = {stream, chunk, is_end};
    if (!loop_post(loop, &one)) {
        http_chunk_release(chunk);
        http_stream_release(stream);
    }
}

void http_stream_send(struct http_stream *stream, struct http_chunk *chunk)
{
    post(stream, chunk, false);
}

void http_stream_end(struct http_stream *stream, struct http_chunk *chunk)
{
    post(stream, chunk, true);
}

/* ---- on the loop ---- */

static struct evbuffer *output_of(const struct http_conn *conn)
{
    return bufferevent_get_output(conn->bev);
}

static void on_output(struct evbuffer *output,
                      const struct evbuffer_cb_info *info, void *arg)
{
    struct http_stream *stream = arg;
    (void)output;
    if (info->n_deleted == 0)
        return;
    atomic_fetch_add(&stream->written, info->n_deleted);
    stream->progress_ms = loop_now_ms();
}

/* Writes what the socket takes. False: the connection is gone. */
static bool flush(struct http_stream *stream)
{
    struct http_conn *conn = stream->conn;
    struct evbuffer *output = output_of(conn);
    evbuffer_unfreeze(output, 1);
    int got = evbuffer_get_length(output)
                  ? evbuffer_write(output, bufferevent_getfd(conn->bev))
                  : 0;
    int why = errno;
    evbuffer_freeze(output, 1);
    bool is_broken = got < 0 && why != EAGAIN && why != EINTR;
    bool is_empty = evbuffer_get_length(output) == 0;
    if (is_broken || (is_empty && stream->is_ending)) {
        conn_close(conn);
        return false;
    }
    if (!is_empty)
        bufferevent_enable(conn->bev, EV_WRITE);
    return true;
}

static void on_stream_read(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    conn->lingered += evbuffer_get_length(input);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (conn->lingered > EARLY_BYTES)
        conn_close(conn);
}

static void on_stream_written(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    bufferevent_disable(bev, EV_WRITE);
    if (conn->stream->is_ending)
        conn_close(conn);
}

static void on_stream_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev, (void)what;
    conn_close(arg);
}

void stream_begin(struct http_conn *conn, struct http_stream *stream, str head)
{
    struct evbuffer *output = output_of(conn);
    int size = SOCKET_BYTES;
    ASSERT(conn->phase == PHASE_PENDING && !stream->conn);
    atomic_fetch_add(&conn->loop->server->streams, 1);
    conn->exchange = NULL;
    conn->stream = stream;
    conn->lingered = 0;
    stream->conn = conn;
    stream->progress_ms = loop_now_ms();
    conn_set_phase(conn, PHASE_STREAM);
    (void)setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_SNDBUF, &size,
                     sizeof(size));
    bufferevent_disable(conn->bev, EV_WRITE);
    bufferevent_setcb(conn->bev, on_stream_read, on_stream_written,
                      on_stream_event, conn);
    bufferevent_enable(conn->bev, EV_READ);
    atomic_fetch_add(&stream->posted, head.len);
    stream->output_cb = evbuffer_add_cb(output, on_output, stream);
    evbuffer_add(output, head.ptr, head.len);
    flush(stream);
}

void stream_detach(struct http_conn *conn)
{
    struct http_stream *stream = conn->stream;
    if (!stream)
        return;
    evbuffer_remove_cb_entry(output_of(conn), stream->output_cb);
    conn->stream = NULL;
    stream->conn = NULL;
    stream_drop(stream);
    atomic_fetch_sub(&conn->loop->server->streams, 1);
}

void stream_drop(struct http_stream *stream)
{
    atomic_store(&stream->is_gone, true);
    http_stream_release(stream);
}

void stream_post_done(struct stream_post *one)
{
    http_chunk_release(one->chunk);
    http_stream_release(one->stream);
}

/* All that was posted, then one write for each stream that got something. */
void stream_run_posts(struct stream_post *posts, size_t count)
{
    struct http_stream *dirty = NULL;
    for (size_t i = 0; i < count; i++) {
        struct http_stream *stream = posts[i].stream;
        if (stream->conn && !stream->is_ending) {
            add_chunk(output_of(stream->conn), posts[i].chunk);
            stream->is_ending = posts[i].is_end;
            if (!stream->is_dirty) {
                stream->is_dirty = true;
                stream->next_dirty = dirty;
                dirty = stream;
                atomic_fetch_add(&stream->refs, 1);
            }
        }
        stream_post_done(&posts[i]);
    }
    while (dirty) {
        struct http_stream *stream = dirty;
        dirty = stream->next_dirty;
        stream->is_dirty = false;
        if (stream->conn)
            flush(stream);
        http_stream_release(stream);
    }
}

/* ---- the beat ---- */

/* Says why, as the last event, and closes once that is out. */
static void end_with(struct http_stream *stream, const char *code,
                     const char *text)
{
    char line[END_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, line, sizeof(line));
    buf_addf(&buf, "event: end\ndata: {\"code\":\"%s\",\"detail\":\"%s\"}\n\n",
             code, text);
    ASSERT(!buf.is_full);
    atomic_fetch_add(&stream->posted, buf.len);
    evbuffer_add(output_of(stream->conn), buf.ptr, buf.len);
    stream->is_ending = true;
    flush(stream);
}

static bool is_still_allowed(const struct http_stream *stream)
{
    const struct http_config *config = &stream->loop->server->config;
    struct http_identity who = {.perms = 0};
    struct ctx ctx = {.now = clock_now()};
    err_t err = config->auth(config->arg, &ctx, &stream->caller, &who);
    if (err != OK) /* Too busy to say is not a no. */
        return err == ERR_BUSY;
    unsigned perm = (unsigned)stream->route->perm;
    return who.tenant == stream->tenant && (who.perms & perm) == perm;
}

void stream_beat(struct http_conn *conn)
{
    static const char beat[] = ":\n\n";
    struct http_stream *stream = conn->stream;
    const struct http_config *config = &conn->loop->server->config;
    int64_t still_ms = loop_now_ms() - stream->progress_ms;
    bool is_waiting = evbuffer_get_length(output_of(conn)) > 0;
    if (is_waiting && still_ms >= config->stream_stall_ms) {
        conn_close(conn);
        return;
    }
    conn_set_phase(conn, PHASE_STREAM);
    if (stream->is_ending)
        return;
    if (!is_still_allowed(stream)) {
        end_with(stream, "unauthenticated",
                 "the key or session is over, or lacks the scope");
    } else if (!is_waiting && still_ms >= config->stream_quiet_ms) {
        atomic_fetch_add(&stream->posted, sizeof(beat) - 1);
        evbuffer_add(output_of(conn), beat, sizeof(beat) - 1);
        flush(stream);
    }
}

void stream_close(struct http_conn *conn)
{
    struct http_stream *stream = conn->stream;
    if (stream->is_ending)
        conn_close(conn);
    else
        end_with(stream, "stopping", "the server stops; connect again");
}
