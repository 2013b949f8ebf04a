/* http_head.c - request heads: where they end, what they say, what is refused.
 *
 * Stricter than RFC 9112 asks wherever two readers of the same bytes could
 * disagree, because that is what request smuggling lives on.
 */
#include "net/http_head.h"

#include <assert.h>
#include <strings.h>

#include "base/str.h"

static_assert(LIMIT_HEADER_BYTES <= UINT16_MAX, "slices are 16 bits");

/* clang-format off */
static const struct http_refusal_info infos[] = {
    [REFUSE_NONE] = {200, "",
        ""},
    [REFUSE_REQUEST_LINE] = {400, "request_line_invalid",
        "the request line must be METHOD TARGET HTTP/1.1"},
    [REFUSE_BARE_LF] = {400, "bare_lf",
        "lines end with CR LF"},
    [REFUSE_BARE_CR] = {400, "bare_cr",
        "CR stands only before LF"},
    [REFUSE_CONTROL_BYTE] = {400, "control_byte",
        "control bytes are not allowed in the head"},
    [REFUSE_FOLDING] = {400, "obsolete_folding",
        "a header may not go on in the next line"},
    [REFUSE_HEADER_NAME] = {400, "header_name_invalid",
        "a header is a name, a colon and a value"},
    [REFUSE_HEADER_REPEATED] = {400, "header_repeated",
        "this header may stand only once"},
    [REFUSE_HEAD_TOO_LARGE] = {431, "header_too_large",
        "the head is over 16 KiB"},
    [REFUSE_TARGET] = {400, "target_invalid",
        "the target must be a path with an optional query"},
    [REFUSE_TARGET_TOO_LONG] = {414, "target_too_long",
        "the target is over 4096 bytes"},
    [REFUSE_METHOD] = {501, "method_unknown",
        "GET, HEAD, POST, PUT, PATCH and DELETE are known"},
    [REFUSE_VERSION] = {505, "version_unsupported",
        "HTTP/1.1 and HTTP/1.0 are spoken here"},
    [REFUSE_HOST_MISSING] = {400, "host_missing",
        "HTTP/1.1 needs a Host"},
    [REFUSE_HOST] = {400, "host_invalid",
        "exactly one valid Host is needed"},
    [REFUSE_LENGTH] = {400, "content_length_invalid",
        "Content-Length must be a decimal number"},
    [REFUSE_LENGTH_CONFLICT] = {400, "content_length_conflict",
        "Content-Length may stand only once"},
    [REFUSE_LENGTH_WITH_CHUNKED] = {400, "length_with_chunked",
        "Content-Length and Transfer-Encoding exclude each other"},
    [REFUSE_CHUNKED] = {411, "chunked_not_accepted",
        "send the body with a Content-Length"},
    [REFUSE_LENGTH_MISSING] = {411, "length_required",
        "this method needs a Content-Length"},
    [REFUSE_BODY_TOO_LARGE] = {413, "body_too_large",
        "the body is over the limit of this path"},
    [REFUSE_BODY_UNEXPECTED] = {400, "body_not_allowed",
        "this method takes no body"},
    [REFUSE_EXPECTATION] = {417, "expectation_failed",
        "only 100-continue can be expected"},
    [REFUSE_KEY] = {401, "unauthenticated",
        "a body of this size needs a good API key"},
    [REFUSE_DENIED] = {403, "denied",
        "this caller is let in nowhere; a small body is told why"},
    [REFUSE_TIMEOUT] = {408, "request_timeout",
        "the request did not arrive in time"},
    [REFUSE_CONNECTIONS] = {503, "too_many_connections",
        "all connections are taken; try again"},
    [REFUSE_BYTES] = {503, "too_many_bytes",
        "too many bodies are under way; try again"},
    [REFUSE_CALLER_BYTES] = {429, "bytes_limited",
        "this caller has too many bodies under way; wait for answers"},
};
/* clang-format on */
static_assert(COUNT_OF(infos) == REFUSE_COUNT, "every refusal has its words");

const struct http_refusal_info *http_refusal_info(enum http_refusal refusal)
{
    ASSERT(refusal > REFUSE_NONE && refusal < REFUSE_COUNT);
    return &infos[refusal];
}

