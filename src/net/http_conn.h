/* http_conn.h - one connection: the gate before evhttp; private to src/net.
 *
 * A connection passes through phases, each with a time limit, and is either
 * ours (its bytes are being checked) or evhttp's (a checked request is being
 * answered).
 */
#ifndef WHARF_NET_HTTP_CONN_H
#define WHARF_NET_HTTP_CONN_H

#include <event2/bufferevent.h>
#include <event2/http.h>
#include <sys/queue.h>

#include "base/base.h"
#include "net/http_head.h"

struct http_exchange;
struct http_loop;

enum conn_phase {
    PHASE_HEAD = 0, /* Accepted, or a head has begun. */
    PHASE_IDLE,     /* Kept alive between two requests. */
    PHASE_BODY,     /* The head was good; the body is coming. */
    PHASE_PENDING,  /* An exchange is at work; no limit here. */
    PHASE_REPLY,    /* The reply is being written. */
    PHASE_STREAM,   /* A reply without an end; each limit is a beat. */
    PHASE_LINGER,   /* Refused; reading on so that the answer is read. */
    PHASE_COUNT
};

TAILQ_HEAD(conn_list, http_conn);

struct http_conn {
    struct http_loop *loop;
    struct bufferevent *bev;
    struct evhttp_connection *evcon; /* NULL until adopted. */
    bufferevent_data_cb on_read;     /* evhttp's own three. */
    bufferevent_data_cb on_write;
    bufferevent_event_cb on_event;
    struct evbuffer_cb_entry *input_cb;
    struct evbuffer *held; /* Requests behind the one at work, or NULL. */
    struct evhttp_request *evreq;   /* In PENDING. */
    struct http_exchange *exchange; /* In PENDING. */
    struct http_stream *stream;     /* In STREAM. */
    enum conn_phase phase;
    int64_t deadline_ms;
    bool is_ours;
    bool is_waking; /* In the loop's list `waking`. */
    bool is_eof;    /* In LINGER: nothing more will come. */
    struct http_scan scan;
    struct http_head head;
    char peer[48];   /* Its address, once asked for. */
    char client[48]; /* Whom the proxy speaks for, of this request. */
    uint64_t caller; /* Whose account `charged` bytes are on. */
    int64_t charged; /* Of a large body that is coming. */
    size_t head_len; /* 0: not complete. */
    size_t lingered; /* In LINGER and STREAM: bytes read and dropped. */
    TAILQ_ENTRY(http_conn) in_phase;
    TAILQ_ENTRY(http_conn) in_waking;
};

/* For evhttp_set_bevcb and _gencb; arg is the loop. */
struct bufferevent *conn_open(struct event_base *base, void *arg);
/* What the request at `ptr` shows of its sender; its `peer` lives as long as
 * the connection. */
struct http_caller conn_caller(struct http_conn *conn, const char *ptr);
void conn_wake_all(struct http_loop *loop);
void conn_on_request(struct evhttp_request *evreq, void *arg);
/* Sends the reply of the exchange at work; the connection may be gone then. */
void conn_send(struct http_conn *conn, str head, str body, bool is_close);
void conn_set_phase(struct http_conn *conn, enum conn_phase phase);
void conn_expire(struct http_conn *conn);
void conn_close(struct http_conn *conn);

#endif
