/* http_site.h - the files of the site that is built in; private to src/net. */
#ifndef WHARF_NET_HTTP_SITE_H
#define WHARF_NET_HTTP_SITE_H

#include "base/base.h"

struct buf;
struct http_exchange;

/* Answers with a file of the site, if the request is for one. */
bool site_answer(struct http_exchange *exchange);
/* What the reply says of that file. */
void site_headers(const struct http_exchange *exchange, struct buf *head);

#endif
