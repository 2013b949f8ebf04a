/* buf.c - a growing byte buffer with a ceiling. */
#include "base/buf.h"

#include <stdarg.h>

#include "base/arena.h"

enum { LEAST_ROOM = 256 };

void buf_init(struct buf *buf, struct arena *arena, size_t max)
{
    *buf = (struct buf){.arena = arena, .max = max};
}

void buf_init_fixed(struct buf *buf, char *mem, size_t size)
{
    *buf = (struct buf){.room = size, .max = size};
    buf->ptr = mem;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->is_full = false;
}

static void grow(struct buf *buf, size_t need)
{
    size_t room = buf->room < LEAST_ROOM ? LEAST_ROOM : buf->room * 2;
    if (room < need)
        room = need;
    if (room > buf->max)
        room = buf->max;
    if (buf->ptr && arena_extend(buf->arena, buf->ptr, buf->room, room)) {
        buf->room = room;
        return;
    }
    char *ptr = arena_alloc_raw(buf->arena, room);
    if (buf->ptr)
        memcpy(ptr, buf->ptr, buf->len);
    buf->ptr = ptr;
    buf->room = room;
}

/* Room for len more bytes, or the buffer is full from now on. */
static bool reserve(struct buf *buf, size_t len)
{
    if (buf->is_full || len > buf->max - buf->len) {
        buf->is_full = true;
        return false;
    }
    if (len > buf->room - buf->len)
        grow(buf, buf->len + len);
    ASSERT(buf->room - buf->len >= len);
    return true;
}

void buf_add(struct buf *buf, const void *ptr, size_t len)
{
    if (len == 0 || !reserve(buf, len))
        return;
    memcpy(buf->ptr + buf->len, ptr, len);
    buf->len += len;
}

void buf_add_char(struct buf *buf, char c)
{
    if (buf->len < buf->room && !buf->is_full)
        buf->ptr[buf->len++] = c;
    else
        buf_add(buf, &c, 1);
}

void buf_add_str(struct buf *buf, str s)
{
    buf_add(buf, s.ptr, s.len);
}

void buf_add_cstr(struct buf *buf, const char *s)
{
    buf_add(buf, s, strlen(s));
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
    char small[256];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);
    ASSERT(len >= 0);
    if ((size_t)len < sizeof(small)) {
        buf_add(buf, small, (size_t)len);
        return;
    }
    /* One byte more for the NUL, which is not kept. */
    if (!reserve(buf, (size_t)len + 1))
        return;
    va_start(args, fmt);
    vsnprintf(buf->ptr + buf->len, (size_t)len + 1, fmt, args);
    va_end(args);
    buf->len += (size_t)len;
}

str buf_str(const struct buf *buf)
{
    return (str){buf->ptr, buf->len};
}
