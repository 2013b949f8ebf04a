/* log.c - one JSON line per entry, in one write. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"

enum { TEXT_BYTES = 2048, LINE_BYTES = TEXT_BYTES * 6 + 1024 };

/* The one setting of the process that is not in a context: what it logs. */
static atomic_int least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG: return "debug";
    case LOG_INFO: return "info";
    case LOG_WARN: return "warn";
    case LOG_ERROR: return "error";
    }
    UNREACHABLE("level_name: every level is named above");
}

bool log_level_from_str(str name, enum log_level *ret)
{
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++) {
        if (str_equal_cstr(name, level_name((enum log_level)level))) {
            *ret = (enum log_level)level;
            return true;
        }
    }
    return false;
}

/* A log line must stay readable whatever bytes came from outside. */
static void make_utf8(char *text)
{
    if (str_is_utf8(str_from_cstr(text)))
        return;
    for (; *text; text++) {
        if ((unsigned char)*text >= 0x80)
            *text = '?';
    }
}

static void write_line(str request_id, enum log_level level, const char *event,
                       const char *fmt, va_list args) PRINTF_LIKE(4, 0);

static void write_line(str request_id, enum log_level level, const char *event,
                       const char *fmt, va_list args)
{
    char text[TEXT_BYTES];
    vsnprintf(text, sizeof(text), fmt, args);
    make_utf8(text);
    char line[LINE_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, line, sizeof(line));
    struct json_out out;
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_time(&out, "at", clock_now());
    json_put_cstr(&out, "level", level_name(level));
    json_put_cstr(&out, "event", event);
    if (request_id.len && request_id.len <= 128)
        json_put_str(&out, "request_id", request_id);
    json_put_cstr(&out, "text", text);
    json_end_object(&out);
    buf_add_char(&buf, '\n');
    ASSERT(!buf.is_full);
    ssize_t sent = write(STDERR_FILENO, buf.ptr, buf.len);
    (void)sent; /* A log that cannot be written must not stop the house. */
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    va_list args;
    va_start(args, fmt);
    write_line(STR_NONE, level, event, fmt, args);
    va_end(args);
}

void log_ctx(const struct ctx *ctx, enum log_level level, const char *event,
             const char *fmt, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    va_list args;
    va_start(args, fmt);
    write_line(ctx->request_id, level, event, fmt, args);
    va_end(args);
}
