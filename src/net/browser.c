/* browser.c - reads cookies and origins. Pure. */
#include "net/browser.h"

#include <strings.h>

#include "base/str.h"

static str unquote(str value)
{
    if (value.len >= 2 && value.ptr[0] == '"' &&
        value.ptr[value.len - 1] == '"')
        return (str){value.ptr + 1, value.len - 2};
    return value;
}

bool cookie_find(str header, const char *name, str *ret)
{
    bool is_found = false;
    str found = STR_NONE;
    while (header.len > 0) {
        str value;
        str key =
            str_trim(str_split(str_split(header, ';', &header), '=', &value));
        if (!str_equal_cstr(key, name))
            continue;
        value = unquote(str_trim(value));
        if (is_found && !str_equal(value, found))
            return false;
        found = value;
        is_found = true;
    }
    if (is_found)
        *ret = found;
    return is_found;
}

/* Without ":443", where that is what the scheme means anyway. */
static str without_port(str authority, str port)
{
    if (authority.len > port.len &&
        memcmp(authority.ptr + authority.len - port.len, port.ptr, port.len) ==
            0)
        authority.len -= port.len;
    return authority;
}

bool origin_is_host(str origin, str host)
{
    str https = STR("https://"), http = STR("http://");
    bool is_https = str_starts(origin, https);
    if (!is_https && !str_starts(origin, http))
        return false;
    size_t skip = is_https ? https.len : http.len;
    str port = is_https ? STR(":443") : STR(":80");
    str from = {origin.ptr + skip, origin.len - skip};
    from = without_port(from, port);
    host = without_port(host, port);
    return from.len > 0 && from.len == host.len &&
           strncasecmp(from.ptr, host.ptr, from.len) == 0;
}
