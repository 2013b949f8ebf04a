/* fold.c - folding and normalizing text by ICU. */
#include "base/fold.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/str.h"

/* The longest form of one UTF-16 unit under NFKC (U+FDFA) has 18. */
enum { UNFOLD_MAX = 18 };

static str to_utf8(struct arena *arena, const UChar *text, int32_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t got = 0;
    size_t room = (size_t)len * 3;
    char *to = arena_alloc_raw(arena, room + 1);
    u_strToUTF8(to, (int32_t)room + 1, &got, text, len, &error);
    ASSERT(U_SUCCESS(error));
    return (str){to, (size_t)got};
}

static str normalize(struct arena *arena, const UNormalizer2 *form, str text)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = 0;
    ASSERT(form != NULL && text.len < INT32_MAX / UNFOLD_MAX);
    UChar *wide = arena_array(arena, UChar, text.len + 1);
    u_strFromUTF8WithSub(wide, (int32_t)text.len + 1, &len, text.ptr,
                         (int32_t)text.len, 0xfffd, NULL, &error);
    ASSERT(U_SUCCESS(error));
    int32_t room = len * UNFOLD_MAX + 1;
    UChar *to = arena_array(arena, UChar, (size_t)room);
    len = unorm2_normalize(form, wide, len, to, room, &error);
    ASSERT(U_SUCCESS(error));
    return to_utf8(arena, to, len);
}

str str_fold(struct arena *arena, str text)
{
    if (text.len == 0)
        return text;
    if (!str_is_ascii(text)) {
        UErrorCode error = U_ZERO_ERROR;
        return normalize(arena, unorm2_getNFKCCasefoldInstance(&error), text);
    }
    return str_lower(arena, text);
}

str str_nfkc(struct arena *arena, str text)
{
    if (str_is_ascii(text))
        return text;
    UErrorCode error = U_ZERO_ERROR;
    return normalize(arena, unorm2_getNFKCInstance(&error), text);
}
