/* charset.h - single-byte encodings to UTF-8, by ICU's tables. */
#ifndef WHARF_BASE_CHARSET_H
#define WHARF_BASE_CHARSET_H

#include "base/base.h"

struct charset;

/* "windows-1252", "iso-8859-1", "latin1", ...: any single-byte encoding whose
 * lower half is ASCII. Fails with ERR_INVALID, slug "encoding_unknown". Lives
 * in ctx->arena. */
MUST_USE err_t charset_open(struct ctx *ctx, const char *name,
                            const struct charset **ret);
/* In the arena; the same string where it is ASCII alone. Bytes the encoding
 * does not know become U+FFFD. */
str charset_to_utf8(struct arena *arena, const struct charset *charset, str s);

#endif
