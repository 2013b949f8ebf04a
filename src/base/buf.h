/* buf.h - a growing byte buffer with a ceiling given at birth.
 *
 * Past the ceiling the buffer keeps what it has and says so in `is_full`; the
 * one who sends it checks that once. Memory comes from an arena.
 */
#ifndef WHARF_BASE_BUF_H
#define WHARF_BASE_BUF_H

#include "base/base.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len;
    size_t room;
    size_t max;
    bool is_full;
};

void buf_init(struct buf *buf, struct arena *arena, size_t max);
/* On memory of the caller's own; its size is the ceiling. */
void buf_init_fixed(struct buf *buf, char *mem, size_t size);
void buf_clear(struct buf *buf);
void buf_add(struct buf *buf, const void *ptr, size_t len);
void buf_add_char(struct buf *buf, char c);
void buf_add_str(struct buf *buf, str s);
void buf_add_cstr(struct buf *buf, const char *s);
void buf_add_i64(struct buf *buf, int64_t value);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
str buf_str(const struct buf *buf);

#endif
