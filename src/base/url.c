/* url.c - reading URLs, and which addresses are the public Internet's. */
#include "base/url.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

enum { PORT_MAX = 65535, HOST_MAX = 253 };

static bool take(str *text, str prefix)
{
    if (text->len < prefix.len ||
        strncasecmp(text->ptr, prefix.ptr, prefix.len) != 0)
        return false;
    *text = (str){text->ptr + prefix.len, text->len - prefix.len};
    return true;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool is_hex_or_colon(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

static bool is_name(str host)
{
    if (host.len == 0 || host.len > HOST_MAX || host.ptr[0] == '.' ||
        host.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (c == '.' && i > 0 && host.ptr[i - 1] == '.')
            return false;
        if (!is_letter_or_digit(c) && c != '.' && c != '-' && c != '_')
            return false;
    }
    return true;
}

static bool is_address6(str host)
{
    bool has_colon = false;
    for (size_t i = 0; i < host.len; i++) {
        if (!is_hex_or_colon(host.ptr[i]))
            return false;
        has_colon |= host.ptr[i] == ':';
    }
    return has_colon && host.len <= 45;
}

static size_t authority_len(str text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] != '/' && text.ptr[len] != '?')
        len++;
    return len;
}

static const char *read_port(str text, struct url *ret)
{
    int64_t port;
    if (text.len == 0)
        return NULL;
    if (text.ptr[0] != ':' ||
        !str_to_i64((str){text.ptr + 1, text.len - 1}, &port) ||
        text.ptr[1] == '-' || port < 1 || port > PORT_MAX)
        return "its port is not between 1 and 65535";
    ret->port = (int)port;
    return NULL;
}

static const char *read_authority(str text, struct url *ret)
{
    size_t len = 0;
    if (text.len > 0 && text.ptr[0] == '[') {
        while (len < text.len && text.ptr[len] != ']')
            len++;
        if (len == text.len)
            return "a bracket is not closed";
        ret->host = (str){text.ptr + 1, len - 1};
        if (!is_address6(ret->host))
            return "in brackets stands no IPv6 address";
        len++;
    } else {
        while (len < text.len && text.ptr[len] != ':')
            len++;
        ret->host = (str){text.ptr, len};
        if (!is_name(ret->host))
            return "its host is no name or address";
    }
    return read_port((str){text.ptr + len, text.len - len}, ret);
}

const char *url_parse(str text, struct url *ret)
{
    struct url url = {.port = 80};
    if (text.len > LIMIT_URL_BYTES)
        return "it is too long";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c <= ' ' || c > '~' || c == '\\' || c == '"' || c == '<' ||
            c == '>')
            return "it has a byte that must be escaped";
        if (c == '#')
            return "it has a fragment";
    }
    if (take(&text, STR("https://"))) {
        url.is_https = true;
        url.port = 443;
    } else if (!take(&text, STR("http://"))) {
        return "it does not begin with https:// or http://";
    }
    size_t len = authority_len(text);
    if (memchr(text.ptr, '@', len))
        return "it carries credentials";
    url.rest = (str){text.ptr + len, text.len - len};
    const char *why = read_authority((str){text.ptr, len}, &url);
    if (why)
        return why;
    *ret = url;
    return NULL;
}

/* ---- addresses ---- */

/* IANA's special-purpose registry of IPv4, and what is above it. */
static const struct {
    unsigned char at[4];
    int bits;
} special4[] = {
    {{0, 0, 0, 0},      8 },
    {{10, 0, 0, 0},     8 },
    {{100, 64, 0, 0},   10},
    {{127, 0, 0, 0},    8 },
    {{169, 254, 0, 0},  16},
    {{172, 16, 0, 0},   12},
    {{192, 0, 0, 0},    24},
    {{192, 0, 2, 0},    24},
    {{192, 88, 99, 0},  24},
    {{192, 168, 0, 0},  16},
    {{198, 18, 0, 0},   15},
    {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0},  24},
    {{224, 0, 0, 0},    3 }, /* Groups, reserved, broadcast.
  */
};

/* Within 2000::/3; what lies outside it is not public at all. */
static const struct {
    unsigned char at[4];
    int bits;
} special6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* Protocols; Teredo hides others. */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* Documentation. */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4 hides others. */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* Documentation. */
};

static bool is_within(const unsigned char *at, const unsigned char *net,
                      int bits)
{
    int whole = bits / 8, left = bits % 8;
    if (memcmp(at, net, (size_t)whole) != 0)
        return false;
    return left == 0 || (at[whole] ^ net[whole]) >> (8 - left) == 0;
}

bool address_is_public4(const unsigned char at[4])
{
    for (size_t i = 0; i < COUNT_OF(special4); i++)
        if (is_within(at, special4[i].at, special4[i].bits))
            return false;
    return true;
}

bool address_is_public6(const unsigned char at[16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                             0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(at, mapped, sizeof mapped) == 0)
        return address_is_public4(at + sizeof mapped);
    if (at[0] >> 5 != 1)
        return false;
    for (size_t i = 0; i < COUNT_OF(special6); i++)
        if (is_within(at, special6[i].at, special6[i].bits))
            return false;
    return true;
}
