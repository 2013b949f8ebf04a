/* str.c - counted strings. */
#include "base/str.h"

#include <stdarg.h>

#include "base/arena.h"

str str_from_cstr(const char *cstr)
{
    return (str){cstr, cstr ? strlen(cstr) : 0};
}

bool str_equal(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_equal_cstr(str a, const char *b)
{
    return str_equal(a, str_from_cstr(b));
}

int str_compare(str a, str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_equal((str){s.ptr, prefix.len}, prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len &&
           str_equal((str){s.ptr + s.len - suffix.len, suffix.len}, suffix);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = (str){s.ptr + 1, s.len - 1};
    while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_is_ascii(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

bool str_is_digits(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

str str_lower(struct arena *arena, str s)
{
    char *to = arena_alloc_raw(arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        to[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (str){to, s.len};
}

str str_split(str s, char sep, str *rest)
{
    const char *at = s.len ? memchr(s.ptr, sep, s.len) : NULL;
    if (!at) {
        *rest = STR_NONE;
        return s;
    }
    size_t len = (size_t)(at - s.ptr);
    *rest = (str){at + 1, s.len - len - 1};
    return (str){s.ptr, len};
}

str str_copy(struct arena *arena, str s)
{
    return (str){str_to_cstr(arena, s), s.len};
}

char *str_to_cstr(struct arena *arena, str s)
{
    char *copy = arena_alloc_raw(arena, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

str str_printf(struct arena *arena, const char *fmt, ...)
{
    char small[256];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);
    ASSERT(len >= 0);
    if ((size_t)len < sizeof(small))
        return str_copy(arena, (str){small, (size_t)len});
    char *text = arena_alloc_raw(arena, (size_t)len + 1);
    va_start(args, fmt);
    vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return (str){text, (size_t)len};
}

bool str_to_i64(str s, int64_t *ret)
{
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    size_t i = is_negative ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t value = 0; /* Kept negative: its range is the wider one. */
    for (; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, s.ptr[i] - '0', &value))
            return false;
    }
    if (!is_negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    *ret = value;
    return true;
}

/* Length of the well-formed sequence at p, 0 where it is not one (Unicode
 * table 3-7: the second byte's range excludes overlong forms, surrogates and
 * what lies past U+10FFFF). */
static size_t utf8_len(const unsigned char *p, size_t room)
{
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || room < len)
        return 0;
    unsigned char least = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char most = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < least || p[1] > most)
        return 0;
    for (size_t i = 2; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return len;
}

bool str_is_utf8(str s)
{
    const unsigned char *bytes = (const unsigned char *)s.ptr;
    size_t i = 0;
    while (i < s.len) {
        uint64_t eight;
        if (s.len - i >= sizeof(eight)) {
            memcpy(&eight, bytes + i, sizeof(eight));
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        size_t len = utf8_len(bytes + i, s.len - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

uint64_t str_hash(str s)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.len; i++) {
        hash ^= (unsigned char)s.ptr[i];
        hash *= UINT64_C(1099511628211);
    }
    return hash;
}

int str_bucket(str s)
{
    uint64_t hash = str_hash(s);
    hash ^= hash >> 32;
    hash ^= hash >> 16;
    hash ^= hash >> 8;
    return (int)(hash & 255);
}