str http_slice_str(const char *ptr, struct http_slice slice)
{
    return (str){ptr + slice.at, slice.len};
}

/* ---- where it ends ---- */

/* What can be told of a line, complete or not. */
static enum http_refusal check_line(const struct http_scan *scan,
                                    const char *line, size_t len)
{
    if (len && memchr(line, '\r', len))
        return REFUSE_BARE_CR;
    if (len && memchr(line, '\0', len))
        return REFUSE_CONTROL_BYTE;
    /* 32: the method, the version and the spaces. */
    if (!scan->has_line && len > LIMIT_TARGET_BYTES + 32)
        return REFUSE_TARGET_TOO_LONG;
    return REFUSE_NONE;
}

/* The line from line_start to the LF at `lf` is complete. */
static enum http_refusal end_line(struct http_scan *scan, const char *ptr,
                                  size_t lf, size_t *ret_len)
{
    if (lf == scan->line_start || ptr[lf - 1] != '\r')
        return REFUSE_BARE_LF;
    size_t len = lf - 1 - scan->line_start;
    enum http_refusal refusal = check_line(scan, ptr + scan->line_start, len);
    if (refusal != REFUSE_NONE)
        return refusal;
    if (len == 0 && scan->has_line) {
        *ret_len = lf + 1;
    } else if (len == 0) {
        /* Old clients send one line too many after a body. */
        if (scan->has_blank)
            return REFUSE_REQUEST_LINE;
        scan->has_blank = true;
    } else {
        scan->has_line = true;
    }
    scan->line_start = lf + 1;
    scan->scanned = lf + 1;
    return REFUSE_NONE;
}

/* The rest is a line that is not complete; its last byte may be the CR. */
static enum http_refusal check_rest(const struct http_scan *scan,
                                    const char *ptr, size_t len)
{
    size_t rest = len - scan->line_start;
    enum http_refusal refusal = REFUSE_NONE;
    if (rest)
        refusal = check_line(scan, ptr + scan->line_start,
                             rest - (ptr[len - 1] == '\r'));
    if (refusal == REFUSE_NONE && len >= LIMIT_HEADER_BYTES)
        return REFUSE_HEAD_TOO_LARGE;
    return refusal;
}

enum http_refusal http_scan(struct http_scan *scan, const char *ptr, size_t len,
                            size_t *ret_len)
{
    *ret_len = 0;
    if (len > LIMIT_HEADER_BYTES)
        len = LIMIT_HEADER_BYTES;
    while (scan->scanned < len) {
        const char *lf = memchr(ptr + scan->scanned, '\n', len - scan->scanned);
        if (!lf)
            break;
        enum http_refusal refusal =
            end_line(scan, ptr, (size_t)(lf - ptr), ret_len);
        if (refusal != REFUSE_NONE || *ret_len)
            return refusal;
    }
    scan->scanned = len;
    return check_rest(scan, ptr, len);
}

/* ---- what it says ---- */

enum header_id {
    HEADER_OTHER = 0,
    HEADER_HOST,
    HEADER_EXPECT,
    HEADER_CONNECTION,
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_TYPE,
    HEADER_CONTENT_LENGTH,
    HEADER_CONTENT_ENCODING,
    HEADER_TRANSFER_ENCODING,
    HEADER_IDEMPOTENCY_KEY,
    HEADER_REQUEST_ID,
    HEADER_COOKIE,
    HEADER_CSRF,
    HEADER_ORIGIN,
    HEADER_LAST_EVENT_ID,
    HEADER_ACCEPT,
    HEADER_ACCEPT_ENCODING,
    HEADER_IF_NONE_MATCH,
    HEADER_FORWARDED_FOR,
    HEADER_FORWARDED_PROTO,
    HEADER_HOOK_ID,
    HEADER_HOOK_TIMESTAMP,
    HEADER_HOOK_SIGNATURE
};

