/* user_secret.c - random secrets of keys and sessions, and their hashes.
 *
 * A plain fast hash is right here: the secret has 256 random bits, so there is
 * nothing to guess that a slow one would protect.
 */
#include "oms/user/user_secret.h"

#include <assert.h>
#include <sodium.h>

#include "oms/user/user_session.h"

enum { RANDOM_BYTES = 32, PREFIX_BYTES = 3 };
static_assert((int)SESSION_TOKEN_BYTES == (int)KEY_SECRET_BYTES, "one form");
static_assert((int)SESSION_CSRF_BYTES == (int)KEY_HEX_BYTES, "a hash as text");

static const char hex_digits[16] = {'0', '1', '2', '3', '4', '5', '6', '7',
                                    '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

void secret_make(const char *prefix, char ret[KEY_SECRET_BYTES])
{
    unsigned char random[RANDOM_BYTES];
    randombytes_buf(random, sizeof random);
    memcpy(ret, prefix, PREFIX_BYTES - 1);
    ret[PREFIX_BYTES - 1] = '_';
    unsigned bits = 0, held = 0;
    size_t n = PREFIX_BYTES;
    for (size_t i = 0; i < RANDOM_BYTES; i++) {
        bits = (bits << 8 | random[i]) & 0xfff;
        for (held += 8; held >= 5; held -= 5)
            ret[n++] = digits[bits >> (held - 5) & 31];
    }
    /* 256 bits are 51 digits and one bit. */
    ret[n++] = digits[bits << (5 - held) & 31];
    ASSERT(n == KEY_SECRET_BYTES);
    sodium_memzero(random, sizeof random);
}

static bool is_formed(const char *prefix, str text)
{
    if (text.len != KEY_SECRET_BYTES ||
        memcmp(text.ptr, prefix, PREFIX_BYTES - 1) != 0 ||
        text.ptr[PREFIX_BYTES - 1] != '_')
        return false;
    for (size_t i = PREFIX_BYTES; i < text.len; i++)
        if (!memchr(digits, text.ptr[i], sizeof digits - 1))
            return false;
    return true;
}

bool secret_hash(const char *prefix, str text,
                 unsigned char ret[KEY_HASH_BYTES])
{
    if (!is_formed(prefix, text))
        return false;
    crypto_generichash(ret, KEY_HASH_BYTES, (const unsigned char *)text.ptr,
                       text.len, NULL, 0);
    return true;
}

bool key_hash(str text, unsigned char ret[KEY_HASH_BYTES])
{
    return secret_hash("wk", text, ret);
}

bool session_hash(str token, unsigned char ret[KEY_HASH_BYTES])
{
    return secret_hash("ws", token, ret);
}

/* Who has the token can make it; who has only the stored hash cannot. */
void session_csrf(str token, char ret[SESSION_CSRF_BYTES])
{
    static const char what[] = "wharf csrf";
    unsigned char hash[KEY_HASH_BYTES];
    ASSERT(token.len == SESSION_TOKEN_BYTES);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)what,
                       sizeof what - 1, (const unsigned char *)token.ptr,
                       token.len);
    hash_to_hex(hash, ret);
}

bool session_csrf_fits(str token, str csrf)
{
    char want[SESSION_CSRF_BYTES];
    session_csrf(token, want);
    return csrf.len == sizeof want &&
           sodium_memcmp(want, csrf.ptr, sizeof want) == 0;
}

void hash_to_hex(const unsigned char hash[KEY_HASH_BYTES],
                 char ret[KEY_HEX_BYTES])
{
    char text[KEY_HEX_BYTES + 1];
    sodium_bin2hex(text, sizeof text, hash, KEY_HASH_BYTES);
    memcpy(ret, text, KEY_HEX_BYTES);
}

void device_key_make(char ret[KEY_HEX_BYTES])
{
    unsigned char random[KEY_HASH_BYTES];
    randombytes_buf(random, sizeof random);
    hash_to_hex(random, ret);
    sodium_memzero(random, sizeof random);
}

bool hash_from_hex(str hex, unsigned char ret[KEY_HASH_BYTES])
{
    size_t len;
    if (hex.len != KEY_HEX_BYTES)
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (!memchr(hex_digits, hex.ptr[i], sizeof hex_digits))
            return false;
    return sodium_hex2bin(ret, KEY_HASH_BYTES, hex.ptr, hex.len, NULL, &len,
                          NULL) == 0 &&
           len == KEY_HASH_BYTES;
}
