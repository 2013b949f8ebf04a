/* feeds.c - the feeds of a store, and how many streams each key may have. */
#include "jobs/feeds.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "jobs/feed.h"
#include "net/http.h"
#include "oms/feed.h"

struct holder {
    struct actor actor;
    int streams;
};

struct feeds {
    struct feed *events, *levels;
    pthread_mutex_t lock; /* Guards what follows. */
    bool is_stopped;
    struct holder *holders;
    size_t holder_count, holder_room, streams;
};

static struct holder *find_holder(struct feeds *feeds, struct actor actor)
{
    for (size_t i = 0; i < feeds->holder_count; i++)
        if (feeds->holders[i].actor.kind == actor.kind &&
            feeds->holders[i].actor.id == actor.id)
            return &feeds->holders[i];
    return NULL;
}

/* With the lock: one stream more of that key, unless it has too many. */
static bool enter(struct feeds *feeds, struct actor actor)
{
    struct holder *holder = find_holder(feeds, actor);
    if (!holder && feeds->holder_count == feeds->holder_room) {
        feeds->holder_room = feeds->holder_room ? feeds->holder_room * 2 : 16;
        feeds->holders =
            mem_resize(feeds->holders, feeds->holder_room * sizeof(*holder));
    }
    if (!holder) {
        holder = &feeds->holders[feeds->holder_count++];
        *holder = (struct holder){actor, 0};
    }
    bool is_let_in = holder->streams < LIMIT_STREAMS_PER_KEY;
    holder->streams += is_let_in;
    feeds->streams += is_let_in;
    return is_let_in;
}

void feeds_leave(struct feeds *feeds, struct actor actor)
{
    pthread_mutex_lock(&feeds->lock);
    struct holder *holder = find_holder(feeds, actor);
    ASSERT(holder && holder->streams > 0);
    feeds->streams--;
    if (--holder->streams == 0)
        *holder = feeds->holders[--feeds->holder_count];
    pthread_mutex_unlock(&feeds->lock);
}

/* With the lock. */
static err_t take(struct feeds *feeds, struct http_exchange *exchange)
{
    struct request *req = http_request(exchange);
    const struct feed_want *want = req->cmd;
    struct feed *feed = NULL;
    if (feeds->is_stopped) /* There are no feeds any more. */
        return fail(req->ctx, ERR_BUSY, "", "the streams are closing");
    switch (want->kind) {
    case FEED_EVENTS: feed = feeds->events; break;
    case FEED_LEVELS: feed = feeds->levels; break;
    }
    ASSERT(feed != NULL);
    if (!enter(feeds, req->ctx->actor))
        return fail_as(req->ctx, ERR_LIMIT, "streams_limit", "",
                       "this key has %d streams already",
                       LIMIT_STREAMS_PER_KEY);
    struct feed_client *client = feed->ops->client_new(feed, want);
    client->actor = req->ctx->actor;
    client->stream = http_stream_open(exchange);
    feed_add(feed, client);
    return OK;
}

void feeds_take(struct feeds *feeds, struct http_exchange *exchange)
{
    pthread_mutex_lock(&feeds->lock);
    err_t err = take(feeds, exchange);
    pthread_mutex_unlock(&feeds->lock);
    if (err != OK)
        http_reply(exchange, err, false);
}

err_t feeds_open(struct ctx *ctx, struct store *store, struct feeds **ret)
{
    struct feeds *feeds = mem_new(sizeof *feeds);
    pthread_mutex_init(&feeds->lock, NULL);
    err_t err = feed_open(ctx, feeds, store, &event_feed_ops, &feeds->events);
    if (err == OK)
        err = feed_open(ctx, feeds, store, &level_feed_ops, &feeds->levels);
    if (err != OK) {
        feeds_stop(feeds);
        feeds_close(feeds);
        return err;
    }
    *ret = feeds;
    return OK;
}

void feeds_stop(struct feeds *feeds)
{
    if (!feeds)
        return;
    pthread_mutex_lock(&feeds->lock);
    feeds->is_stopped = true;
    pthread_mutex_unlock(&feeds->lock);
    feed_close(feeds->events);
    feed_close(feeds->levels);
    feeds->events = feeds->levels = NULL;
}

void feeds_close(struct feeds *feeds)
{
    if (!feeds)
        return;
    pthread_mutex_destroy(&feeds->lock);
    mem_free(feeds->holders);
    mem_free(feeds);
}

size_t feeds_count(const struct feeds *feeds)
{
    struct feeds *locked = (struct feeds *)(uintptr_t)feeds;
    pthread_mutex_lock(&locked->lock);
    size_t count = feeds->streams;
    pthread_mutex_unlock(&locked->lock);
    return count;
}

void feeds_metrics(const struct feeds *feeds, struct buf *out)
{
    static const char *const types[] = {
        "# TYPE wharf_feed_clients gauge\n",
        "# TYPE wharf_feed_sent_total counter\n",
        "# TYPE wharf_feed_bytes_total counter\n",
        "# TYPE wharf_feed_cut_total counter\n",
    };
    for (int i = 0; i < FEED_FIGURES; i++) {
        buf_add_cstr(out, types[i]);
        feed_metrics(feeds->events, i, out);
        feed_metrics(feeds->levels, i, out);
    }
}