static const struct {
    str name;
    enum header_id id;
} headers[] = {
    {{"host", 4},               HEADER_HOST             },
    {{"content-type", 12},      HEADER_CONTENT_TYPE     },
    {{"content-length", 14},    HEADER_CONTENT_LENGTH   },
    {{"authorization", 13},     HEADER_AUTHORIZATION    },
    {{"idempotency-key", 15},   HEADER_IDEMPOTENCY_KEY  },
    {{"connection", 10},        HEADER_CONNECTION       },
    {{"expect", 6},             HEADER_EXPECT           },
    {{"x-request-id", 12},      HEADER_REQUEST_ID       },
    {{"content-encoding", 16},  HEADER_CONTENT_ENCODING },
    {{"transfer-encoding", 17}, HEADER_TRANSFER_ENCODING},
    {{"cookie", 6},             HEADER_COOKIE           },
    {{"x-csrf-token", 12},      HEADER_CSRF             },
    {{"origin", 6},             HEADER_ORIGIN           },
    {{"last-event-id", 13},     HEADER_LAST_EVENT_ID    },
    {{"accept", 6},             HEADER_ACCEPT           },
    {{"accept-encoding", 15},   HEADER_ACCEPT_ENCODING  },
    {{"if-none-match", 13},     HEADER_IF_NONE_MATCH    },
    {{"x-forwarded-for", 15},   HEADER_FORWARDED_FOR    },
    {{"x-forwarded-proto", 17}, HEADER_FORWARDED_PROTO  },
    {{"webhook-id", 10},        HEADER_HOOK_ID          },
    {{"webhook-timestamp", 17}, HEADER_HOOK_TIMESTAMP   },
    {{"webhook-signature", 17}, HEADER_HOOK_SIGNATURE   },
};

struct reading {
    const char *ptr; /* The whole head. */
    struct http_head head;
    unsigned seen; /* Bits of header_id. */
    int minor;
    bool is_keep_alive;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 9110 `tchar`: what names and methods are made of. */
static bool is_token_char(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c))
        return true;
    return c != '\0' && strchr("-_!#$%&'*+.^`|~", c) != NULL;
}

static bool is_token(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

static bool equal_case(str a, str b)
{
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static struct http_slice slice_of(const struct reading *in, str part)
{
    return (struct http_slice){(uint16_t)(part.ptr - in->ptr),
                               (uint16_t)part.len};
}

static enum http_refusal read_method(struct reading *in, str word)
{
    static const struct {
        str name;
        enum http_method method;
    } methods[] = {
        {{"GET", 3},    HTTP_GET   },
        {{"POST", 4},   HTTP_POST  },
        {{"PUT", 3},    HTTP_PUT   },
        {{"PATCH", 5},  HTTP_PATCH },
        {{"HEAD", 4},   HTTP_GET   },
        {{"DELETE", 6}, HTTP_DELETE},
    };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (str_equal(word, methods[i].name)) {
            in->head.method = methods[i].method;
            in->head.is_head = word.ptr[0] == 'H';
            return REFUSE_NONE;
        }
    }
    return REFUSE_METHOD;
}

/* Only a path: no scheme, no authority, no '*', no fragment. */
static enum http_refusal read_target(struct reading *in, str target)
{
    if (target.len > LIMIT_TARGET_BYTES)
        return REFUSE_TARGET_TOO_LONG;
    if (target.len == 0 || target.ptr[0] != '/')
        return REFUSE_TARGET;
    if (target.len > 1 && target.ptr[1] == '/')
        return REFUSE_TARGET;
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.ptr[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"#<>\\^`{|}", c))
            return REFUSE_TARGET;
    }
    str query;
    str path = str_split(target, '?', &query);
    in->head.path = slice_of(in, path);
    if (path.len < target.len)
        in->head.query = slice_of(in, query);
    return REFUSE_NONE;
}

static enum http_refusal read_version(struct reading *in, str word)
{
    if (word.len != 8 || !str_starts(word, STR("HTTP/")) ||
        !is_digit(word.ptr[5]) || word.ptr[6] != '.' || !is_digit(word.ptr[7]))
        return REFUSE_REQUEST_LINE;
    if (word.ptr[5] != '1' || word.ptr[7] > '1')
        return REFUSE_VERSION;
    in->minor = word.ptr[7] - '0';
    return REFUSE_NONE;
}

