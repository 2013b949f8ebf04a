/* json_in.c - JSON in: a thin reader over a tree that knows where it is. */
#include "base/json.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json_parse.h"
#include "base/json_raw.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

/* One parsed body; all objects read from it share it. */
struct document {
    struct ctx *ctx;
    struct json_node root;
};

struct json_in {
    struct document *document;
    const struct json_node *node;
    struct json_in *parent; /* NULL: the body itself. */
    const char *key;        /* In the parent. */
    size_t index;           /* In the list of that key, or NOT_LISTED. */
    bool is_rest_allowed, is_null_refused;
    size_t read_count;
    size_t next;    /* Where the next key is looked for first. */
    bool is_read[]; /* By pair: somebody asked for it. */
};

#define NOT_LISTED SIZE_MAX

/* ---- where it is, and what is wrong ---- */

static void add_path(struct buf *buf, const struct json_in *in)
{
    if (!in->parent)
        return;
    add_path(buf, in->parent);
    if (buf->len)
        buf_add_char(buf, '.');
    buf_add_cstr(buf, in->key);
    if (in->index != NOT_LISTED)
        buf_addf(buf, "[%zu]", in->index);
}

str json_path(struct json_in *in, const char *key)
{
    struct buf buf;
    buf_init(&buf, in->document->ctx->arena, 1024);
    add_path(&buf, in);
    if (key && buf.len)
        buf_add_char(&buf, '.');
    if (key)
        buf_add_cstr(&buf, key);
    return str_copy(in->document->ctx->arena, buf_str(&buf));
}

err_t(json_fail)(struct json_in *in, const char *key, err_t code,
                 const char *slug, const char *fmt, ...)
{
    char text[sizeof(in->document->ctx->err.text)];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    /* str_copy ends its copies with a NUL. */
    return fail_as(in->document->ctx, code, slug, json_path(in, key).ptr, "%s",
                   text);
}

static err_t fail_at(struct json_list *list, size_t i, const char *slug,
                     const char *fmt, ...) PRINTF_LIKE(4, 5);

static err_t fail_at(struct json_list *list, size_t i, const char *slug,
                     const char *fmt, ...)
{
    struct ctx *ctx = list->parent->document->ctx;
    char text[sizeof(ctx->err.text)];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    str path = json_path(list->parent, list->key);
    path = str_printf(ctx->arena, "%.*s[%zu]", STR_ARG(path), i);
    return fail_as(ctx, ERR_INVALID, slug, path.ptr, "%s", text);
}

static err_t fail_type(struct json_in *in, const char *key, const char *wanted)
{
    return json_fail(in, key, ERR_INVALID, "wrong_type", "must be %s", wanted);
}

static err_t fail_missing(struct json_in *in, const char *key)
{
    return json_fail(in, key, ERR_INVALID, "missing_field", "is required");
}

static struct json_in *object_open(struct document *document,
                                   const struct json_node *node)
{
    struct json_in *in =
        arena_alloc(document->ctx->arena, sizeof(*in) + node->count);
    in->document = document;
    in->node = node;
    in->index = NOT_LISTED;
    return in;
}

err_t json_parse(struct ctx *ctx, str body, struct json_in **ret)
{
    struct json_node root;
    TRY(json_parse_node(ctx, body, &root));
    if (root.kind != NODE_OBJECT)
        return fail_as(ctx, ERR_INVALID, "wrong_type", "",
                       "the body must be an object");
    struct document *document = arena_new(ctx->arena, struct document);
    *document = (struct document){.ctx = ctx, .root = root};
    *ret = object_open(document, &document->root);
    return OK;
}

void json_in_rebind(struct json_in *in, struct ctx *ctx)
{
    in->document->ctx = ctx;
}

/* ---- asking for keys ---- */

/* The pair of that key; its index is count where there is none. Readers ask
 * mostly in the order of the text. */
static size_t find(struct json_in *in, const char *key)
{
    size_t count = in->node->count, len = strlen(key);
    for (size_t n = 0, i = in->next; n < count; n++, i++) {
        if (i >= count)
            i -= count;
        const struct json_pair *pair = &in->node->as.pairs[i];
        if (pair->key_len == len && memcmp(pair->key, key, len) == 0) {
            in->next = i + 1 < count ? i + 1 : 0;
            return i;
        }
    }
    return count;
}

static const struct json_node *value_at(const struct json_in *in, size_t i)
{
    if (i == in->node->count)
        return NULL;
    const struct json_node *value = &in->node->as.pairs[i].value;
    return value->kind == NODE_NULL ? NULL : value;
}

/* The value of that key, marked as read; NULL where it is missing or null. */
static const struct json_node *take(struct json_in *in, const char *key)
{
    size_t i = find(in, key);
    const struct json_node *value = value_at(in, i);
    if (i < in->node->count && !in->is_read[i] &&
        (value || !in->is_null_refused)) {
        in->is_read[i] = true;
        in->read_count++;
    }
    return value;
}

bool json_has(struct json_in *in, const char *key)
{
    return value_at(in, find(in, key)) != NULL;
}

