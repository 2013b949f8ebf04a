/* client.c - calls over libcurl's multi interface, behind the address guard. */
#include "net/client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"

enum {
    CONNECT_MS = 5000,
    ANSWER_MAX = 64 * 1024, /* What of an answer is read at all. */
    ANSWER_HEAD_MAX = 64 * 1024,
    KEPT_CONNECTIONS = 64,
    RETRY_AFTER_MAX_S = 24 * 60 * 60
};

struct http_client {
    CURLM *multi;
    const struct call_guard *guard;
    struct http_call *calls;  /* Under way. */
    struct http_call *failed; /* Could not begin; told by the next poll. */
};

/* ---- whom we may call ---- */

/* "host:port" or "host" as host and port; port 0: any. */
static bool split_allowed(str word, str *ret_host, int *ret_port)
{
    int64_t port = 0;
    size_t len = word.len;
    bool is_bracket = len > 0 && word.ptr[0] == '[';
    if (is_bracket) {
        const char *end = memchr(word.ptr, ']', word.len);
        if (!end)
            return false;
        len = (size_t)(end - word.ptr) + 1;
        *ret_host = (str){word.ptr + 1, len - 2};
    } else {
        const char *colon = memchr(word.ptr, ':', word.len);
        len = colon ? (size_t)(colon - word.ptr) : word.len;
        *ret_host = (str){word.ptr, len};
    }
    if (ret_host->len == 0)
        return false;
    if (len < word.len &&
        (word.ptr[len] != ':' ||
         !str_to_i64((str){word.ptr + len + 1, word.len - len - 1}, &port) ||
         port < 1 || port > 65535))
        return false;
    *ret_port = (int)port;
    return true;
}

const char *call_guard_check(str allowed)
{
    str host;
    int port;
    return split_allowed(allowed, &host, &port)
               ? NULL
               : "must be HOST or HOST:PORT, as 127.0.0.1:8080";
}

static bool guard_allows(const struct call_guard *guard, const struct url *url)
{
    for (size_t i = 0; i < guard->count; i++) {
        str host;
        int port;
        if (split_allowed(guard->allowed[i], &host, &port) &&
            host.len == url->host.len &&
            strncasecmp(host.ptr, url->host.ptr, host.len) == 0 &&
            (port == 0 || port == url->port))
            return true;
    }
    return false;
}

/* Well-known ports belong to other services, which a POST could upset. */
static bool is_sane_port(int port)
{
    return port == 80 || port == 443 || port >= 1024;
}

static bool is_public(const struct curl_sockaddr *to)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    if (to->addrlen > sizeof at)
        return false;
    memset(&at, 0, sizeof at);
    memcpy(&at, &to->addr, to->addrlen);
    if (to->family == AF_INET)
        return address_is_public4((const unsigned char *)&at.v4.sin_addr);
    if (to->family == AF_INET6)
        return address_is_public6((const unsigned char *)&at.v6.sin6_addr);
    return false;
}

/* Called for each address that curl is about to connect to. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose,
                               struct curl_sockaddr *to)
{
    struct http_call *call = arg;
    (void)purpose;
    if (!call->is_allowed && !is_public(to)) {
        call->is_inside = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- one call ---- */

/* What else an answer says is kept where somebody wants to know it. */
static size_t on_body(char *bytes, size_t one, size_t len, void *arg)
{
    struct http_call *call = arg;
    (void)one;
    if (call->answer)
        buf_add(call->answer, bytes, len);
    return len;
}

static size_t on_header(char *bytes, size_t one, size_t len, void *arg)
{
    static const char name[] = "retry-after:";
    struct http_call *call = arg;
    int64_t seconds;
    (void)one;
    call->head_len += len;
    if (call->head_len > ANSWER_HEAD_MAX)
        return 0; /* curl would keep it all. */
    if (len > sizeof name - 1 &&
        strncasecmp(bytes, name, sizeof name - 1) == 0) {
        str value =
            str_trim((str){bytes + sizeof name - 1, len - (sizeof name - 1)});
        time_t at = -1;
        if (!str_to_i64(value, &seconds)) {
            char text[64];
            snprintf(text, sizeof text, "%.*s", STR_ARG(value));
            at = curl_getdate(text, NULL);
            seconds = at < 0 ? 0 : (int64_t)at - clock_now() / 1000;
        }
        if (seconds < 0)
            seconds = 0;
        call->retry_after_s =
            seconds > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : seconds;
    }
    return len;
}

/* More than we want to read: what we know of it stays. */
static int on_progress(void *arg, curl_off_t total, curl_off_t now,
                       curl_off_t up_total, curl_off_t up)
{
    const struct http_call *call = arg;
    (void)total, (void)up_total, (void)up;
    return now >
           (curl_off_t)(call->answer ? call->answer->max : (size_t)ANSWER_MAX);
}

/* A second line would be a header of its own. */
static bool is_header(const char *text)
{
    return strpbrk(text, "\r\n") == NULL;
}

static bool add_headers(struct http_call *call)
{
    /* curl's own "Expect: 100-continue" would cost a round trip. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list && i < CALL_HEADERS_MAX && call->headers[i]; i++) {
        struct curl_slist *more =
            is_header(call->headers[i])
                ? curl_slist_append(list, call->headers[i])
                : NULL;
        if (!more) {
            curl_slist_free_all(list);
            return false;
        }
        list = more;
    }
    call->list = list;
    return list != NULL;
}

static bool set_limits(CURL *easy, const struct http_call *call)
{
    return !curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
           !curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(easy, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(easy, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
           !curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L) &&
           !curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                             CURL_HTTP_VERSION_1_1) &&
           !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                             (long)CONNECT_MS) &&
           !curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                             (long)call->timeout_ms) &&
           !curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) &&
           !curl_easy_setopt(easy, CURLOPT_XFERINFODATA, call);
}

/* A method without a body, as GET, takes none. */
static bool set_method(CURL *easy, const struct http_call *call)
{
    const char *method = call->method ? call->method : "POST";
    if (strcmp(method, "GET") == 0)
        return !curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return !curl_easy_setopt(easy, CURLOPT_POST, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body.ptr) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             (curl_off_t)call->body.len);
}

