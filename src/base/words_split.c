/* words_split.c - folded text cut into words, and queries read. */
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { SUFFIX_DIGITS = 6, PHONE_DIGITS = 7, PHONE_DIGITS_MAX = 15 };

enum kind {
    GAP,    /* Parts tokens: blanks and controls. */
    MARK,   /* Parts words within a token: punctuation. */
    LETTER, /* Belongs to a word. */
    ALONE   /* A word by itself. */
};

static bool is_ideograph(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
           script == USCRIPT_KATAKANA;
}

static enum kind kind_of(UChar32 c)
{
    if (c < 0x80) { /* Folded: capitals are gone. */
        if (c <= ' ' || c == 0x7f)
            return GAP;
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? LETTER : MARK;
    }
    if (u_isUWhiteSpace(c) || u_iscntrl(c))
        return GAP;
    uint32_t mask = U_GET_GC_MASK(c);
    if (mask & (U_GC_L_MASK | U_GC_N_MASK | U_GC_MC_MASK))
        return is_ideograph(c) ? ALONE : LETTER;
    return mask & U_GC_SO_MASK && c != 0xfffd ? ALONE : MARK;
}

/* The kind of the character at *at, which moves behind it. */
static enum kind next_kind(str text, size_t *at)
{
    UChar32 c = (unsigned char)text.ptr[*at];
    if (c < 0x80) {
        ++*at;
        return kind_of(c);
    }
    const uint8_t *bytes = (const uint8_t *)text.ptr;
    int32_t i = (int32_t)*at;
    U8_NEXT_OR_FFFD(bytes, i, (int32_t)text.len, c);
    *at = (size_t)i;
    return kind_of(c);
}

static str clipped(str word)
{
    if (word.len <= WORD_BYTES)
        return word;
    size_t at = WORD_BYTES;
    while (at > 0 && ((unsigned char)word.ptr[at] & 0xc0) == 0x80)
        at--;
    return (str){word.ptr, at};
}

static str part(str text, size_t from, size_t to)
{
    return (str){text.ptr + from, to - from};
}

/* ---- cutting ---- */

typedef void word_fn(void *arg, str word);

static void each_part(str token, word_fn *fn, void *arg)
{
    size_t start = 0, at = 0;
    while (at < token.len) {
        size_t from = at;
        enum kind kind = next_kind(token, &at);
        if (kind == LETTER)
            continue;
        if (from > start)
            fn(arg, part(token, start, from));
        if (kind == ALONE)
            fn(arg, part(token, from, at));
        start = at;
    }
    if (at > start)
        fn(arg, part(token, start, at));
}

static void each_token(str text, word_fn *fn, void *arg)
{
    size_t start = 0, at = 0;
    while (at < text.len) {
        size_t from = at;
        if (next_kind(text, &at) != GAP)
            continue;
        if (from > start)
            fn(arg, part(text, start, from));
        start = at;
    }
    if (at > start)
        fn(arg, part(text, start, at));
}

/* Without the punctuation at both ends. */
static str bare(str token)
{
    size_t first = token.len, last = 0, at = 0;
    while (at < token.len) {
        size_t from = at;
        if (next_kind(token, &at) == MARK)
            continue;
        if (from < first)
            first = from;
        last = at;
    }
    return first < last ? part(token, first, last) : STR_NONE;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Punctuation inside, and digits or "@": a code or an address. */
static bool is_compound(str token)
{
    bool has_mark = false, has_reason = false;
    for (size_t at = 0; at < token.len;) {
        char c = token.ptr[at];
        has_reason |= is_digit(c) || c == '@';
        has_mark |= next_kind(token, &at) == MARK;
    }
    return has_mark && has_reason;
}

/* ---- documents ---- */

void words_init(struct words *words, struct arena *arena, size_t max)
{
    *words = (struct words){
        .arena = arena, .at = arena_array(arena, str, max), .max = max};
}

static void add_word(void *arg, str word)
{
    struct words *words = arg;
    if (word.len > 0 && words->count < words->max)
        words->at[words->count++] = clipped(word);
}

static void add_token(void *arg, str token)
{
    token = bare(token);
    if (is_compound(token))
        add_word(arg, token);
    each_part(token, add_word, arg);
}

void words_add_text(struct words *words, str text)
{
    each_token(words_fold(words->arena, text), add_token, words);
}

static void add_whole(void *arg, str token)
{
    add_word(arg, bare(token));
}

void words_add_code(struct words *words, str code)
{
    str text = words_fold(words->arena, code);
    each_token(text, add_whole, words);
    each_token(text, add_token, words);
}

/* "~" and the digits from the last one on, without zeros in front. */
static str reversed(struct arena *arena, str digits)
{
    while (digits.len > 0 && digits.ptr[0] == '0')
        digits = part(digits, 1, digits.len);
    char *to = arena_array(arena, char, digits.len + 1);
    to[0] = '~';
    for (size_t i = 0; i < digits.len; i++)
        to[i + 1] = digits.ptr[digits.len - 1 - i];
    return (str){to, digits.len + 1};
}

void words_add_phone(struct words *words, str key)
{
    add_word(words, key);
    if (str_starts(key, STR("+")))
        key = part(key, 1, key.len);
    add_word(words, reversed(words->arena, key));
}

static int by_bytes(const void *a, const void *b)
{
    return str_compare(*(const str *)a, *(const str *)b);
}

str words_join(struct words *words)
{
    struct buf buf;
    if (words->count == 0)
        return STR_NONE;
    qsort(words->at, words->count, sizeof(str), by_bytes);
    buf_init(&buf, words->arena, words->count * (WORD_BYTES + 1) + 1);
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0 && str_equal(words->at[i], words->at[i - 1]))
            continue;
        buf_add_char(&buf, '\n');
        buf_add_str(&buf, words->at[i]);
    }
    buf_add_char(&buf, '\n');
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

