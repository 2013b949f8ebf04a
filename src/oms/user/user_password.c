/* user_password.c - passwords: what they must be, and their slow hash. */
#include <assert.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/fold.h"
#include "base/str.h"
#include "oms/user/user_people.h"

static_assert(PASSWORD_HASH_BYTES >= crypto_pwhash_STRBYTES, "hash room");

/* Two passes over 64 MiB: more than OWASP asks of argon2id. */
static const unsigned long long OPS = crypto_pwhash_OPSLIMIT_INTERACTIVE;
static const size_t MEM = crypto_pwhash_MEMLIMIT_INTERACTIVE;

/* Of a random password nobody kept: what there is to compare with where there
 * is no account, so that the answer takes as long. */
static const char nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$SpZ9d9VyQjXC20xN9"
    "LZ2AA$RaDgbrHopH9nY1uT/IiiY5UWyn9aewCiUaIrUsEP03I";

err_t password_check(struct ctx *ctx, const char *field, str password)
{
    if (password.len < PASSWORD_MIN_BYTES)
        return fail_as(ctx, ERR_INVALID, "password_too_short", field,
                       "must have at least %d bytes", PASSWORD_MIN_BYTES);
    return check_line(ctx, field, password, 1, PASSWORD_MAX_BYTES);
}

err_t password_make(struct ctx *ctx, str password, str *ret)
{
    char *hash = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    str same = str_nfkc(ctx->arena, password);
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, same.ptr, same.len, OPS, MEM) != 0)
        return fail(ctx, ERR_BUSY, "", "no memory to hash a password");
    *ret = str_from_cstr(hash);
    return OK;
}

bool password_fits(struct ctx *ctx, str hash, str password)
{
    char text[PASSWORD_HASH_BYTES] = {0};
    str same = str_nfkc(ctx->arena, password);
    bool is_somebody = hash.len > 0 && hash.len < sizeof text;
    str with = is_somebody ? hash : ((str){nobody, sizeof nobody - 1});
    memcpy(text, with.ptr, with.len);
    bool fits = sodium_init() >= 0 &&
                crypto_pwhash_str_verify(text, same.ptr, same.len) == 0;
    return fits && is_somebody;
}
