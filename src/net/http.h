/* http.h - the HTTP/1.1 front: N event loops over evhttp, hardened.
 *
 * It knows routes and requests, nothing of stores: a parsed, authorized
 * request is handed to `dispatch`, which answers later, from any thread, with
 * http_reply(). Strict framing, limits and deadlines are kept here; /healthz,
 * /readyz, /metrics, /openapi.yaml and the files of a site are answered here.
 * See docs/http.md.
 */
#ifndef WHARF_NET_HTTP_H
#define WHARF_NET_HTTP_H

#include "base/base.h"
#include "net/route.h"

struct http_server;
struct http_exchange; /* One request and its deferred reply. */

/* Who calls, as found by the auth function. */
struct http_identity {
    unsigned perms;
    int64_t rate_per_s, burst; /* The caller's own limit; 0: the server's. */
    void *tenant;              /* Goes to request.tenant. */
    bool is_unsure; /* Nobody could be asked yet: the dispatcher asks again. */
};
/* Sets the actor and *ret from what the caller shows; no I/O that waits. Is
 * called for every route but the server's own open ones; for a large body
 * before it is read and again when it is there. Fails with
 * ERR_UNAUTHENTICATED, ERR_DENIED (CSRF) or ERR_BUSY. */
typedef err_t http_auth_fn(void *arg, struct ctx *ctx,
                           const struct http_caller *caller,
                           struct http_identity *ret);
/* Takes over the exchange; http_reply() must follow exactly once, even when
 * the client has gone. */
typedef void http_dispatch_fn(void *arg, struct http_exchange *exchange);
/* Appends Prometheus text. */
typedef void http_metrics_fn(void *arg, struct buf *out);
typedef bool http_ready_fn(void *arg);

/* A file of the site that is built in, in two codings of one content. */
struct http_file {
    const char *path;  /* "/assets/app-3f2a.js" */
    const char *type;  /* Content-Type. */
    const char *etag;  /* With its quotes. */
    bool is_page;      /* Answers for all below its path; "/" for the rest. */
    bool is_immutable; /* Its name changes with its content. */
    size_t size;       /* Of the content. */
    str brotli, gzip;
};
struct http_site {
    const struct http_file *at;
    size_t count;
};

struct http_config {
    const char *address; /* "127.0.0.1" */
    int port;            /* 0: any; http_port() tells. */
    /* Whose X-Forwarded-For and -Proto are believed; NULL: nobody's. */
    const char *proxy;
    int threads;         /* 1 to 16. */
    int connections_max; /* Over all threads. */
    int64_t bytes_max;   /* Of bodies in memory, over all callers. */
    int rate_per_s;      /* Requests of a caller without a limit; 0: none. */
    int burst;           /* 0: as rate_per_s. */
    int header_timeout_ms, request_timeout_ms, idle_timeout_ms;
    int streams_max;     /* Over all threads; of connections_max. */
    int stream_beat_ms;  /* How often the caller is looked at again. */
    int stream_quiet_ms; /* Silence after which a comment is sent. */
    int stream_stall_ms; /* A client that takes nothing so long is cut. */
    const struct route_list *const *routes; /* NULL-ended. */
    http_auth_fn *auth;
    http_dispatch_fn *dispatch;
    http_metrics_fn *metrics;
    http_ready_fn *ready;
    str contract; /* Served as /openapi.yaml if set; outlives the server. */
    const struct http_site *site; /* NULL: none. */
    void *arg;
};
/* Loopback, port 8080, one thread per core, limits for a busy shop. */
void http_config_init(struct http_config *config);

MUST_USE err_t http_open(struct ctx *ctx, const struct http_config *config,
                         struct http_server **ret);
int http_port(const struct http_server *server);
/* Stops accepting, finishes what was accepted (at most timeout_ms), joins.
 * Takes NULL. */
void http_close(struct http_server *server, int timeout_ms);

struct request *http_request(struct http_exchange *exchange);
/* err OK: sends req->status and the buffer of req->reply. Else problem+json
 * from req->ctx->err; the text of a 5xx goes to the log only. Any thread; the
 * exchange is gone afterwards. Replies that pile up before a loop has taken
 * them wake it once. Still allowed after http_close(): then it only frees. */
void http_reply(struct http_exchange *exchange, err_t err, bool is_replay);
/* Where the dispatcher may keep its own words for this exchange. */
void *http_exchange_space(struct http_exchange *exchange, size_t size);

#endif
