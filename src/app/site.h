/* site.h - the dashboard's files, built in by tools/site. */
#ifndef WHARF_APP_SITE_H
#define WHARF_APP_SITE_H

#include "net/http.h"

extern const struct http_site site_built_in;

#endif
