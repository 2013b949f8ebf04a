/* http_head.h - the strict reader of request heads, on plain bytes.
 *
 * Nothing reaches evhttp before it has passed here. http_scan() finds the end
 * of a head that arrives in pieces and refuses what is wrong as soon as it is
 * seen; http_head_parse() then reads the whole head. Both are pure, so that
 * they can be tested and fuzzed without a socket.
 */
#ifndef WHARF_NET_HTTP_HEAD_H
#define WHARF_NET_HTTP_HEAD_H

#include "base/base.h"
#include "net/route.h"

/* Why a request is refused before anybody looks at what it asks. */
enum http_refusal {
    REFUSE_NONE = 0,
    REFUSE_REQUEST_LINE,
    REFUSE_BARE_LF,
    REFUSE_BARE_CR,
    REFUSE_CONTROL_BYTE,
    REFUSE_FOLDING,
    REFUSE_HEADER_NAME,
    REFUSE_HEADER_REPEATED,
    REFUSE_HEAD_TOO_LARGE,
    REFUSE_TARGET,
    REFUSE_TARGET_TOO_LONG,
    REFUSE_METHOD,
    REFUSE_VERSION,
    REFUSE_HOST_MISSING,
    REFUSE_HOST,
    REFUSE_LENGTH,
    REFUSE_LENGTH_CONFLICT,
    REFUSE_LENGTH_WITH_CHUNKED,
    REFUSE_CHUNKED,
    REFUSE_LENGTH_MISSING,
    REFUSE_BODY_TOO_LARGE,
    REFUSE_BODY_UNEXPECTED,
    REFUSE_EXPECTATION,
    REFUSE_KEY,
    REFUSE_DENIED,
    REFUSE_TIMEOUT,
    REFUSE_CONNECTIONS,
    REFUSE_BYTES,
    REFUSE_CALLER_BYTES,
    REFUSE_COUNT
};

struct http_refusal_info {
    int status;
    const char *slug;
    const char *text;
};
const struct http_refusal_info *http_refusal_info(enum http_refusal refusal);

/* How far a head has been looked at; zeroed for each new request. */
struct http_scan {
    size_t scanned;    /* Bytes before it need no second look. */
    size_t line_start; /* Of the line not yet complete. */
    bool has_line;     /* The request line is complete. */
    bool has_blank;    /* One empty line before it was forgiven. */
};

/* ptr always begins at the request's first byte. *ret_len is 0 while more is
 * needed, else the length of the head with its empty line. */
enum http_refusal http_scan(struct http_scan *scan, const char *ptr, size_t len,
                            size_t *ret_len);

/* A part of the head; len 0 where the header is missing. */
struct http_slice {
    uint16_t at, len;
};

struct http_head {
    enum http_method method; /* HEAD reads as GET with is_head. */
    bool is_head;
    bool is_close;     /* No further request on this connection. */
    bool is_expecting; /* Wants 100 Continue before it sends the body. */
    bool has_length;
    int64_t length;                /* Of the body; 0 without Content-Length. */
    struct http_slice path, query; /* Query without its '?'. */
    struct http_slice authorization, content_type, content_encoding;
    struct http_slice idem_key, request_id;
    struct http_slice hook_id, hook_timestamp, hook_signature; /* Webhooks. */
    struct http_slice host, cookie, csrf, origin, last_event_id, accept;
    struct http_slice accept_encoding, if_none_match;
    struct http_slice forwarded_for, forwarded_proto; /* The last of each. */
};

/* Reads a head that http_scan() found complete. */
enum http_refusal http_head_parse(const char *ptr, size_t len,
                                  struct http_head *ret);
str http_slice_str(const char *ptr, struct http_slice slice);

#endif
