/* customer_fuzz.c - any bytes as a body about a customer, as keys, and as what
 * somebody searches for. */
#include "base/arena.h"
#include "base/contact.h"
#include "base/str.h"
#include "base/words.h"
#include "oms/customer/customer_change.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct customer_patch patch;
    struct customer_book book;
    struct consent_cmd consent;
    struct merge_cmd merge = {.version = 0};
    str note;
    switch (which) {
    case 0: return customer_read(ctx, in, &patch);
    case 1: return customer_read_change(ctx, in, &patch);
    case 2: return customer_read_book(ctx, in, &book);
    case 3: return customer_read_consent(in, &consent);
    case 4: return customer_read_merge(in, &merge);
    default: return customer_read_note(in, &note);
    }
}

static void try_keys(struct arena *arena, str text)
{
    char key[PHONE_KEY_BYTES];
    size_t len = 0;
    str email = email_key(arena, text);
    ASSERT(email.len == 0 || memchr(email.ptr, '@', email.len));
    if (phone_key(text, STR("DE"), key, &len))
        ASSERT(len >= 6 && len < PHONE_KEY_BYTES);
}

/* Any text makes words and may be asked for. */
static void try_words(struct ctx *ctx, str text)
{
    struct words words;
    struct word_query query;
    words_init(&words, ctx->arena, 64);
    words_add_code(&words, text);
    str joined = words_join(&words);
    if (words_parse(ctx, "q", text, &query) == OK)
        (void)words_match(joined, &query);
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data + 1, size - 1};
    if (data[0] % 8 == 6) {
        try_keys(ctx.arena, body);
    } else if (data[0] % 8 == 7) {
        try_words(&ctx, body);
    } else {
        err_t err = json_parse(&ctx, body, &in);
        if (err == OK)
            err = decode(&ctx, in, data[0] % 8);
        ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    }
    arena_close(ctx.arena);
    return 0;
}
