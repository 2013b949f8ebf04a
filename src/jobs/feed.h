/* feed.h - one thread that follows a store and writes to many streams.
 *
 * What the streams are about is the kind's own: its turn reads the store once
 * for all clients and sends each what it wants. A turn comes when something
 * was committed, never sooner than period_ms after the one before. A client
 * that takes its bytes too slowly is left alone until it has room; one that
 * stays so is ended with a last event that says why. Private to src/jobs.
 */
#ifndef WHARF_JOBS_FEED_H
#define WHARF_JOBS_FEED_H

#include "base/base.h"
#include "net/http_stream.h"
#include "store/call.h"

struct arena;
struct buf;
struct feed;
struct feed_want;
struct feeds;

struct feed_client { /* First in the kind's own. */
    struct feed_client *next;
    struct http_stream *stream;
    struct actor actor;
    int64_t full_since_ns; /* 0: it has room. */
};

struct feed_ops {
    const char *name; /* "events" */
    int period_ms;
    size_t pending_max; /* Bytes a client may leave untaken. */
    /* A client as it wants it, zeroed but for the kind's own part. */
    struct feed_client *(*client_new)(struct feed *feed,
                                      const struct feed_want *want);
    void (*client_free)(struct feed *feed, struct feed_client *client);
    /* One turn for all clients. True: more is to be done at once. */
    bool (*turn)(struct feed *feed);
    void (*close)(struct feed *feed); /* Frees what `own` points to. */
};

enum { FEED_FIGURES = 4 };

struct feed {
    struct feeds *owner;
    const struct feed_ops *ops;
    struct store *store;
    struct arena *arena; /* Of one turn. */
    struct feed_client *clients;
    size_t client_count;
    /* Of the oldest commit that no turn has seen; 0: none woke this one. */
    utc_ms news_at;
    void *own;
    struct feed_thread *thread;
};

MUST_USE err_t feed_open(struct ctx *ctx, struct feeds *owner,
                         struct store *store, const struct feed_ops *ops,
                         struct feed **ret);
/* Ends all streams. Takes NULL. */
void feed_close(struct feed *feed);
/* The feed's from now on. */
void feed_add(struct feed *feed, struct feed_client *client);
/* A line of Prometheus text: clients, sent, bytes, cut. */
void feed_metrics(const struct feed *feed, int figure, struct buf *out);
/* In feeds.c: one stream less of that key. */
void feeds_leave(struct feeds *feeds, struct actor actor);

/* ---- for the kinds, within a turn ---- */

/* Runs fn in a snapshot; what it allocates stays until the turn ends. */
MUST_USE err_t feed_read(struct feed *feed, store_call_fn *fn, void *arg);
/* True if that many bytes more may wait for the client; keeps the time since
 * when they may not. */
bool feed_has_room(struct feed *feed, struct feed_client *client, size_t more);
void feed_send(struct feed *feed, struct feed_client *client,
               struct http_chunk *chunk);

extern const struct feed_ops event_feed_ops;
extern const struct feed_ops level_feed_ops;

#endif
