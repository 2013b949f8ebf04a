/* client.h - HTTP calls to the outside, many at once, from one thread.
 *
 * Each call has a time limit and a small ceiling for its answer. Redirects are
 * not followed, proxies of the environment and cookies not used. Whom it may
 * reach is decided by the address it really connects to, so a name that
 * resolves to an address inside, or changes while we look, reaches nobody.
 */
#ifndef WHARF_NET_CLIENT_H
#define WHARF_NET_CLIENT_H

#include "base/base.h"

struct http_client;

/* Whom we may call though the address is not public, by the name in the URL:
 * "host", "host:port" or "[::1]:8080". Lives as long as its clients. */
struct call_guard {
    const str *allowed;
    size_t count;
};
/* NULL, or what is wrong with that word. */
const char *call_guard_check(str allowed);

enum call_error {
    CALL_OK = 0,  /* There is a status. */
    CALL_URL,     /* Not a URL we call, or a port we do not. */
    CALL_NAME,    /* The name does not resolve. */
    CALL_ADDRESS, /* It resolves to an address that is not public. */
    CALL_CONNECT, /* Nobody listens there, or no way leads there. */
    CALL_TLS,     /* No trust in its certificate, or no TLS at all. */
    CALL_TIMEOUT, /* Not done in time. */
    CALL_BROKEN   /* It closed or talked nonsense. */
};
const char *call_error_name(enum call_error error); /* "address_not_allowed" */

enum { CALL_HEADERS_MAX = 8 };

struct buf;

/* One call. The caller keeps it, and what it points to, until done(). */
struct http_call {
    const char *method; /* NULL: POST. */
    const char *url;
    const char *headers[CALL_HEADERS_MAX]; /* "Name: value"; NULL ends them. */
    str body;
    int timeout_ms;
    void (*done)(struct http_call *call); /* On the thread that polls. */
    void *arg;
    /* Gets all of the answer, up to its ceiling; NULL: nobody asks. What
     * did not fit makes it full. */
    struct buf *answer;
    /* What came of it: */
    enum call_error error;
    int status;            /* 0 without an answer. */
    int64_t retry_after_s; /* As the answer asked; 0: it did not. */
    int64_t duration_ms;
    /* The client's own. */
    size_t head_len;
    struct http_client *client;
    void *easy, *list;
    bool is_inside, is_allowed;
    int64_t begun_ns;
    struct http_call *next, *prev;
};

MUST_USE err_t http_client_open(struct ctx *ctx, const struct call_guard *guard,
                                struct http_client **ret);
/* Ends what is under way without done(). Takes NULL. */
void http_client_close(struct http_client *client);
/* Begins; done() comes from a poll, also where it cannot begin. */
void http_client_start(struct http_client *client, struct http_call *call);
/* Works for at most timeout_ms, less where something was done or woken. */
void http_client_poll(struct http_client *client, int timeout_ms);
/* Ends a poll early; any thread. */
void http_client_wake(struct http_client *client);

#endif