static bool set_up(CURL *easy, struct http_call *call)
{
    return set_limits(easy, call) && add_headers(call) &&
           !curl_easy_setopt(easy, CURLOPT_URL, call->url) &&
           set_method(easy, call) &&
           !curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->list) &&
           !curl_easy_setopt(easy, CURLOPT_PRIVATE, call) &&
           !curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket) &&
           !curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) &&
           !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) &&
           !curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
}

static enum call_error begin(struct http_client *client, struct http_call *call)
{
    struct url url;
    if (url_parse(str_from_cstr(call->url), &url))
        return CALL_URL;
    call->is_allowed = guard_allows(client->guard, &url);
    if (!call->is_allowed && !is_sane_port(url.port))
        return CALL_URL;
    call->easy = curl_easy_init();
    if (!call->easy || !set_up(call->easy, call) ||
        curl_multi_add_handle(client->multi, call->easy) != CURLM_OK)
        return CALL_BROKEN;
    return CALL_OK;
}

static void release(struct http_call *call)
{
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->list);
    call->easy = call->list = NULL;
}

void http_client_start(struct http_client *client, struct http_call *call)
{
    call->client = client;
    call->error = CALL_OK;
    call->status = 0;
    call->retry_after_s = 0;
    call->head_len = 0;
    call->is_inside = false;
    call->easy = call->list = NULL;
    call->prev = NULL;
    call->begun_ns = clock_mono_ns();
    call->error = begin(client, call);
    struct http_call **to =
        call->error == CALL_OK ? &client->calls : &client->failed;
    if (call->error != CALL_OK)
        release(call);
    call->next = *to;
    if (call->next)
        call->next->prev = call;
    *to = call;
}

/* ---- the end of a call ---- */

static enum call_error error_of(const struct http_call *call, CURLcode code)
{
    if (call->is_inside)
        return CALL_ADDRESS;
    /* An answer cut for its size, or by the other end, has its status. */
    if (code == CURLE_OK ||
        (code == CURLE_ABORTED_BY_CALLBACK && call->status != 0))
        return CALL_OK;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return CALL_TIMEOUT;
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return CALL_NAME;
    if (code == CURLE_COULDNT_CONNECT)
        return CALL_CONNECT;
    if (code == CURLE_SSL_CONNECT_ERROR ||
        code == CURLE_PEER_FAILED_VERIFICATION ||
        code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE)
        return CALL_TLS;
    return CALL_BROKEN;
}

const char *call_error_name(enum call_error error)
{
    switch (error) {
    case CALL_OK: return "";
    case CALL_URL: return "url_not_allowed";
    case CALL_NAME: return "name_not_found";
    case CALL_ADDRESS: return "address_not_allowed";
    case CALL_CONNECT: return "not_connected";
    case CALL_TLS: return "tls_failed";
    case CALL_TIMEOUT: return "timeout";
    case CALL_BROKEN: return "broken_answer";
    }
    UNREACHABLE("not a call error");
}

static void finish(struct http_client *client, CURL *easy, CURLcode code)
{
    struct http_call *call = NULL;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(client->multi, easy);
    if (call->prev)
        call->prev->next = call->next;
    else
        client->calls = call->next;
    if (call->next)
        call->next->prev = call->prev;
    call->status = (int)status;
    call->error = error_of(call, code);
    call->duration_ms = (clock_mono_ns() - call->begun_ns) / 1000000;
    release(call);
    call->done(call);
}

void http_client_poll(struct http_client *client, int timeout_ms)
{
    int running, left;
    CURLMsg *message;
    while (client->failed) {
        struct http_call *call = client->failed;
        client->failed = call->next;
        timeout_ms = 0;
        call->done(call);
    }
    curl_multi_perform(client->multi, &running);
    if ((message = curl_multi_info_read(client->multi, &left)) == NULL) {
        curl_multi_poll(client->multi, NULL, 0, timeout_ms, NULL);
        curl_multi_perform(client->multi, &running);
        message = curl_multi_info_read(client->multi, &left);
    }
    while (message) {
        if (message->msg == CURLMSG_DONE)
            finish(client, message->easy_handle, message->data.result);
        message = curl_multi_info_read(client->multi, &left);
    }
}

void http_client_wake(struct http_client *client)
{
    curl_multi_wakeup(client->multi);
}

/* ---- the client ---- */

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_ALL);
}

err_t http_client_open(struct ctx *ctx, const struct call_guard *guard,
                       struct http_client **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    struct http_client *client = mem_new(sizeof *client);
    client->guard = guard;
    client->multi = curl_multi_init();
    if (!client->multi) {
        mem_free(client);
        return fail(ctx, ERR_INTERNAL, "", "no HTTP client");
    }
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                      (long)KEPT_CONNECTIONS);
    *ret = client;
    return OK;
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    while (client->calls) {
        struct http_call *call = client->calls;
        client->calls = call->next;
        curl_multi_remove_handle(client->multi, call->easy);
        release(call);
    }
    curl_multi_cleanup(client->multi);
    mem_free(client);
}
