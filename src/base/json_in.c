/* json_in.c - JSON in: a thin reader over jansson that knows where it is. */
#include "base/json.h"

#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json_raw.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

/* One parsed body; all objects read from it share it. */
struct document {
    struct ctx *ctx;
    json_t *root;
};

struct json_in {
    struct document *document;
    json_t *node;
    struct json_in *parent; /* NULL: the body itself. */
    const char *key;        /* In the parent. */
    size_t index;           /* In the list of that key, or NOT_LISTED. */
    bool is_rest_allowed;
    size_t read_count;
    void *read[]; /* The pairs somebody asked for; room for all there are. */
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

/* ---- parsing ---- */

/* What the parser itself does not bound. */
static err_t check_depth(struct ctx *ctx, str body)
{
    size_t depth = 0;
    bool is_string = false;
    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        if (c == '"')
            is_string = !is_string;
        else if (is_string)
            i += c == '\\' ? 1 : 0;
        else if ((c == '}' || c == ']') && depth > 0)
            depth--;
        else if ((c == '{' || c == '[') && ++depth > LIMIT_JSON_DEPTH)
            return fail_as(ctx, ERR_MALFORMED, "json_too_deep", "",
                           "nested deeper than %d levels at byte %zu",
                           LIMIT_JSON_DEPTH, i);
    }
    return OK;
}

/* The codes come from outside the house, so this is not an exhaustive switch.
 */
static err_t fail_syntax(struct ctx *ctx, const json_error_t *error)
{
    err_t code = ERR_MALFORMED;
    const char *slug = "json_syntax";
    enum json_error_code why = json_error_code(error);
    if (why == json_error_invalid_utf8) {
        slug = "utf8_invalid";
    } else if (why == json_error_duplicate_key) {
        slug = "json_duplicate_key";
    } else if (why == json_error_stack_overflow) {
        slug = "json_too_deep";
    } else if (why == json_error_null_character ||
               why == json_error_null_byte_in_key) {
        slug = "nul_in_string";
    } else if (why == json_error_numeric_overflow) {
        slug = "number_out_of_range";
        code = ERR_INVALID;
    }
    /* The parser quotes the input, which may be cut inside a character. */
    const char *text =
        str_is_utf8(str_from_cstr(error->text)) ? error->text : "bad input";
    return fail_as(ctx, code, slug, "", "%s, at line %d, column %d", text,
                   error->line, error->column);
}

static struct json_in *object_open(struct document *document, json_t *node)
{
    size_t size =
        sizeof(struct json_in) + json_object_size(node) * sizeof(void *);
    struct json_in *in = arena_alloc_raw(document->ctx->arena, size);
    *in = (struct json_in){
        .document = document,
        .node = node,
        .index = NOT_LISTED,
    };
    return in;
}

/* While a thread parses a body, what the parser allocates comes from the
 * arena of the request and is never freed singly: a body of 1 KB is some
 * sixty allocations. Outside of that it is the heap (json_any.c). */
static _Thread_local struct parsing {
    struct arena *arena;
    size_t left; /* Bytes it may still take. */
    bool is_over;
} parsing;

static void *parser_alloc(size_t size)
{
    if (!parsing.arena)
        return mem_new(size);
    if (size > parsing.left) {
        parsing.is_over = true;
        return NULL;
    }
    parsing.left -= size;
    return arena_alloc_raw(parsing.arena, size);
}

static void parser_free(void *ptr)
{
    if (!parsing.arena)
        mem_free(ptr);
}

static void set_alloc(void)
{
    json_set_alloc_funcs(parser_alloc, parser_free);
}

/* *ret_over: it would unfold to more memory than its size allows. */
static json_t *load(struct arena *arena, str body, json_error_t *error,
                    bool *ret_over)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_alloc);
    parsing = (struct parsing){
        .arena = arena,
        .left = LIMIT_JSON_BYTES + body.len * LIMIT_JSON_UNFOLD,
    };
    json_t *root = json_loadb(body.len ? body.ptr : "", body.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, error);
    *ret_over = parsing.is_over;
    parsing = (struct parsing){.arena = NULL};
    return root;
}

err_t json_parse(struct ctx *ctx, str body, struct json_in **ret)
{
    TRY(check_depth(ctx, body));
    json_error_t error;
    bool is_over;
    json_t *root = load(ctx->arena, body, &error, &is_over);
    if (is_over)
        return fail_as(ctx, ERR_TOO_LARGE, "json_too_large", "",
                       "holds too many values for a body of its size");
    if (!root)
        return fail_syntax(ctx, &error);
    if (!json_is_object(root))
        return fail_as(ctx, ERR_INVALID, "wrong_type", "",
                       "the body must be an object");
    struct document *document = arena_new(ctx->arena, struct document);
    *document = (struct document){.ctx = ctx, .root = root};
    *ret = object_open(document, root);
    return OK;
}

