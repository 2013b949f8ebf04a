/* shipping_track_token.c - tracking tokens: text, signature. */
#include "base/arena.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/shipping/shipping_track.h"

/* What is signed says what it is signed for. */
static str signed_text(struct arena *arena, enum track_kind kind, str head)
{
    static const char *const words[] = {[TRACK_PAGE] = "tracking",
                                        [TRACK_RETURN] = "returns",
                                        [TRACK_QUOTE] = "quotes"};
    return str_printf(arena, "wharf %s\n%.*s", words[kind], STR_ARG(head));
}

static const char *const begins[] = {
    [TRACK_PAGE] = "t1", [TRACK_RETURN] = "r1", [TRACK_QUOTE] = "q1"};

static bool read_kind(str text, enum track_kind *ret)
{
    for (int kind = TRACK_PAGE; kind <= TRACK_QUOTE; kind++) {
        *ret = (enum track_kind)kind;
        if (str_equal_cstr(text, begins[kind]))
            return true;
    }
    return false;
}

static bool store_is_fine(str name)
{
    if (name.len > TRACK_STORE_BYTES)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return true;
}

static bool read_subject(str text, struct track_token *token)
{
    return token->kind == TRACK_QUOTE
               ? id_from_text("drf", text, &token->draft.v)
               : id_from_text("ord", text, &token->order.v);
}

/* Digits alone, as we write them. */
static bool read_number(str text, int64_t max, int64_t *ret)
{
    return text.len > 0 && text.ptr[0] >= '1' && text.ptr[0] <= '9' &&
           str_to_i64(text, ret) && *ret <= max;
}

bool track_token_read(str text, struct track_token *ret)
{
    static const int64_t ENDS_S_MAX = INT64_C(253402300799);
    struct track_token token = {0};
    str rest = text;
    if (text.len > TRACK_TOKEN_BYTES ||
        !read_kind(str_split(rest, '.', &rest), &token.kind))
        return false;
    token.store = str_split(rest, '.', &rest);
    if (!store_is_fine(token.store) ||
        !read_subject(str_split(rest, '.', &rest), &token) ||
        !read_number(str_split(rest, '.', &rest), INT64_MAX,
                     &token.generation) ||
        !read_number(str_split(rest, '.', &rest), ENDS_S_MAX, &token.ends_at) ||
        rest.len == 0)
        return false;
    token.ends_at *= 1000;
    token.head = (str){text.ptr, (size_t)(rest.ptr - text.ptr) - 1};
    token.signature = rest;
    *ret = token;
    return true;
}

bool track_token_is_signed(struct arena *arena, const struct secret_ring *ring,
                           const struct track_token *token)
{
    return ring &&
           secret_signed(ring, signed_text(arena, token->kind, token->head),
                         token->signature);
}

err_t track_token_judge(struct arena *arena, const struct secret_ring *ring,
                        str store, utc_ms now, const struct track_token *token)
{
    if (!track_token_is_signed(arena, ring, token) ||
        !str_equal(token->store, store))
        return ERR_NOT_FOUND;
    return token->ends_at > now ? OK : ERR_GONE;
}

err_t track_token_make(struct ctx *ctx, const struct secret_ring *ring,
                       const struct track_token *token, str *ret)
{
    char subject[ID_TEXT_BYTES];
    int len = (int)(token->kind == TRACK_QUOTE
                        ? id_to_text("drf", token->draft.v, subject)
                        : id_to_text("ord", token->order.v, subject));
    str signature;
    str head = str_printf(ctx->arena, "%s.%.*s.%.*s.%lld.%lld",
                          begins[token->kind], STR_ARG(token->store), len,
                          subject, (long long)token->generation,
                          (long long)(token->ends_at / 1000));
    TRY(secret_sign(ctx, ring, signed_text(ctx->arena, token->kind, head),
                    &signature));
    *ret =
        str_printf(ctx->arena, "%.*s.%.*s", STR_ARG(head), STR_ARG(signature));
    return OK;
}
