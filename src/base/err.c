/* err.c - failures: recorded once at their origin, with a name and a status. */
#include "base/base.h"

#include <stdarg.h>
#include <unistd.h>

_Noreturn void assert_fail(const char *file, int line, const char *cond)
{
    char text[512];
    int len = snprintf(text, sizeof(text),
                       "{\"level\":\"fatal\",\"event\":\"assert\","
                       "\"at\":\"%s:%d\"}\n%s:%d: %s\n",
                       file, line, file, line, cond);
    if (len > (int)sizeof(text) - 1)
        len = (int)sizeof(text) - 1;
    ssize_t sent = write(STDERR_FILENO, text, (size_t)len);
    (void)sent; /* Nobody is left to be told. */
    abort();
}

int err_http_status(err_t code)
{
    switch (code) {
    case OK: return 200;
    case ERR_MALFORMED: return 400;
    case ERR_UNAUTHENTICATED: return 401;
    case ERR_DENIED: return 403;
    case ERR_NOT_FOUND: return 404;
    case ERR_METHOD: return 405;
    case ERR_GONE: return 410;
    case ERR_STALE:
    case ERR_STATE:
    case ERR_CONFLICT: return 409;
    case ERR_LENGTH_REQUIRED: return 411;
    case ERR_TOO_LARGE: return 413;
    case ERR_MEDIA_TYPE: return 415;
    case ERR_INVALID: return 422;
    case ERR_LIMIT: return 429;
    case ERR_INTERNAL: return 500;
    case ERR_UPSTREAM: return 502;
    case ERR_BUSY:
    case ERR_RETRY: return 503;
    }
    UNREACHABLE("err_http_status: every code is named above");
}

const char *err_slug(err_t code)
{
    switch (code) {
    case OK: return "ok";
    case ERR_MALFORMED: return "malformed";
    case ERR_UNAUTHENTICATED: return "unauthenticated";
    case ERR_DENIED: return "denied";
    case ERR_NOT_FOUND: return "not_found";
    case ERR_METHOD: return "method_not_allowed";
    case ERR_GONE: return "gone";
    case ERR_STALE: return "stale";
    case ERR_STATE: return "state";
    case ERR_CONFLICT: return "conflict";
    case ERR_LENGTH_REQUIRED: return "length_required";
    case ERR_TOO_LARGE: return "too_large";
    case ERR_MEDIA_TYPE: return "media_type";
    case ERR_INVALID: return "invalid";
    case ERR_LIMIT: return "limit";
    case ERR_INTERNAL: return "internal";
    case ERR_UPSTREAM: return "upstream";
    case ERR_BUSY:
    case ERR_RETRY: return "busy";
    }
    UNREACHABLE("err_slug: every code is named above");
}

/* Text that was cut may end inside a UTF-8 sequence; drops such an end. */
static void trim_cut_utf8(char *text)
{
    size_t len = strlen(text);
    size_t back = 0;
    while (back < 3 && back < len && (text[len - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == len)
        return;
    unsigned char lead = (unsigned char)text[len - 1 - back];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (want > back)
        text[len - 1 - back] = '\0';
}

static err_t fail_list(struct ctx *ctx, err_t code, const char *slug,
                       const char *field, const char *fmt, va_list args)
    PRINTF_LIKE(5, 0);

static err_t fail_list(struct ctx *ctx, err_t code, const char *slug,
                       const char *field, const char *fmt, va_list args)
{
    ASSERT(code != OK);
    struct err_detail *err = &ctx->err;
    if (err->code != OK)
        return code;
    err->code = code;
    err->slug = slug;
    snprintf(err->field, sizeof(err->field), "%s", field ? field : "");
    vsnprintf(err->text, sizeof(err->text), fmt, args);
    trim_cut_utf8(err->field);
    trim_cut_utf8(err->text);
    return code;
}

err_t(fail)(struct ctx *ctx, err_t code, const char *field, const char *fmt,
            ...)
{
    va_list args;
    va_start(args, fmt);
    fail_list(ctx, code, NULL, field, fmt, args);
    va_end(args);
    return code;
}

err_t(fail_as)(struct ctx *ctx, err_t code, const char *slug, const char *field,
               const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fail_list(ctx, code, slug, field, fmt, args);
    va_end(args);
    return code;
}

void err_clear(struct ctx *ctx)
{
    ctx->err = (struct err_detail){0};
}

const char *err_name(const struct err_detail *err)
{
    return err->slug ? err->slug : err_slug(err->code);
}
