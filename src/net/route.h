/* route.h - visible tables of endpoints, and the request they see. */
#ifndef WHARF_NET_ROUTE_H
#define WHARF_NET_ROUTE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/perm.h"

enum http_method { HTTP_GET = 1, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

enum route_kind {
    ROUTE_READ = 1, /* A snapshot on a reader. */
    ROUTE_WRITE,    /* One command: in a savepoint, with retry. */
    ROUTE_HOT       /* decode on the net thread, run_many on the writer. */
};

enum {
    REQUEST_PATH_PARAMS = 4,
    REQUEST_QUERY_PARAMS = 32,
    REQUEST_COOKIES = 2
};

/* What a request shows of its sender; strings live as long as the request. */
struct http_caller {
    str authorization, cookie, csrf, host, origin; /* Empty: not sent. */
    enum http_method method;
    str token;        /* Of a route whose path says whose it is; route.shown. */
    bool is_standing; /* A stream that stands: asked again and again. */
    bool is_open;     /* The route asks for nobody: bind a tenant only. */
    bool is_https;    /* As a proxy says that may speak for others. */
    const char *peer; /* Address of the other end, as "127.0.0.1". */
};

struct call_guard;
struct list_table;
struct throttle;

struct query_param {
    str name, value; /* Percent-decoded, UTF-8 checked. */
    bool is_read;
};

struct request {
    struct ctx *ctx;
    const struct route *route;
    const struct http_caller *caller;
    struct throttle *throttle; /* The server's; rooms make its gates. */
    void *tenant;              /* Whose it is, as the auth function said. */
    unsigned perms;            /* What the caller may do. */
    bool is_unsure;            /* As far as could be told; http_identity. */
    str path_params[REQUEST_PATH_PARAMS]; /* {id} …, decoded, in order. */
    struct query_param query[REQUEST_QUERY_PARAMS];
    size_t query_count;
    str body_bytes;                              /* As received. */
    struct json_in *body;                        /* NULL for GET. */
    str idem_key;                                /* Empty for GET. */
    str hook_id, hook_timestamp, hook_signature; /* Where route.is_hook. */
    bool is_stream;    /* Asks for server-sent events, and may. */
    str last_event_id; /* Of a stream that comes back; else empty. */
    void *cmd;         /* What decode made. */
    bool is_light;     /* `prepare`: there is nothing to toil. */
    const struct call_guard *guard; /* Whom `toil` may call. */
    /* Filled by run: */
    struct json_out *reply; /* Writes one JSON document. */
    /* Of a READ whose reply is a file: its bytes stand in reply->buf as they
     * are. Both static or in the arena; without a name it is shown inline. */
    const char *content_type;
    str file_name; /* "pick-list.pdf": plain letters, digits, '-', '_', '.'. */
    str next;      /* Of a list as CSV: where it goes on. Empty: nowhere. */
    int status;    /* 200 unless set. */
    /* Whole values; sent with a success, never remembered. Empty: none. */
    str set_cookie[REQUEST_COOKIES];
    int retry_after_s; /* With 429 and 503; 0: one second. */
    str secret; /* Stands in the reply, and as null in what is remembered. */
};

/* READ and WRITE: body to command, run it, write the reply. WRITE may be run
 * again from the start after a conflict. */
typedef err_t route_fn(struct ctx *ctx, struct request *req);
/* HOT: sets req->cmd from req->body. No transaction here. */
typedef err_t route_decode_fn(struct ctx *ctx, struct request *req);
/* HOT: each request has its own ctx and reply; results[i] is its outcome. */
typedef err_t route_many_fn(struct ctx *batch, struct request **reqs,
                            err_t *results, size_t count);

/* In the order in which a row of a table reads.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct route {
    const char *operation; /* operationId in the contract. */
    enum http_method method;
    const char *path; /* "/v1/orders/{id}/cancel" */
    enum perm perm;
    enum route_kind kind;
    route_fn *run;
    route_decode_fn *decode;
    route_many_fn *run_many;
    /* WRITE: what comes before `run`, each may be NULL. `prepare` reads in a
     * snapshot on a reader; `toil` has no transaction and may take long
     * (password hashing): it runs on few threads with a bounded queue. What
     * they find goes into req->cmd. */
    route_fn *prepare, *toil;
    route_fn *crowded; /* toil waits for others; no thread is free to. */
    /* READ: asked for as text/event-stream, or without `run` always: reads in
     * a snapshot what shall be streamed and leaves it in req->cmd. */
    route_fn *stream;
    /* READ of a list: its columns as CSV; NULL: it is JSON alone. */
    const struct list_table *table;
    /* Open routes: what in the path says whose request it is; may be NULL. */
    str (*shown)(const struct request *req);
    bool is_bulk; /* Body up to LIMIT_BULK_BODY_BYTES. */
    /* Changes who may do what: answered only once this node goes by it. */
    bool is_access;
    /* Body or answer hold a password or a session: nothing of them is
     * remembered under the idempotency key, not even a hash to guess by. */
    bool is_unkept;
    /* Another service tells us, without a key: `prepare` judges body_bytes. */
    bool is_hook;
};
/* ERR_DENIED unless a caller of these permissions may use the route. */
MUST_USE err_t request_permit(struct request *req, unsigned perms);

struct route_list {
    const struct route *at;
    size_t count;
};

/* Path and query readers; they fail with the parameter's name as field. */
MUST_USE err_t request_path_id(struct request *req, size_t i,
                               const char *prefix, int64_t *ret);
bool request_query_find(struct request *req, const char *name, str *ret);
/* limit (1 to LIMIT_PAGE, default LIMIT_PAGE_DEFAULT). */
MUST_USE err_t request_query_limit(struct request *req, size_t *ret);
MUST_USE err_t request_query_i64(struct request *req, const char *name,
                                 int64_t min, int64_t max, int64_t *ret);
MUST_USE err_t request_query_id(struct request *req, const char *name,
                                const char *prefix, int64_t *ret);
MUST_USE err_t request_query_time(struct request *req, const char *name,
                                  utc_ms *ret);
/* An instant that is over: slug "time_in_future" where it is to come. *found
 * tells whether one was given. */
MUST_USE err_t request_query_past(struct request *req, const char *name,
                                  utc_ms *ret, bool *found);
MUST_USE err_t request_query_enum(struct request *req, const char *name,
                                  const char *const *names, size_t count,
                                  int *ret);
/* Refuses parameters nobody asked for: slug "unknown_parameter". */
MUST_USE err_t request_query_end(struct request *req);

#endif