void json_in_rebind(struct json_in *in, struct ctx *ctx)
{
    in->document->ctx = ctx;
}

/* ---- asking for keys ---- */

/* The value of that key, marked as read; NULL where it is missing or null. */
static json_t *take(struct json_in *in, const char *key)
{
    void *pair = json_object_iter_at(in->node, key);
    if (!pair)
        return NULL;
    size_t i = 0;
    while (i < in->read_count && in->read[i] != pair)
        i++;
    if (i == in->read_count)
        in->read[in->read_count++] = pair;
    json_t *value = json_object_iter_value(pair);
    return json_is_null(value) ? NULL : value;
}

bool json_has(struct json_in *in, const char *key)
{
    const json_t *value = json_object_get(in->node, key);
    return value && !json_is_null(value);
}

static err_t read_i64(struct json_in *in, const char *key, const json_t *value,
                      const int64_t range[2], int64_t *ret)
{
    if (!json_is_integer(value))
        return fail_type(in, key, "a whole number");
    int64_t number = json_integer_value(value);
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
    const json_t *value = take(in, key);
    if (!value)
        return fail_missing(in, key);
    return read_i64(in, key, value, (int64_t[]){min, max}, ret);
}

err_t json_opt_i64(struct json_in *in, const char *key, int64_t min,
                   int64_t max, int64_t *ret)
{
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    return read_i64(in, key, value, (int64_t[]){min, max}, ret);
}

static str node_str(const json_t *value)
{
    return (str){json_string_value(value), json_string_length(value)};
}

static err_t read_str(struct json_in *in, const char *key, const json_t *value,
                      const size_t range[2], str *ret)
{
    if (!json_is_string(value))
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
    const json_t *value = take(in, key);
    if (!value)
        return fail_missing(in, key);
    return read_str(in, key, value, (size_t[]){min, max}, ret);
}

err_t json_opt_str(struct json_in *in, const char *key, size_t min, size_t max,
                   str *ret)
{
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    return read_str(in, key, value, (size_t[]){min, max}, ret);
}

err_t json_opt_bool(struct json_in *in, const char *key, bool *ret)
{
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    if (!json_is_boolean(value))
        return fail_type(in, key, "true or false");
    *ret = json_is_true(value);
    return OK;
}

err_t json_opt_id(struct json_in *in, const char *key, const char *prefix,
                  int64_t *ret)
{
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    if (!json_is_string(value))
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
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    if (!json_is_string(value))
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
    const json_t *value = take(in, key);
    if (!value)
        return OK;
    if (!json_is_string(value))
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
    json_t *value = take(in, key);
    if (!value) {
        *ret = NULL;
        return OK;
    }
    if (!json_is_object(value))
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
    json_t *value = take(in, key);
    *ret = (struct json_list){.parent = in, .key = key, .node = value};
    if (!value)
        return min == 0 ? OK : fail_missing(in, key);
    if (!json_is_array(value))
        return fail_type(in, key, "a list");
    size_t count = json_array_size(value);
    if (count < min)
        return json_fail(in, key, ERR_INVALID, "too_short",
                         "must have at least %zu elements", min);
    if (count > max)
        return json_fail(in, key, ERR_INVALID, "too_long",
                         "must have at most %zu elements", max);
    ret->count = count;
    return OK;
}

err_t json_list_object(struct json_list *list, size_t i, struct json_in **ret)
{
    ASSERT(i < list->count);
    json_t *value = json_array_get(list->node, i);
    if (!json_is_object(value))
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
    const json_t *value = json_array_get(list->node, i);
    if (!json_is_string(value))
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
    const json_t *value = take(in, key);
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
    const json_t *value = json_object_get(in->node, key);
    if (value && !json_is_null(value) && !json_is_object(value))
        return fail_type(in, key, "an object");
    str raw;
    TRY(json_any_raw(in, key, max, &raw));
    *ret = raw.len ? raw : STR("{}");
    return OK;
}

/* ---- the end ---- */

void json_allow_rest(struct json_in *in)
{
    in->is_rest_allowed = true;
}

err_t json_end(struct json_in *in)
{
    if (in->is_rest_allowed || in->read_count == json_object_size(in->node))
        return OK;
    for (void *pair = json_object_iter(in->node); pair;
         pair = json_object_iter_next(in->node, pair)) {
        size_t i = 0;
        while (i < in->read_count && in->read[i] != pair)
            i++;
        if (i == in->read_count)
            return json_fail(in, json_object_iter_key(pair), ERR_INVALID,
                             "unknown_field", "is not known here");
    }
    UNREACHABLE("json_end: fewer pairs were read than there are");
}
