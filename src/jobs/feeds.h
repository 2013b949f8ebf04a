/* feeds.h - the streams of one store: the log, and what may be sold.
 *
 * A request for a stream whose route has said what it wants becomes a client
 * of the feed that knows how to serve it.
 */
#ifndef WHARF_JOBS_FEEDS_H
#define WHARF_JOBS_FEEDS_H

#include "base/base.h"

struct buf;
struct feeds;
struct http_exchange;
struct store;

/* The store has started. */
MUST_USE err_t feeds_open(struct ctx *ctx, struct store *store,
                          struct feeds **ret);
/* Ends all streams and threads, before the store closes; what the store still
 * finishes may call feeds_take() until then. Takes NULL, as does feeds_close,
 * after the store. */
void feeds_stop(struct feeds *feeds);
void feeds_close(struct feeds *feeds);
/* Answers the exchange: its request's cmd is a struct feed_want. Any thread;
 * 429 where its key has too many streams. */
void feeds_take(struct feeds *feeds, struct http_exchange *exchange);
/* Streams there are now. */
size_t feeds_count(const struct feeds *feeds);
/* Prometheus text: wharf_feed_clients, _sent_total, _bytes_total, _cut_total.
 */
void feeds_metrics(const struct feeds *feeds, struct buf *out);

#endif
