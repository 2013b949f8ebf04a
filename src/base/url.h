/* url.h - the URLs we call, read strictly.
 *
 * Only http and https, a name or an address, a port, a path and a query. No
 * credentials, no fragment, no byte that somebody else could read otherwise:
 * what passes here means the same to whoever connects.
 */
#ifndef WHARF_BASE_URL_H
#define WHARF_BASE_URL_H

#include "base/base.h"

struct url {
    bool is_https;
    str host; /* As written; an IPv6 address without its brackets. */
    int port; /* As written, or that of the scheme. */
    str rest; /* Path and query, as written; may be empty. */
};
/* NULL, or what is wrong with it, as part of a sentence. */
const char *url_parse(str text, struct url *ret);

/* False for addresses of this machine, its network, groups and documentation,
 * also where they hide in an IPv6 one. */
bool address_is_public4(const unsigned char at[4]);
bool address_is_public6(const unsigned char at[16]);

#endif