static enum http_refusal read_request_line(struct reading *in, str line)
{
    if (has_control(line) || memchr(line.ptr, '\t', line.len))
        return REFUSE_CONTROL_BYTE;
    str rest;
    str method = str_split(line, ' ', &rest);
    str version;
    str target = str_split(rest, ' ', &version);
    if (!is_token(method) || target.len == 0)
        return REFUSE_REQUEST_LINE;
    enum http_refusal refusal = read_version(in, version);
    if (refusal == REFUSE_NONE)
        refusal = read_method(in, method);
    if (refusal == REFUSE_NONE)
        refusal = read_target(in, target);
    return refusal;
}

static enum http_refusal read_host(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!is_token_char(c) && !strchr(":[]()=;", c))
            return REFUSE_HOST;
    }
    return REFUSE_NONE;
}

static enum http_refusal read_length(struct reading *in, str value)
{
    if (value.len && memchr(value.ptr, ',', value.len))
        return REFUSE_LENGTH_CONFLICT;
    if (value.len == 0 || value.len > 18)
        return REFUSE_LENGTH;
    int64_t length = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (!is_digit(value.ptr[i]))
            return REFUSE_LENGTH;
        length = length * 10 + (value.ptr[i] - '0');
    }
    in->head.has_length = true;
    in->head.length = length;
    return REFUSE_NONE;
}

static void read_connection(struct reading *in, str value)
{
    while (value.len) {
        str rest;
        str option = str_trim(str_split(value, ',', &rest));
        if (equal_case(option, STR("close")))
            in->head.is_close = true;
        if (equal_case(option, STR("keep-alive")))
            in->is_keep_alive = true;
        value = rest;
    }
}

static enum http_refusal read_value(struct reading *in, enum header_id id,
                                    str value)
{
    struct http_head *head = &in->head;
    switch (id) {
    case HEADER_HOST: head->host = slice_of(in, value); return read_host(value);
    case HEADER_CONTENT_LENGTH: return read_length(in, value);
    case HEADER_EXPECT:
        head->is_expecting = true;
        return equal_case(value, STR("100-continue")) ? REFUSE_NONE
                                                      : REFUSE_EXPECTATION;
    case HEADER_CONNECTION: read_connection(in, value); break;
    case HEADER_AUTHORIZATION: head->authorization = slice_of(in, value); break;
    case HEADER_CONTENT_TYPE: head->content_type = slice_of(in, value); break;
    case HEADER_CONTENT_ENCODING:
        head->content_encoding = slice_of(in, value);
        break;
    case HEADER_IDEMPOTENCY_KEY: head->idem_key = slice_of(in, value); break;
    case HEADER_REQUEST_ID: head->request_id = slice_of(in, value); break;
    case HEADER_COOKIE: head->cookie = slice_of(in, value); break;
    case HEADER_CSRF: head->csrf = slice_of(in, value); break;
    case HEADER_ORIGIN: head->origin = slice_of(in, value); break;
    case HEADER_LAST_EVENT_ID: head->last_event_id = slice_of(in, value); break;
    case HEADER_ACCEPT: head->accept = slice_of(in, value); break;
    case HEADER_ACCEPT_ENCODING:
        head->accept_encoding = slice_of(in, value);
        break;
    case HEADER_IF_NONE_MATCH: head->if_none_match = slice_of(in, value); break;
    case HEADER_HOOK_ID: head->hook_id = slice_of(in, value); break;
    case HEADER_HOOK_TIMESTAMP:
        head->hook_timestamp = slice_of(in, value);
        break;
    case HEADER_HOOK_SIGNATURE:
        head->hook_signature = slice_of(in, value);
        break;
    /* A client may send its own before the proxy's: the last one counts. */
    case HEADER_FORWARDED_FOR: head->forwarded_for = slice_of(in, value); break;
    case HEADER_FORWARDED_PROTO:
        head->forwarded_proto = slice_of(in, value);
        break;
    case HEADER_TRANSFER_ENCODING:
    case HEADER_OTHER: break;
    }
    return REFUSE_NONE;
}

