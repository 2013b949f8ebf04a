/* json_raw.c - a parsed value back as compact text. */
#include "base/json_raw.h"

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

static void put_value(struct json_out *out, const struct json_node *value);

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

static int compare_pairs(const void *a, const void *b)
{
    const struct json_pair *const *x = a, *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

/* Keys are sorted, so that equal objects give equal texts. They are the
 * client's here, so they are escaped as values are. */
static void put_object(struct json_out *out, const struct json_node *value)
{
    const struct json_pair **pairs =
        arena_array(out->buf->arena, const struct json_pair *, value->count);
    for (size_t i = 0; i < value->count; i++)
        pairs[i] = &value->as.pairs[i];
    if (value->count > 1)
        /* Pointers are what is sorted. */
        /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
        qsort(pairs, value->count, sizeof(*pairs), compare_pairs);
    json_begin(out, NULL);
    for (size_t i = 0; i < value->count; i++) {
        json_put_str(out, NULL, (str){pairs[i]->key, pairs[i]->key_len});
        buf_add_char(out->buf, ':');
        out->needs_comma = false;
        put_value(out, &pairs[i]->value);
    }
    json_end_object(out);
}

/* Recursion ends at LIMIT_JSON_DEPTH, which parsing has checked. */
static void put_value(struct json_out *out, const struct json_node *value)
{
    char text[40];
    switch (value->kind) {
    case NODE_OBJECT: put_object(out, value); return;
    case NODE_LIST:
        json_begin_list(out, NULL);
        for (size_t i = 0; i < value->count; i++)
            put_value(out, &value->as.list[i]);
        json_end_list(out);
        return;
    case NODE_STR:
        json_put_str(out, NULL, (str){value->as.s, value->count});
        return;
    case NODE_INT: json_put_i64(out, NULL, value->as.i); return;
    case NODE_REAL:
        json_put_raw(out, NULL, real_text(value->as.real, text, sizeof(text)));
        return;
    case NODE_TRUE:
    case NODE_FALSE: json_put_bool(out, NULL, value->kind == NODE_TRUE); return;
    case NODE_NULL: json_put_null(out, NULL); return;
    }
    UNREACHABLE("put_value: every kind is named above");
}

void json_raw_add(struct buf *buf, const struct json_node *value)
{
    struct json_out out;
    json_out_init(&out, buf);
    put_value(&out, value);
}
