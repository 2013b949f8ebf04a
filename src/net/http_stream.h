/* http_stream.h - a reply that does not end: server-sent events.
 *
 * A stream is made of an exchange whose request was good; from then on its
 * connection only writes. Whoever feeds it hands over chunks, from any thread,
 * and is never blocked: what the client has not taken yet is counted, and the
 * feeder decides what to leave out. Here a stream gets its heartbeat, is ended
 * when its client takes nothing for too long, and when the auth function would
 * not let its caller in any more.
 */
#ifndef WHARF_NET_HTTP_STREAM_H
#define WHARF_NET_HTTP_STREAM_H

#include "base/base.h"

struct http_exchange;
struct http_stream;

/* Bytes that many streams send; counted, freed with the last of them. */
struct http_chunk;
struct http_chunk *http_chunk_new(str bytes); /* Copies. */
size_t http_chunk_len(const struct http_chunk *chunk);
void http_chunk_release(struct http_chunk *chunk); /* Takes NULL. */

/* Takes the exchange over, in place of http_reply(). The stream is the caller's
 * until http_stream_release(). */
struct http_stream *http_stream_open(struct http_exchange *exchange);
/* Sends the head, once, before anything else: with it the client knows that it
 * will see what happens from now on. */
void http_stream_begin(struct http_stream *stream);
void http_stream_release(struct http_stream *stream);

/* Sends, behind what was sent before. The chunk stays the caller's. */
void http_stream_send(struct http_stream *stream, struct http_chunk *chunk);
/* Sends, and closes when that is written. */
void http_stream_end(struct http_stream *stream, struct http_chunk *chunk);
/* Bytes sent which the client's socket has not taken. */
size_t http_stream_pending(const struct http_stream *stream);
/* True once its connection is gone; then nothing is sent any more. */
bool http_stream_is_gone(const struct http_stream *stream);

#endif
