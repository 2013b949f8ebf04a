/* charset.c - single-byte encodings to UTF-8. */
#include "base/charset.h"

#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include "base/arena.h"
#include "base/str.h"

enum { BYTES = 256, ASCII = 128, UTF8_MAX = 4 };

struct charset {
    char text[BYTES][UTF8_MAX];
    unsigned char len[BYTES];
};

static void put(struct charset *charset, int byte, UChar32 c)
{
    uint8_t utf8[UTF8_MAX];
    int32_t len = 0;
    UBool is_error = 0;
    U8_APPEND(utf8, len, UTF8_MAX, c, is_error);
    ASSERT(!is_error && len > 0);
    memcpy(charset->text[byte], utf8, (size_t)len);
    charset->len[byte] = (unsigned char)len;
}

/* False where the encoding is not of one byte a character over ASCII. */
static bool fill(UConverter *converter, struct charset *charset)
{
    if (ucnv_getMaxCharSize(converter) != 1)
        return false;
    for (int i = 0; i < BYTES; i++) {
        UErrorCode status = U_ZERO_ERROR;
        char byte = (char)i;
        UChar to[2];
        int32_t len = ucnv_toUChars(converter, to, (int32_t)COUNT_OF(to), &byte,
                                    1, &status);
        bool is_known = U_SUCCESS(status) && len == 1;
        if (i < ASCII && (!is_known || to[0] != i))
            return false;
        put(charset, i, is_known ? to[0] : 0xFFFD);
    }
    return true;
}

err_t charset_open(struct ctx *ctx, const char *name,
                   const struct charset **ret)
{
    struct charset *charset = arena_new(ctx->arena, struct charset);
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &status);
    bool is_fine = U_SUCCESS(status) && fill(converter, charset);
    if (converter)
        ucnv_close(converter);
    if (!is_fine)
        return fail_as(ctx, ERR_INVALID, "encoding_unknown", "encoding",
                       "%.60s is none of utf-8, windows-1252, iso-8859-1 or "
                       "another encoding of one byte a character",
                       name);
    *ret = charset;
    return OK;
}

str charset_to_utf8(struct arena *arena, const struct charset *charset, str s)
{
    if (str_is_ascii(s))
        return s;
    size_t room = 0;
    for (size_t i = 0; i < s.len; i++)
        room += charset->len[(unsigned char)s.ptr[i]];
    char *to = arena_alloc_raw(arena, room + 1), *at = to;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        memcpy(at, charset->text[byte], charset->len[byte]);
        at += charset->len[byte];
    }
    ASSERT(at == to + room);
    return (str){to, room};
}
