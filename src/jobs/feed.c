/* feed.c - the thread of a feed: waking, new clients, those that left. */
#include "jobs/feed.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"

enum {
    POLL_MS = 1000,         /* A turn comes without a commit, too. */
    POLL_POSTGRES_MS = 100, /* Other nodes wake nobody here, and what has
                               committed may become visible later. */
    SLOW_MS = 20000         /* So long a client may be without room. */
};

struct feed_thread {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct feed_client *incoming;
    bool has_news, is_closing, is_waiting;
    utc_ms news_at;
    atomic_long clients, cut;
    _Atomic int64_t sent, bytes;
};

/* ---- within a turn ---- */

err_t feed_read(struct feed *feed, store_call_fn *fn, void *arg)
{
    struct ctx ctx = {
        .arena = feed->arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, feed->store, LANE_READ, "feed", fn, arg);
    if (err != OK && err != ERR_BUSY)
        log_ctx(&ctx, LOG_ERROR, "feed.read", "%s: %s", feed->ops->name,
                ctx.err.text);
    return err;
}

bool feed_has_room(struct feed *feed, struct feed_client *client, size_t more)
{
    size_t pending = http_stream_pending(client->stream);
    if (pending <= feed->ops->pending_max / 2)
        client->full_since_ns = 0;
    if (pending == 0 || pending + more <= feed->ops->pending_max)
        return true;
    if (client->full_since_ns == 0)
        client->full_since_ns = clock_mono_ns();
    return false;
}

void feed_send(struct feed *feed, struct feed_client *client,
               struct http_chunk *chunk)
{
    http_stream_send(client->stream, chunk);
    atomic_fetch_add(&feed->thread->sent, 1);
    atomic_fetch_add(&feed->thread->bytes, (int64_t)http_chunk_len(chunk));
}

/* ---- coming and going ---- */

static void end_stream(struct feed_client *client, const char *code,
                       const char *text)
{
    char line[256];
    struct buf buf;
    buf_init_fixed(&buf, line, sizeof line);
    buf_addf(&buf, "event: end\ndata: {\"code\":\"%s\",\"detail\":\"%s\"}\n\n",
             code, text);
    ASSERT(!buf.is_full);
    struct http_chunk *chunk = http_chunk_new(buf_str(&buf));
    http_stream_begin(client->stream);
    http_stream_end(client->stream, chunk);
    http_chunk_release(chunk);
}

static void drop_client(struct feed *feed, struct feed_client *client)
{
    http_stream_release(client->stream);
    feeds_leave(feed->owner, client->actor);
    feed->client_count--;
    feed->ops->client_free(feed, client);
}

static bool is_too_slow(const struct feed_client *client, int64_t now_ns)
{
    return client->full_since_ns != 0 &&
           now_ns - client->full_since_ns >= (int64_t)SLOW_MS * 1000000;
}

static void sweep(struct feed *feed)
{
    int64_t now_ns = clock_mono_ns();
    struct feed_client **at = &feed->clients;
    while (*at) {
        struct feed_client *client = *at;
        bool is_gone = http_stream_is_gone(client->stream);
        if (!is_gone && is_too_slow(client, now_ns)) {
            end_stream(client, "too_slow",
                       "too much waited for this client for too long; connect "
                       "again where it ended");
            atomic_fetch_add(&feed->thread->cut, 1);
            is_gone = true;
        }
        if (is_gone) {
            *at = client->next;
            drop_client(feed, client);
        } else {
            at = &client->next;
        }
    }
    atomic_store(&feed->thread->clients, (long)feed->client_count);
}

static void adopt(struct feed *feed, struct feed_client *incoming)
{
    while (incoming) {
        struct feed_client *next = incoming->next;
        incoming->next = feed->clients;
        feed->clients = incoming;
        feed->client_count++;
        incoming = next;
    }
}

void feed_add(struct feed *feed, struct feed_client *client)
{
    struct feed_thread *thread = feed->thread;
    pthread_mutex_lock(&thread->lock);
    client->next = thread->incoming;
    thread->incoming = client;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
}

/* Each commit with events comes here. */
static void wake(void *arg)
{
    struct feed_thread *thread = ((struct feed *)arg)->thread;
    pthread_mutex_lock(&thread->lock);
    if (!thread->has_news)
        thread->news_at = clock_now();
    thread->has_news = true;
    if (thread->is_waiting)
        pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
}

