/* json_raw.c - a parsed value back as compact text. */
#include "base/json_raw.h"

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

static void put_value(struct json_out *out, json_t *value);

static str real_text(double real, char *text, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    /* It was written as a real and stays one. */
    if (!strpbrk(text, ".e"))
        strncat(text, ".0", size - strlen(text) - 1);
    return str_from_cstr(text);
}

/* Keys are the client's here, so they are escaped as values are. */
static void put_pair(struct json_out *out, const char *key, json_t *value)
{
    json_put_cstr(out, NULL, key);
    buf_add_char(out->buf, ':');
    out->needs_comma = false;
    put_value(out, value);
}

static int compare_keys(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Keys are sorted, so that equal objects give equal texts. */
static void put_object(struct json_out *out, json_t *value)
{
    size_t count = json_object_size(value), n = 0;
    const char **keys = arena_array(out->buf->arena, const char *, count);
    for (void *pair = json_object_iter(value); pair;
         pair = json_object_iter_next(value, pair))
        keys[n++] = json_object_iter_key(pair);
    if (n > 1)
        qsort(keys, n, sizeof(*keys), compare_keys);
    json_begin(out, NULL);
    for (size_t i = 0; i < n; i++)
        put_pair(out, keys[i], json_object_get(value, keys[i]));
    json_end_object(out);
}

/* Recursion ends at LIMIT_JSON_DEPTH, which parsing has checked. */
static void put_value(struct json_out *out, json_t *value)
{
    char text[40];
    switch (json_typeof(value)) {
    case JSON_OBJECT: put_object(out, value); return;
    case JSON_ARRAY:
        json_begin_list(out, NULL);
        for (size_t i = 0; i < json_array_size(value); i++)
            put_value(out, json_array_get(value, i));
        json_end_list(out);
        return;
    case JSON_STRING:
        json_put_str(
            out, NULL,
            (str){json_string_value(value), json_string_length(value)});
        return;
    case JSON_INTEGER:
        json_put_i64(out, NULL, json_integer_value(value));
        return;
    case JSON_REAL:
        json_put_raw(out, NULL,
                     real_text(json_real_value(value), text, sizeof(text)));
        return;
    case JSON_TRUE:
    case JSON_FALSE: json_put_bool(out, NULL, json_is_true(value)); return;
    case JSON_NULL: json_put_null(out, NULL); return;
    }
    UNREACHABLE("put_value: every type is named above");
}

void json_raw_add(struct buf *buf, const json_t *value)
{
    struct json_out out;
    json_out_init(&out, buf);
    /* The parser's iterators want no const; nothing is written. */
    put_value(&out, (json_t *)(uintptr_t)value);
}
