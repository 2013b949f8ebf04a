/* words.h - text as words to search by: as people see it, not as bytes.
 *
 * ICU does the work, in our own process, so that both engines answer alike.
 */
#ifndef WHARF_BASE_WORDS_H
#define WHARF_BASE_WORDS_H

#include "base/base.h"

/* NFKD, case folded, marks stripped, digits of every script made ASCII: "É" is
 * "e", "ß" is "ss", all of I, İ, ı, i are "i", "ς" is "σ". Stray bytes become
 * U+FFFD. In the arena. */
str words_fold(struct arena *arena, str text);

enum {
    WORD_BYTES = 64, /* Longer words are known by their beginning. */
    WORD_TERMS = 8,  /* Words of a query. */
    WORD_CHOICES = 3 /* Ways in which one may be met. */
};

/* The words of a document, each once. */
struct words {
    struct arena *arena;
    str *at;
    size_t count, max; /* Past max further words are left out. */
};
void words_init(struct words *words, struct arena *arena, size_t max);
/* Runs of letters and digits; a character of Chinese or Japanese by itself, as
 * is a symbol; a run with digits or "@" inside also whole: "a4-box", "a@b.c".
 */
void words_add_text(struct words *words, str text);
/* The same, and the text as one word, as for a SKU or a number. */
void words_add_code(struct words *words, str code);
/* A key of phone_key(): from its beginning and from its end. */
void words_add_phone(struct words *words, str key);
/* Sorted by bytes, without repeats, each with a line feed before it and one
 * after the last; empty where there are none. */
str words_join(struct words *words);

/* One word of a query: met where a word begins with any of its prefixes. */
struct word_term {
    str prefix[WORD_CHOICES];
    size_t count;
};
struct word_query {
    struct word_term terms[WORD_TERMS];
    size_t count;
};
/* Reads what a person typed, the longest words first. A telephone number is
 * known from 6 digits on by its end, too. Fails with "no_words" and
 * "too_many_words". */
MUST_USE err_t words_parse(struct ctx *ctx, const char *field, str text,
                           struct word_query *ret);
/* The same of what a client sent, which has its limit. */
MUST_USE err_t words_read(struct ctx *ctx, const char *field, str text,
                          struct word_query *ret);
/* Whether joined words meet the whole query. */
bool words_match(str joined, const struct word_query *query);
/* Whether these texts, each a code too, meet it. Leaves nothing in the arena.
 */
bool words_met(struct arena *arena, const struct word_query *query,
               const str *texts, size_t count);

#endif
