/* query.h - percent-decoding and the query of a target. */
#ifndef WHARF_NET_QUERY_H
#define WHARF_NET_QUERY_H

#include "base/base.h"
#include "net/route.h"

/* Decodes %41 (and '+' as a blank if `is_form`) into the arena. False where
 * an escape is broken or gives a NUL or bytes that are not UTF-8. Text without
 * escapes is returned as it is. */
bool percent_decode(struct arena *arena, str text, bool is_form, str *ret);
/* Fills req->query from "a=1&b=2"; memory in the arena of req->ctx. */
MUST_USE err_t query_parse(struct request *req, str query);

#endif
