/* json_raw.h - a parsed value back as compact text; private to json_in.c. */
#ifndef WHARF_BASE_JSON_RAW_H
#define WHARF_BASE_JSON_RAW_H

#include "base/json_node.h"

struct buf;

/* Appends the value as compact JSON, keys sorted. Reals get the fewest
 * digits that read back as the same number. */
void json_raw_add(struct buf *buf, const struct json_node *value);

#endif
