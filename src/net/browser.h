/* browser.h - what only browsers send: cookies, and where a page came from. */
#ifndef WHARF_NET_BROWSER_H
#define WHARF_NET_BROWSER_H

#include "base/base.h"

/* The value of that cookie in a Cookie header. False where it is missing or
 * stands there with two values: then nobody knows whose it is. */
bool cookie_find(str header, const char *name, str *ret);
/* True where a page of that host sent it: "https://shop.example" of
 * "shop.example" or "shop.example:443". "null" is nobody's. */
bool origin_is_host(str origin, str host);

#endif
