/* relay.c - see relay.h. */
#include "connect/relay.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/url.h"

enum {
    HOOK_WINDOW_S = 300, /* How far its clock may be from ours. */
    HOOK_SIGNATURES_MAX = 8
};

err_t relay_url(struct ctx *ctx, str settings, str *ret)
{
    struct json_in *in;
    TRY(json_parse(ctx, settings, &in));
    TRY(relay_read_url(ctx, in, ret));
    return json_end(in);
}

err_t relay_read_url(struct ctx *ctx, struct json_in *in, str *ret)
{
    struct url url;
    TRY(json_get_str(in, "url", 1, LIMIT_URL_BYTES, ret));
    const char *why = url_parse(*ret, &url);
    if (why)
        return fail_as(ctx, ERR_INVALID, "url_invalid", "settings.url",
                       "the URL: %s", why);
    return OK;
}

struct outside_call relay_call(struct arena *arena, str url, str secret,
                               str body)
{
    str bearer =
        str_printf(arena, "Authorization: Bearer %.*s", STR_ARG(secret));
    return (struct outside_call){
        .method = "POST",
        .url = str_to_cstr(arena, url),
        .headers = {"Content-Type: application/json",
                    str_to_cstr(arena, bearer)},
        .body = body,
    };
}

bool relay_is_refusal(int status)
{
    return status >= 400 && status < 500 && status != 408 && status != 409 &&
           status != 425 && status != 429;
}

/* ---- webhooks, signed as Standard Webhooks has it ---- */

str relay_sign(struct arena *arena, str secret, const struct outside_hook *hook)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof mac,
                                        sodium_base64_VARIANT_ORIGINAL)];
    crypto_auth_hmacsha256_state state;
    str head = str_printf(arena, "%.*s.%.*s.", STR_ARG(hook->id),
                          STR_ARG(hook->timestamp));
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.ptr,
                                secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.ptr,
                                  head.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)hook->body.ptr,
                                  hook->body.len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2base64(text, sizeof text, mac, sizeof mac,
                      sodium_base64_VARIANT_ORIGINAL);
    return str_printf(arena, "v1,%s", text);
}

static bool is_fresh(const struct outside_hook *hook)
{
    int64_t at_s, now_s = hook->now / 1000;
    return str_to_i64(hook->timestamp, &at_s) &&
           at_s >= now_s - HOOK_WINDOW_S && at_s <= now_s + HOOK_WINDOW_S;
}

/* One of the signatures, parted by blanks; while a secret is changed there are
 * two. */
static bool is_signed(struct arena *arena, str secret,
                      const struct outside_hook *hook)
{
    str wanted = relay_sign(arena, secret, hook);
    str rest = hook->signature;
    bool is_one = false;
    for (int i = 0; i < HOOK_SIGNATURES_MAX && rest.len > 0; i++) {
        str shown = str_split(rest, ' ', &rest);
        is_one |= shown.len == wanted.len &&
                  sodium_memcmp(shown.ptr, wanted.ptr, wanted.len) == 0;
    }
    return is_one;
}

err_t relay_check_hook(struct ctx *ctx, str secret,
                       const struct outside_hook *hook)
{
    bool is_ours = is_signed(ctx->arena, secret, hook);
    if (!is_ours || secret.len == 0 || !is_fresh(hook))
        return fail_as(ctx, ERR_UNAUTHENTICATED, "signature_wrong", "",
                       "the signature is not that of the body, or too old");
    return OK;
}
