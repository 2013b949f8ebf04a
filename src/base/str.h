/* str.h - counted strings. They point into somebody else's memory. */
#ifndef WHARF_BASE_STR_H
#define WHARF_BASE_STR_H

#include "base/base.h"

#define STR(literal) ((str){"" literal, sizeof(literal) - 1})
/* The same in a static table. */
#define STR_INIT(literal)                                                      \
    {                                                                          \
        "" literal, sizeof(literal) - 1                                        \
    }
#define STR_NONE ((str){NULL, 0})
/* For "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr

str str_from_cstr(const char *cstr); /* NULL gives the empty string. */
bool str_equal(str a, str b);
bool str_equal_cstr(str a, const char *b);
int str_compare(str a, str b); /* By bytes. */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
str str_trim(str s); /* ASCII blanks. */
bool str_is_ascii(str s);
bool str_is_digits(str s);                 /* 0 to 9 alone, at least one. */
str str_lower(struct arena *arena, str s); /* A copy; ASCII letters only. */
/* The part before the first `sep`; *rest gets what follows it. */
str str_split(str s, char sep, str *rest);
str str_copy(struct arena *arena, str s);
char *str_to_cstr(struct arena *arena, str s); /* NUL-terminated copy. */
str str_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Whole string, decimal, optional '-'; false if it is not or overflows. */
bool str_to_i64(str s, int64_t *ret);
/* Strict UTF-8: no surrogates, no overlong forms, nothing over U+10FFFF. */
bool str_is_utf8(str s);
uint64_t str_hash(str s); /* FNV-1a 64; stable for ever, not keyed. */
/* Frozen: the bucket of a key, 0 to 255. */
int str_bucket(str s);

#endif