static err_t read_i64(struct json_in *in, const char *key,
                      const struct json_node *value, const int64_t range[2],
                      int64_t *ret)
{
    if (value->kind != NODE_INT)
        return fail_type(in, key, "a whole number");
    int64_t number = value->as.i;
    if (number < range[0] || number > range[1])
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be %lld to %lld", (long long)range[0],
                         (long long)range[1]);
    *ret = number;
    return OK;
}

err_t json_get_i64(struct json_in *in, const char *key, int64_t min,
                   int64_t max, int64_t *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return fail_missing(in, key);
    return read_i64(in, key, value, (int64_t[]){min, max}, ret);
}

err_t json_opt_i64(struct json_in *in, const char *key, int64_t min,
                   int64_t max, int64_t *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    return read_i64(in, key, value, (int64_t[]){min, max}, ret);
}

static str node_str(const struct json_node *value)
{
    return (str){value->as.s, value->count};
}

static err_t read_str(struct json_in *in, const char *key,
                      const struct json_node *value, const size_t range[2],
                      str *ret)
{
    if (value->kind != NODE_STR)
        return fail_type(in, key, "a string");
    str s = node_str(value);
    if (s.len < range[0])
        return json_fail(in, key, ERR_INVALID, "too_short",
                         "must have at least %zu bytes", range[0]);
    if (s.len > range[1])
        return json_fail(in, key, ERR_INVALID, "too_long",
                         "must have at most %zu bytes", range[1]);
    *ret = s;
    return OK;
}

err_t json_get_str(struct json_in *in, const char *key, size_t min, size_t max,
                   str *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return fail_missing(in, key);
    return read_str(in, key, value, (size_t[]){min, max}, ret);
}

err_t json_opt_str(struct json_in *in, const char *key, size_t min, size_t max,
                   str *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    return read_str(in, key, value, (size_t[]){min, max}, ret);
}

err_t json_opt_bool(struct json_in *in, const char *key, bool *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    if (value->kind != NODE_TRUE && value->kind != NODE_FALSE)
        return fail_type(in, key, "true or false");
    *ret = value->kind == NODE_TRUE;
    return OK;
}

err_t json_opt_id(struct json_in *in, const char *key, const char *prefix,
                  int64_t *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    if (value->kind != NODE_STR)
        return fail_type(in, key, "a string");
    if (!id_from_text(prefix, node_str(value), ret))
        return json_fail(in, key, ERR_INVALID, "invalid_id",
                         "must be an id as \"%s_…\"", prefix);
    return OK;
}

err_t json_get_id(struct json_in *in, const char *key, const char *prefix,
                  int64_t *ret)
{
    if (!json_has(in, key))
        return fail_missing(in, key);
    return json_opt_id(in, key, prefix, ret);
}

err_t json_opt_time(struct json_in *in, const char *key, utc_ms *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    if (value->kind != NODE_STR)
        return fail_type(in, key, "a string");
    if (!time_from_text(node_str(value), ret))
        return json_fail(in, key, ERR_INVALID, "invalid_time",
                         "must be an RFC 3339 time as "
                         "\"2026-01-31T12:00:00Z\"");
    return OK;
}

err_t json_opt_enum(struct json_in *in, const char *key,
                    const char *const *names, size_t count, int *ret)
{
    const struct json_node *value = take(in, key);
    if (!value)
        return OK;
    if (value->kind != NODE_STR)
        return fail_type(in, key, "a string");
    str s = node_str(value);
    for (size_t i = 0; i < count; i++) {
        /* A table by enum value may have a hole where 0 means none. */
        if (names[i] && str_equal_cstr(s, names[i])) {
            *ret = (int)i;
            return OK;
        }
    }
    struct buf list;
    buf_init(&list, in->document->ctx->arena, 180);
    for (size_t i = 0; i < count; i++) {
        if (names[i])
            buf_addf(&list, "%s%s", list.len ? ", " : "", names[i]);
    }
    return json_fail(in, key, ERR_INVALID, "unknown_value",
                     "must be one of: %.*s", STR_ARG(buf_str(&list)));
}

err_t json_get_enum(struct json_in *in, const char *key,
                    const char *const *names, size_t count, int *ret)
{
    if (!json_has(in, key))
        return fail_missing(in, key);
    return json_opt_enum(in, key, names, count, ret);
}

/* ---- objects and lists ---- */

err_t json_opt_object(struct json_in *in, const char *key, struct json_in **ret)
{
    const struct json_node *value = take(in, key);
    if (!value) {
        *ret = NULL;
        return OK;
    }
    if (value->kind != NODE_OBJECT)
        return fail_type(in, key, "an object");
    struct json_in *object = object_open(in->document, value);
    object->parent = in;
    object->key = key;
    *ret = object;
    return OK;
}

err_t json_get_object(struct json_in *in, const char *key, struct json_in **ret)
{
    if (!json_has(in, key))
        return fail_missing(in, key);
    return json_opt_object(in, key, ret);
}

