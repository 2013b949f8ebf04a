/* json_parse.h - a body to a tree; private to json_*.c. */
#ifndef WHARF_BASE_JSON_PARSE_H
#define WHARF_BASE_JSON_PARSE_H

#include "base/base.h"
#include "base/json_node.h"

/* Fails with the slugs that json.h names. The tree is in ctx->arena. */
MUST_USE err_t json_parse_node(struct ctx *ctx, str body,
                               struct json_node *ret);
/* The same by jansson alone: the oracle of the tests. */
MUST_USE err_t json_parse_slowly(struct ctx *ctx, str body,
                                 struct json_node *ret);

#endif
