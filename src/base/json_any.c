/* json_any.c - foreign JSON over jansson. */
#define WHARF_UNBANNED
#include "base/json_any.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { REAL_DIGITS = 15, NUMBER_TEXT_BYTES = 64 };

static const json_t *node_of(json_any value)
{
    return value.node;
}

static str skip_blank(str text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t i = 0;
    if (text.len >= 3 && memcmp(text.ptr, mark, 3) == 0)
        i = 3;
    while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\n' ||
                            text.ptr[i] == '\r' || text.ptr[i] == '\t'))
        i++;
    return (str){text.ptr + i, text.len - i};
}

static const char *slug_of(const json_error_t *error)
{
    enum json_error_code code = json_error_code(error);
    if (code == json_error_invalid_utf8)
        return "utf8_invalid";
    if (code == json_error_duplicate_key)
        return "json_duplicate_key";
    if (code == json_error_stack_overflow)
        return "json_too_deep";
    if (code == json_error_numeric_overflow)
        return "number_out_of_range";
    return "json_syntax";
}

err_t json_any_parse(struct ctx *ctx, str *text, json_any *ret)
{
    str rest = skip_blank(*text);
    *text = rest;
    *ret = (json_any){NULL};
    if (rest.len == 0)
        return OK;
    json_error_t error;
    size_t flags =
        JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY;
    json_t *node = json_loadb(rest.ptr, rest.len, flags, &error);
    if (!node)
        return fail_as(ctx, ERR_MALFORMED, slug_of(&error), "",
                       "line %d, column %d: %s", error.line, error.column,
                       error.text);
    /* Without the check for the end, position says how far it read. */
    size_t used = error.position > 0 ? (size_t)error.position : rest.len;
    if (used > rest.len)
        used = rest.len;
    *text = (str){rest.ptr + used, rest.len - used};
    ret->node = node;
    return OK;
}

void json_any_close(json_any document)
{
    /* The document was ours alone; const is for those who only read. */
    json_decref((json_t *)(uintptr_t)document.node);
}

enum json_kind json_any_kind(json_any value)
{
    if (!value.node)
        return JSON_KIND_NONE;
    switch (json_typeof(node_of(value))) {
    case JSON_OBJECT: return JSON_KIND_OBJECT;
    case JSON_ARRAY: return JSON_KIND_LIST;
    case JSON_STRING: return JSON_KIND_STRING;
    case JSON_INTEGER:
    case JSON_REAL: return JSON_KIND_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_KIND_BOOL;
    case JSON_NULL: return JSON_KIND_NONE;
    }
    UNREACHABLE("not a type of jansson");
}

size_t json_any_count(json_any value)
{
    const json_t *node = node_of(value);
    if (json_is_array(node))
        return json_array_size(node);
    return json_is_object(node) ? json_object_size(node) : 0;
}

json_any json_any_at(json_any list, size_t i)
{
    const json_t *node = node_of(list);
    return (json_any){json_is_array(node) ? json_array_get(node, i) : NULL};
}

json_any json_any_get(json_any object, const char *key)
{
    const json_t *node = node_of(object);
    return (json_any){json_is_object(node) ? json_object_get(node, key) : NULL};
}

bool json_any_has(json_any object, const char *key)
{
    return json_any_kind(json_any_get(object, key)) != JSON_KIND_NONE;
}

bool json_any_is_blank(json_any value)
{
    const json_t *node = node_of(value);
    if (json_is_string(node))
        return json_string_length(node) == 0;
    return json_any_kind(value) == JSON_KIND_NONE;
}

bool json_any_is_true(json_any object, const char *key)
{
    return json_is_true(node_of(json_any_get(object, key)));
}

err_t json_any_each(struct ctx *ctx, json_any object, json_any_key_fn *fn,
                    void *arg)
{
    json_t *node = (json_t *)(uintptr_t)object.node;
    if (!json_is_object(node))
        return OK;
    for (void *at = json_object_iter(node); at;
         at = json_object_iter_next(node, at)) {
        str key = str_from_cstr(json_object_iter_key(at));
        TRY(fn(ctx, key, (json_any){json_object_iter_value(at)}, arg));
    }
    return OK;
}

str json_any_text(struct arena *arena, json_any value)
{
    const json_t *node = node_of(value);
    if (json_is_string(node))
        return str_copy(
            arena, (str){json_string_value(node), json_string_length(node)});
    if (json_is_integer(node))
        return str_printf(arena, "%" PRId64, (int64_t)json_integer_value(node));
    if (json_is_real(node))
        return str_printf(arena, "%.*g", REAL_DIGITS, json_real_value(node));
    if (json_is_boolean(node))
        return str_from_cstr(json_is_true(node) ? "true" : "false");
    return STR("");
}

str json_any_get_text(struct arena *arena, json_any object, const char *key)
{
    return json_any_text(arena, json_any_get(object, key));
}

bool json_any_to_i64(json_any value, int64_t *ret)
{
    const json_t *node = node_of(value);
    if (json_is_string(node))
        return str_to_i64(
            (str){json_string_value(node), json_string_length(node)}, ret);
    if (!json_is_integer(node))
        return false;
    *ret = json_integer_value(node);
    return true;
}

str json_any_dump(struct arena *arena, json_any value)
{
    if (!value.node)
        return STR("null");
    size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY |
                   JSON_REAL_PRECISION(REAL_DIGITS);
    char *text = json_dumps(node_of(value), flags);
    ASSERT(text != NULL);
    str ret = str_copy(arena, str_from_cstr(text));
    free(text);
    return ret;
}
