/* base.h - words every file uses: results, strings, time, money, context.
 *
 * A function that can fail returns err_t and writes the details once, at the
 * origin, with fail(); callers only TRY(). Strings are counted and are not
 * NUL-terminated. Time is milliseconds since 1970 UTC.
 */
#ifndef WHARF_BASE_BASE_H
#define WHARF_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"
#include "base/limits.h"

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define COUNT_OF(a)       (sizeof(a) / sizeof((a)[0]))
#define TRY(expr)                                                              \
    do {                                                                       \
        err_t try_err_ = (expr);                                               \
        if (try_err_ != OK)                                                    \
            return try_err_;                                                   \
    } while (0)
/* On in production too: for our own mistakes, never for input or rows. */
#define ASSERT(cond)     ((cond) ? (void)0 : assert_fail(__FILE__, __LINE__, #cond))
#define UNREACHABLE(why) assert_fail(__FILE__, __LINE__, why)

_Noreturn void assert_fail(const char *file, int line, const char *cond);

/* What went wrong, as a class; err_http_status() gives each its status. */
typedef enum err {
    OK = 0,
    ERR_MALFORMED,       /* 400: not HTTP or not JSON. */
    ERR_UNAUTHENTICATED, /* 401: no valid key. */
    ERR_DENIED,          /* 403: the key lacks the permission. */
    ERR_NOT_FOUND,       /* 404 */
    ERR_METHOD,          /* 405 */
    ERR_GONE,            /* 410: it was there and ended. */
    ERR_STALE,           /* 409: version is not the current one. */
    ERR_STATE,           /* 409: not allowed in this state. */
    ERR_CONFLICT,        /* 409: key or external id reused, CAS lost. */
    ERR_LENGTH_REQUIRED, /* 411 */
    ERR_TOO_LARGE,       /* 413: body over its limit. */
    ERR_MEDIA_TYPE,      /* 415 */
    ERR_INVALID,         /* 422: a field is wrong. */
    ERR_LIMIT,           /* 429 */
    ERR_INTERNAL,        /* 500 */
    ERR_UPSTREAM,        /* 502 */
    ERR_BUSY,            /* 503: try again; nothing was stored. */
    ERR_RETRY            /* Inside the store only: run the closure again. */
} err_t;

int err_http_status(err_t code);
/* The stable default `code` of problem+json, as "not_found". */
const char *err_slug(err_t code);

typedef struct str {
    const char *ptr;
    size_t len;
} str;

typedef int64_t utc_ms;

/* Minor units of an ISO 4217 currency; currency is NUL-terminated. */
typedef struct money {
    int64_t minor;
    char currency[4];
} money;

struct arena;
struct store_tx;
struct id_source;

enum actor_kind {
    ACTOR_SYSTEM = 1, /* A consumer or timer. */
    ACTOR_CLI = 2,
    ACTOR_KEY = 3, /* id is an API key. */
    ACTOR_USER = 4 /* id is a person. */
};

struct actor {
    enum actor_kind kind;
    int64_t id;
};

struct err_detail {
    err_t code;
    const char *slug; /* Static; NULL means err_slug(code). */
    int64_t version;  /* With ERR_STALE: the current version. */
    char field[96];   /* Path as "lines[2].sku"; may be empty. */
    char text[224];   /* A sentence a person can act on. */
};

/* What a command may know of the world. One per request, job or test. */
struct ctx {
    struct arena *arena;   /* Everything the request allocates. */
    struct store_tx *tx;   /* NULL outside a transaction. */
    struct id_source *ids; /* New ids; owned by the writer. */
    utc_ms now;            /* One reading per request. */
    struct actor actor;
    str request_id;
    struct err_detail err;
};

/* Records the failure and returns `code`. The first failure wins. */
err_t(fail)(struct ctx *ctx, err_t code, const char *field, const char *fmt,
            ...) PRINTF_LIKE(4, 5);
/* The same with a stable `slug` of its own, as "sku_unknown". */
err_t(fail_as)(struct ctx *ctx, err_t code, const char *slug, const char *field,
               const char *fmt, ...) PRINTF_LIKE(5, 6);
/* Who calls them sees that they return `code`. */
#define fail(ctx, code, ...) ((void)(fail)(ctx, code, __VA_ARGS__), (code))
#define fail_as(ctx, code, ...)                                                \
    ((void)(fail_as)(ctx, code, __VA_ARGS__), (code))
/* Its slug, or that of its code. */
const char *err_name(const struct err_detail *err);
/* Forgets the failure, so that the context can be used again. */
void err_clear(struct ctx *ctx);

#endif