err_t json_get_list(struct json_in *in, const char *key, size_t min, size_t max,
                    struct json_list *ret)
{
    const struct json_node *value = take(in, key);
    *ret = (struct json_list){.parent = in, .key = key};
    if (!value)
        return min == 0 ? OK : fail_missing(in, key);
    if (value->kind != NODE_LIST)
        return fail_type(in, key, "a list");
    size_t count = value->count;
    if (count < min)
        return json_fail(in, key, ERR_INVALID, "too_short",
                         "must have at least %zu elements", min);
    if (count > max)
        return json_fail(in, key, ERR_INVALID, "too_long",
                         "must have at most %zu elements", max);
    ret->node = value->as.list;
    ret->count = count;
    return OK;
}

err_t json_list_object(struct json_list *list, size_t i, struct json_in **ret)
{
    ASSERT(i < list->count);
    const struct json_node *value = &list->node[i];
    if (value->kind != NODE_OBJECT)
        return fail_at(list, i, "wrong_type", "must be an object");
    struct json_in *object = object_open(list->parent->document, value);
    object->parent = list->parent;
    object->key = list->key;
    object->index = i;
    *ret = object;
    return OK;
}

err_t json_list_str(struct json_list *list, size_t i, size_t min, size_t max,
                    str *ret)
{
    ASSERT(i < list->count);
    const struct json_node *value = &list->node[i];
    if (value->kind != NODE_STR)
        return fail_at(list, i, "wrong_type", "must be a string");
    str s = node_str(value);
    if (s.len < min)
        return fail_at(list, i, "too_short", "must have at least %zu bytes",
                       min);
    if (s.len > max)
        return fail_at(list, i, "too_long", "must have at most %zu bytes", max);
    *ret = s;
    return OK;
}

err_t json_get_strs(struct json_in *in, const char *key, size_t max,
                    size_t max_bytes, const str **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, key, 0, max, &list));
    str *at = arena_array(in->document->ctx->arena, str, list.count);
    for (size_t i = 0; i < list.count; i++)
        TRY(json_list_str(&list, i, 1, max_bytes, &at[i]));
    *ret = at;
    *ret_count = list.count;
    return OK;
}

/* ---- money ---- */

static err_t read_currency(struct json_in *in, const char *currency, money *ret)
{
    str code;
    TRY(json_get_str(in, "currency", 1, 16, &code));
    if (currency && str_equal_cstr(code, currency)) {
        memcpy(ret->currency, currency, 4);
        return OK;
    }
    if (!currency_from_str(code, ret->currency))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency of ISO 4217 as \"EUR\"");
    if (currency)
        return json_fail(in, "currency", ERR_INVALID, "currency_mismatch",
                         "must be %s here", currency);
    return OK;
}

err_t json_opt_money(struct json_in *in, const char *key, const char *currency,
                     money *ret)
{
    struct json_in *object;
    TRY(json_opt_object(in, key, &object));
    if (!object)
        return OK;
    money value = {0};
    TRY(json_get_i64(object, "amount", -LIMIT_MINOR, LIMIT_MINOR,
                     &value.minor));
    TRY(read_currency(object, currency, &value));
    TRY(json_end(object));
    *ret = value;
    return OK;
}

err_t json_get_money(struct json_in *in, const char *key, const char *currency,
                     money *ret)
{
    if (!json_has(in, key))
        return fail_missing(in, key);
    return json_opt_money(in, key, currency, ret);
}

/* ---- raw parts ---- */

err_t json_any_raw(struct json_in *in, const char *key, size_t max, str *ret)
{
    const struct json_node *value = take(in, key);
    if (!value) {
        *ret = STR_NONE;
        return OK;
    }
    struct buf buf;
    buf_init(&buf, in->document->ctx->arena, max);
    json_raw_add(&buf, value);
    if (buf.is_full)
        return json_fail(in, key, ERR_INVALID, "too_long",
                         "must have at most %zu bytes as JSON", max);
    *ret = buf_str(&buf);
    return OK;
}

err_t json_opt_raw(struct json_in *in, const char *key, size_t max, str *ret)
{
    const struct json_node *value = value_at(in, find(in, key));
    if (value && value->kind != NODE_OBJECT)
        return fail_type(in, key, "an object");
    str raw;
    TRY(json_any_raw(in, key, max, &raw));
    *ret = raw.len ? raw : STR("{}");
    return OK;
}

/* ---- the end ---- */

void json_refuse_nulls(struct json_in *in)
{
    in->is_null_refused = true;
}

bool json_take_null(struct json_in *in, const char *key)
{
    size_t i = find(in, key);
    if (i == in->node->count || value_at(in, i))
        return false;
    if (!in->is_read[i]) {
        in->is_read[i] = true;
        in->read_count++;
    }
    return true;
}

void json_allow_rest(struct json_in *in)
{
    in->is_rest_allowed = true;
}

err_t json_end(struct json_in *in)
{
    if (in->is_rest_allowed || in->read_count == in->node->count)
        return OK;
    size_t i = 0;
    while (in->is_read[i])
        i++;
    ASSERT(i < in->node->count);
    const struct json_pair *pair = &in->node->as.pairs[i];
    return json_fail(in, pair->key, ERR_INVALID, "unknown_field",
                     pair->value.kind == NODE_NULL
                         ? "is not known here or cannot be null; leave it out"
                         : "is not known here");
}
