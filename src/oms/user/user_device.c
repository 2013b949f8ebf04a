/* user_device.c - signs and recognizes browsers. */
#include "oms/user/user_device.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "oms/user/user_secret.h"

enum { MAC_BYTES = 16, MAC_HEX = 2 * MAC_BYTES };

static void sign(str name, str device_key, char ret[MAC_HEX])
{
    unsigned char mac[MAC_BYTES];
    char text[MAC_HEX + 1];
    ASSERT(device_key.len == KEY_HEX_BYTES);
    crypto_generichash(mac, sizeof mac, (const unsigned char *)name.ptr,
                       name.len, (const unsigned char *)device_key.ptr,
                       device_key.len);
    sodium_bin2hex(text, sizeof text, mac, sizeof mac);
    memcpy(ret, text, MAC_HEX);
}

/* "wd_… . mac . mac": the name, and the macs behind it. */
static bool read_name(str cookie, str *ret_name, str *ret_macs)
{
    unsigned char hash[KEY_HASH_BYTES];
    *ret_name = str_split(cookie, '.', ret_macs);
    return secret_hash("wd", *ret_name, hash);
}

bool device_is_known(str cookie, str device_key, str *ret)
{
    str name, rest;
    char mac[MAC_HEX];
    if (device_key.len != KEY_HEX_BYTES || !read_name(cookie, &name, &rest))
        return false;
    sign(name, device_key, mac);
    for (int i = 0; i < DEVICE_PEOPLE && rest.len > 0; i++) {
        str one = str_split(rest, '.', &rest);
        if (one.len == MAC_HEX && sodium_memcmp(one.ptr, mac, MAC_HEX) == 0) {
            *ret = name;
            return true;
        }
    }
    return false;
}

static bool is_hex(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
            return false;
    return text.len == MAC_HEX;
}

str device_sign(struct ctx *ctx, str cookie, str device_key)
{
    str name, rest;
    char mac[MAC_HEX];
    struct buf buf;
    if (!read_name(cookie, &name, &rest)) {
        char *text = arena_alloc(ctx->arena, KEY_SECRET_BYTES);
        secret_make("wd", text);
        name = (str){text, KEY_SECRET_BYTES};
        rest = STR_NONE;
    }
    sign(name, device_key, mac);
    buf_init(&buf, ctx->arena, 512);
    buf_add_str(&buf, name);
    buf_add_char(&buf, '.');
    buf_add(&buf, mac, MAC_HEX);
    for (int kept = 1; kept < DEVICE_PEOPLE && rest.len > 0;) {
        str one = str_split(rest, '.', &rest);
        if (!is_hex(one) || memcmp(one.ptr, mac, MAC_HEX) == 0)
            continue;
        buf_add_char(&buf, '.');
        buf_add_str(&buf, one);
        kept++;
    }
    return buf_str(&buf);
}
