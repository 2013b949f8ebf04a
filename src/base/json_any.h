/* json_any.h - foreign JSON documents of any shape, read with patience.
 *
 * json.h is strict: it knows what must stand where and refuses the rest. This
 * is for payloads of others, where a number may be a string, a key may be
 * missing or null, and the top may be an array or several documents in a row.
 * Asking a value for what it is not gives nothing, never a failure. Refused
 * are bad syntax, invalid UTF-8 and duplicate keys. Values live until close.
 */
#ifndef WHARF_BASE_JSON_ANY_H
#define WHARF_BASE_JSON_ANY_H

#include "base/base.h"

enum json_kind {
    JSON_KIND_NONE = 0, /* Missing, or null. */
    JSON_KIND_OBJECT,
    JSON_KIND_LIST,
    JSON_KIND_STRING,
    JSON_KIND_NUMBER,
    JSON_KIND_BOOL
};

/* One value inside a document; cheap to copy. */
typedef struct json_any {
    const void *node;
} json_any;

/* The next document of a text that may hold many, one after another; a byte
 * order mark is skipped. *ret is JSON_KIND_NONE at the end of the text. Fails
 * with ERR_MALFORMED, slug "json_…" and the line. json_any_close() each. */
MUST_USE err_t json_any_parse(struct ctx *ctx, str *text, json_any *ret);
void json_any_close(json_any document);

enum json_kind json_any_kind(json_any value);
/* Elements of a list or keys of an object; 0 for the rest. */
size_t json_any_count(json_any value);
json_any json_any_at(json_any list, size_t i);
json_any json_any_get(json_any object, const char *key);
/* True where it is there and not null. */
bool json_any_has(json_any object, const char *key);
/* Missing, null or an empty string. */
bool json_any_is_blank(json_any value);
bool json_any_is_true(json_any object, const char *key);

/* Walks the keys of an object in their order: fn stops it by failing. */
typedef err_t json_any_key_fn(struct ctx *ctx, str key, json_any value,
                              void *arg);
MUST_USE err_t json_any_each(struct ctx *ctx, json_any object,
                             json_any_key_fn *fn, void *arg);

/* A string as it is, a number as it was written up to 15 digits, true and
 * false as words; empty for the rest. In the arena. */
str json_any_text(struct arena *arena, json_any value);
str json_any_get_text(struct arena *arena, json_any object, const char *key);
/* A whole number, also as a string; false if it is none. */
bool json_any_to_i64(json_any value, int64_t *ret);
/* Compact JSON text with sorted keys, in the arena; "null" for none. */
str json_any_dump(struct arena *arena, json_any value);

#endif
