/* log.h - JSON lines on standard error. Only edges log; rooms never do. */
#ifndef WHARF_BASE_LOG_H
#define WHARF_BASE_LOG_H

#include "base/base.h"

enum log_level { LOG_DEBUG = 1, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
bool log_level_from_str(str name, enum log_level *ret);
/* {"at":"…","level":"info","event":"…","text":"…"}; one write per line. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The same with the request id of the context. */
void log_ctx(const struct ctx *ctx, enum log_level level, const char *event,
             const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
