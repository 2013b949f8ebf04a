/* words.c - text as words to search by. */
#include "base/words.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
    UNFOLD = 18,            /* U+FDFA is one unit and 18 in NFKD. */
    FOLD_GROWS = 3,         /* By case folding, of any one unit. */
    TEXT_MAX = 1024 * 1024, /* Past it only the beginning is folded. */
    DOTLESS_I = 0x131,
    TATWEEL = 0x640
};

struct wide {
    UChar *ptr;
    int32_t len;
};

static struct wide wide_from_str(struct arena *arena, str text)
{
    UErrorCode status = U_ZERO_ERROR;
    struct wide wide = {arena_array(arena, UChar, text.len + 1), 0};
    u_strFromUTF8WithSub(wide.ptr, (int32_t)text.len + 1, &wide.len, text.ptr,
                         (int32_t)text.len, 0xfffd, NULL, &status);
    ASSERT(U_SUCCESS(status));
    return wide;
}

static str str_from_wide(struct arena *arena, struct wide wide)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    size_t room = (size_t)wide.len * 3 + 1;
    char *text = arena_array(arena, char, room);
    u_strToUTF8WithSub(text, (int32_t)room, &len, wide.ptr, wide.len, 0xfffd,
                       NULL, &status);
    ASSERT(U_SUCCESS(status));
    return (str){text, (size_t)len};
}

static struct wide normalized(struct arena *arena, const UNormalizer2 *form,
                              struct wide from)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t room = from.len * UNFOLD + 1;
    struct wide to = {arena_array(arena, UChar, (size_t)room), 0};
    to.len = unorm2_normalize(form, from.ptr, from.len, to.ptr, room, &status);
    ASSERT(U_SUCCESS(status));
    return to;
}

static struct wide uncased(struct arena *arena, struct wide from)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t room = from.len * FOLD_GROWS + 1;
    struct wide to = {arena_array(arena, UChar, (size_t)room), 0};
    to.len = u_strFoldCase(to.ptr, room, from.ptr, from.len,
                           U_FOLD_CASE_DEFAULT, &status);
    ASSERT(U_SUCCESS(status));
    return to;
}

/* In place: nothing gets longer. */
static struct wide stripped(struct wide text)
{
    int32_t to = 0;
    for (int32_t at = 0; at < text.len;) {
        UChar32 c;
        U16_NEXT(text.ptr, at, text.len, c);
        int8_t type = u_charType(c);
        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
            c == TATWEEL)
            continue;
        if (c == DOTLESS_I)
            c = 'i';
        if (type == U_DECIMAL_DIGIT_NUMBER)
            c = '0' + u_charDigitValue(c);
        U16_APPEND_UNSAFE(text.ptr, to, c);
    }
    text.len = to;
    return text;
}

static str cut(str text)
{
    if (text.len > TEXT_MAX)
        text.len = TEXT_MAX;
    return text;
}

str words_fold(struct arena *arena, str text)
{
    text = cut(text);
    if (str_is_ascii(text)) /* No marks, and one case folding. */
        return str_lower(arena, text);
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&status);
    ASSERT(U_SUCCESS(status));
    struct wide wide = wide_from_str(arena, text);
    /* Folding may compose what the second normalization takes apart. */
    wide = uncased(arena, normalized(arena, nfkd, wide));
    return str_from_wide(arena, stripped(normalized(arena, nfkd, wide)));
}

bool words_met(struct arena *arena, const struct word_query *query,
               const str *texts, size_t count)
{
    enum { WORDS = 100 };
    struct words words;
    struct arena_mark mark = arena_mark(arena);
    words_init(&words, arena, WORDS);
    for (size_t i = 0; i < count; i++)
        words_add_code(&words, texts[i]);
    bool is_met = words_match(words_join(&words), query);
    arena_reset_to(arena, mark);
    return is_met;
}

err_t words_read(struct ctx *ctx, const char *field, str text,
                 struct word_query *ret)
{
    if (text.len > LIMIT_QUERY_BYTES)
        return fail_as(ctx, ERR_INVALID, "too_long", field,
                       "must have at most %d bytes", LIMIT_QUERY_BYTES);
    return words_parse(ctx, field, text, ret);
}