/* ---- the thread ---- */

static void wait_until(struct feed_thread *thread, int64_t at_ns)
{
    struct timespec until = {.tv_sec = at_ns / 1000000000,
                             .tv_nsec = at_ns % 1000000000};
    (void)pthread_cond_timedwait(&thread->changed, &thread->lock, &until);
}

/* With the lock: until the next turn is due. */
static void wait_for_turn(struct feed *feed, int64_t begun_ns, bool is_more)
{
    struct feed_thread *thread = feed->thread;
    bool is_postgres = store_engine(feed->store) == STORE_POSTGRES;
    int64_t poll_ms = is_postgres ? POLL_POSTGRES_MS : POLL_MS;
    int64_t least_ns = begun_ns + (int64_t)feed->ops->period_ms * 1000000;
    int64_t most_ns = begun_ns + poll_ms * 1000000;
    while (!thread->is_closing) {
        int64_t now_ns = clock_mono_ns();
        bool is_idle = feed->client_count == 0 && !thread->incoming;
        bool is_wanted = is_more || thread->has_news || thread->incoming;
        if (!is_idle &&
            (now_ns >= most_ns || (is_wanted && now_ns >= least_ns)))
            return;
        thread->is_waiting = !is_idle && !is_wanted;
        if (is_idle)
            pthread_cond_wait(&thread->changed, &thread->lock);
        else
            wait_until(thread,
                       is_wanted && least_ns < most_ns ? least_ns : most_ns);
        thread->is_waiting = false;
    }
}

static void *feed_main(void *arg)
{
    struct feed *feed = arg;
    struct feed_thread *thread = feed->thread;
    bool is_more = false;
    int64_t begun_ns = 0;
    pthread_mutex_lock(&thread->lock);
    while (!thread->is_closing) {
        wait_for_turn(feed, begun_ns, is_more);
        struct feed_client *incoming = thread->incoming;
        thread->incoming = NULL;
        feed->news_at = thread->has_news ? thread->news_at : 0;
        thread->has_news = false;
        pthread_mutex_unlock(&thread->lock);
        begun_ns = clock_mono_ns();
        adopt(feed, incoming);
        sweep(feed);
        is_more = feed->ops->turn(feed);
        arena_reset(feed->arena);
        pthread_mutex_lock(&thread->lock);
    }
    pthread_mutex_unlock(&thread->lock);
    return NULL;
}

/* ---- the face ---- */

err_t feed_open(struct ctx *ctx, struct feeds *owner, struct store *store,
                const struct feed_ops *ops, struct feed **ret)
{
    struct feed *feed = mem_new(sizeof *feed);
    struct feed_thread *thread = mem_new(sizeof *thread);
    *feed = (struct feed){
        .owner = owner, .ops = ops, .store = store, .thread = thread};
    feed->arena = arena_open();
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&thread->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&thread->lock, NULL);
    if (pthread_create(&thread->thread, NULL, feed_main, feed) != 0)
        return fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    pthread_setname_np(thread->thread, ops->name);
    store_on_commit(store, wake, feed);
    *ret = feed;
    return OK;
}

void feed_close(struct feed *feed)
{
    if (!feed)
        return;
    struct feed_thread *thread = feed->thread;
    store_off_commit(feed->store, feed);
    pthread_mutex_lock(&thread->lock);
    thread->is_closing = true;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
    pthread_join(thread->thread, NULL);
    adopt(feed, thread->incoming);
    while (feed->clients) {
        struct feed_client *client = feed->clients;
        feed->clients = client->next;
        end_stream(client, "stopping", "the server stops; connect again");
        drop_client(feed, client);
    }
    feed->ops->close(feed);
    arena_close(feed->arena);
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->lock);
    mem_free(thread);
    mem_free(feed);
}

void feed_metrics(const struct feed *feed, int figure, struct buf *out)
{
    const struct feed_thread *thread = feed->thread;
    const char *const names[FEED_FIGURES] = {"clients", "sent_total",
                                             "bytes_total", "cut_total"};
    const int64_t values[FEED_FIGURES] = {
        atomic_load(&thread->clients), atomic_load(&thread->sent),
        atomic_load(&thread->bytes), atomic_load(&thread->cut)};
    buf_addf(out, "wharf_feed_%s{feed=\"%s\"} %lld\n", names[figure],
             feed->ops->name, (long long)values[figure]);
}