static enum http_refusal refuse_repeated(enum header_id id)
{
    switch (id) {
    case HEADER_HOST: return REFUSE_HOST;
    case HEADER_CONTENT_LENGTH: return REFUSE_LENGTH_CONFLICT;
    case HEADER_AUTHORIZATION:
    case HEADER_CONTENT_TYPE:
    case HEADER_CONTENT_ENCODING:
    case HEADER_IDEMPOTENCY_KEY:
    case HEADER_REQUEST_ID:
    case HEADER_COOKIE:
    case HEADER_CSRF:
    case HEADER_ORIGIN:
    case HEADER_HOOK_ID:
    case HEADER_HOOK_TIMESTAMP:
    case HEADER_HOOK_SIGNATURE:
    case HEADER_LAST_EVENT_ID: return REFUSE_HEADER_REPEATED;
    case HEADER_EXPECT:
    case HEADER_CONNECTION:
    case HEADER_TRANSFER_ENCODING:
    case HEADER_ACCEPT:
    case HEADER_ACCEPT_ENCODING:
    case HEADER_IF_NONE_MATCH:
    case HEADER_FORWARDED_FOR:
    case HEADER_FORWARDED_PROTO:
    case HEADER_OTHER: break;
    }
    return REFUSE_NONE;
}

static enum header_id header_find(str name)
{
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        if (equal_case(name, headers[i].name))
            return headers[i].id;
    return HEADER_OTHER;
}

static enum http_refusal read_header(struct reading *in, str line)
{
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
        return REFUSE_FOLDING;
    if (has_control(line))
        return REFUSE_CONTROL_BYTE;
    str value;
    str name = str_split(line, ':', &value);
    if (name.len == line.len || !is_token(name))
        return REFUSE_HEADER_NAME;
    enum header_id id = header_find(name);
    if (id == HEADER_OTHER)
        return REFUSE_NONE;
    unsigned bit = 1u << id;
    if (in->seen & bit) {
        enum http_refusal refusal = refuse_repeated(id);
        if (refusal != REFUSE_NONE)
            return refusal;
    }
    in->seen |= bit;
    return read_value(in, id, str_trim(value));
}

/* What only the whole head can tell. */
static enum http_refusal check_whole(struct reading *in)
{
    struct http_head *head = &in->head;
    bool is_chunked = in->seen & 1u << HEADER_TRANSFER_ENCODING;
    if (is_chunked && head->has_length)
        return REFUSE_LENGTH_WITH_CHUNKED;
    if (is_chunked)
        return REFUSE_CHUNKED;
    if (in->minor == 1 && !(in->seen & 1u << HEADER_HOST))
        return REFUSE_HOST_MISSING;
    if (head->method == HTTP_GET && head->length > 0)
        return REFUSE_BODY_UNEXPECTED;
    if (head->method != HTTP_GET && head->method != HTTP_DELETE &&
        !head->has_length)
        return REFUSE_LENGTH_MISSING;
    if (in->minor == 0) {
        head->is_close = head->is_close || !in->is_keep_alive;
        head->is_expecting = false;
    }
    return REFUSE_NONE;
}

/* The next line without its CR LF; http_scan() has seen that it has one. */
static str next_line(const char *ptr, size_t len, size_t *at)
{
    const char *lf = memchr(ptr + *at, '\n', len - *at);
    ASSERT(lf != NULL && lf > ptr + *at);
    str line = {ptr + *at, (size_t)(lf - ptr) - 1 - *at};
    *at = (size_t)(lf - ptr) + 1;
    return line;
}

enum http_refusal http_head_parse(const char *ptr, size_t len,
                                  struct http_head *ret)
{
    ASSERT(len <= LIMIT_HEADER_BYTES);
    struct reading in = {.ptr = ptr};
    size_t at = 0;
    str line = next_line(ptr, len, &at);
    if (line.len == 0)
        line = next_line(ptr, len, &at);
    enum http_refusal refusal = read_request_line(&in, line);
    while (refusal == REFUSE_NONE) {
        line = next_line(ptr, len, &at);
        if (line.len == 0)
            break;
        refusal = read_header(&in, line);
    }
    if (refusal == REFUSE_NONE)
        refusal = check_whole(&in);
    if (refusal == REFUSE_NONE)
        *ret = in.head;
    return refusal;
}