/* ---- queries ---- */

struct parse {
    struct arena *arena;
    struct word_query *query;
    bool is_too_many;
};

static struct word_term *add_term(struct parse *parse)
{
    if (parse->query->count == WORD_TERMS) {
        parse->is_too_many = true;
        return NULL;
    }
    struct word_term *term = &parse->query->terms[parse->query->count++];
    *term = (struct word_term){.count = 0};
    return term;
}

static void add_choice(struct word_term *term, str prefix)
{
    if (prefix.len == 0)
        return;
    ASSERT(term->count < WORD_CHOICES);
    term->prefix[term->count++] = clipped(prefix);
}

/* The digits of a text that has nothing else but what phones are written with;
 * empty where it has. */
static str phone_digits(struct arena *arena, str text)
{
    char *to = arena_array(arena, char, text.len + 2);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_digit(c))
            to[len++] = c;
        else if (!memchr(" +-()./", c, 7))
            return STR_NONE;
    }
    return (str){to, len <= PHONE_DIGITS_MAX ? len : 0};
}

/* From the beginning as E.164, and from the end. */
static void add_phone_choices(struct parse *parse, struct word_term *term,
                              str digits)
{
    str full = digits;
    if (str_starts(full, STR("00")))
        full = part(full, 2, full.len);
    add_choice(term, str_printf(parse->arena, "+%.*s", STR_ARG(full)));
    if (full.len >= SUFFIX_DIGITS)
        add_choice(term, reversed(parse->arena, full));
}

static void ask_part(void *arg, str word)
{
    struct parse *parse = arg;
    struct word_term *term = add_term(parse);
    if (!term)
        return;
    add_choice(term, word);
    str digits = phone_digits(parse->arena, word);
    if (digits.len > 0)
        add_phone_choices(parse, term, digits);
}

static void ask_token(void *arg, str token)
{
    token = bare(token);
    if (is_compound(token))
        ask_part(arg, token);
    else
        each_part(token, ask_part, arg);
}

/* "+49 30 1234567": one word, though it has blanks. */
static bool is_spaced_phone(str text, str digits)
{
    return digits.len >= PHONE_DIGITS &&
           (memchr(text.ptr, '+', text.len) || memchr(text.ptr, ' ', text.len));
}

static int by_length(const void *a, const void *b)
{
    const struct word_term *x = a, *y = b;
    size_t m = x->count ? x->prefix[0].len : 0;
    size_t n = y->count ? y->prefix[0].len : 0;
    return (m < n) - (m > n);
}

err_t words_parse(struct ctx *ctx, const char *field, str text,
                  struct word_query *ret)
{
    struct word_query query = {.count = 0};
    struct parse parse = {.arena = ctx->arena, .query = &query};
    text = str_trim(words_fold(ctx->arena, text));
    str digits = phone_digits(ctx->arena, text);
    if (text.len > 0 && is_spaced_phone(text, digits))
        add_phone_choices(&parse, add_term(&parse), digits);
    else
        each_token(text, ask_token, &parse);
    if (parse.is_too_many)
        return fail_as(ctx, ERR_INVALID, "too_many_words", field,
                       "must have at most %d words", WORD_TERMS);
    if (query.count == 0)
        return fail_as(ctx, ERR_INVALID, "no_words", field,
                       "must have at least one letter or digit");
    qsort(query.terms, query.count, sizeof(query.terms[0]), by_length);
    *ret = query;
    return OK;
}

static bool has_prefix(str joined, str prefix)
{
    char needle[WORD_BYTES + 1] = {'\n'};
    memcpy(needle + 1, prefix.ptr, prefix.len);
    return memmem(joined.ptr, joined.len, needle, prefix.len + 1) != NULL;
}

static bool is_met(str joined, const struct word_term *term)
{
    for (size_t i = 0; i < term->count; i++)
        if (has_prefix(joined, term->prefix[i]))
            return true;
    return false;
}

bool words_match(str joined, const struct word_query *query)
{
    ASSERT(query->count > 0);
    for (size_t i = 0; i < query->count; i++)
        if (joined.len == 0 || !is_met(joined, &query->terms[i]))
            return false;
    return true;
}
