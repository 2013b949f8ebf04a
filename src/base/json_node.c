/* json_node.c - bytes to a tree: quickly, or slowly and saying what is wrong.
 *
 * simdjson takes what is well-formed; whatever it refuses goes to jansson,
 * which names the fault and its place. What jansson accepts all the same is
 * turned into the same tree.
 */
#include "base/json_parse.h"

#include <jansson.h>
#include <pthread.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

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
    if (strcmp(slug, "nul_in_string") == 0)
        text = "text cannot hold the character \\u0000";
    return fail_as(ctx, code, slug, "", "%s, at line %d, column %d", text,
                   error->line, error->column);
}

/* ---- jansson's tree as ours ---- */

static struct json_node node_from(struct arena *arena, json_t *from);

static const char *text_from(struct arena *arena, const char *ptr, size_t len)
{
    return str_copy(arena, (str){ptr, len}).ptr; /* Ends with a NUL. */
}

static struct json_node list_from(struct arena *arena, json_t *from)
{
    size_t count = json_array_size(from);
    struct json_node *list = arena_array(arena, struct json_node, count);
    for (size_t i = 0; i < count; i++)
        list[i] = node_from(arena, json_array_get(from, i));
    return (struct json_node){NODE_LIST, count, {.list = list}};
}

static struct json_node object_from(struct arena *arena, json_t *from)
{
    size_t count = json_object_size(from), n = 0;
    struct json_pair *pairs = arena_array(arena, struct json_pair, count);
    for (void *at = json_object_iter(from); at;
         at = json_object_iter_next(from, at), n++) {
        const char *key = json_object_iter_key(at);
        pairs[n].key_len = strlen(key);
        pairs[n].key = text_from(arena, key, pairs[n].key_len);
        pairs[n].value = node_from(arena, json_object_iter_value(at));
    }
    return (struct json_node){NODE_OBJECT, count, {.pairs = pairs}};
}

/* Recursion ends at LIMIT_JSON_DEPTH, which scan() has checked. */
static struct json_node node_from(struct arena *arena, json_t *from)
{
    size_t len;
    switch (json_typeof(from)) {
    case JSON_OBJECT: return object_from(arena, from);
    case JSON_ARRAY: return list_from(arena, from);
    case JSON_STRING:
        len = json_string_length(from);
        return (struct json_node){
            NODE_STR,
            len,
            {.s = text_from(arena, json_string_value(from), len)}};
    case JSON_INTEGER:
        return (struct json_node){NODE_INT, 0, {.i = json_integer_value(from)}};
    case JSON_REAL:
        return (struct json_node){
            NODE_REAL, 0, {.real = json_real_value(from)}};
    case JSON_TRUE: return (struct json_node){.kind = NODE_TRUE};
    case JSON_FALSE: return (struct json_node){.kind = NODE_FALSE};
    case JSON_NULL: return (struct json_node){.kind = NODE_NULL};
    }
    UNREACHABLE("every type of jansson is named above");
}

/* jansson unfolds `[{},{},…]` to seventy times its size, so what it may take
 * is bounded by the size of the body. Elsewhere (json_any.c) it is not. */
static _Thread_local struct parsing {
    bool is_bounded, is_over;
    size_t left;
} parsing;

static void *parser_alloc(size_t size)
{
    if (!parsing.is_bounded)
        return mem_new(size);
    if (size > parsing.left) {
        parsing.is_over = true;
        return NULL;
    }
    parsing.left -= size;
    return mem_new(size);
}

static void set_alloc(void)
{
    json_set_alloc_funcs(parser_alloc, mem_free);
}

err_t json_parse_slowly(struct ctx *ctx, str body, struct json_node *ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_alloc);
    TRY(check_depth(ctx, body));
    json_error_t error;
    parsing = (struct parsing){true, false,
                               LIMIT_JSON_BYTES + body.len * LIMIT_JSON_UNFOLD};
    json_t *root = json_loadb(body.len ? body.ptr : "", body.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    parsing.is_bounded = false;
    if (parsing.is_over)
        return fail_as(ctx, ERR_TOO_LARGE, "json_too_large", "",
                       "holds too many values for a body of its size");
    if (!root)
        return fail_syntax(ctx, &error);
    *ret = node_from(ctx->arena, root);
    json_decref(root);
    return OK;
}

/* ---- duplicate keys ---- */

static int compare_pairs(const void *a, const void *b)
{
    const struct json_pair *const *x = a, *const *y = b;
    return str_compare((str){(*x)->key, (*x)->key_len},
                       (str){(*y)->key, (*y)->key_len});
}

static bool has_same_key(const struct json_pair *a, const struct json_pair *b)
{
    return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

static bool object_repeats(struct arena *arena, const struct json_node *node)
{
    enum { FEW = 24 };
    const struct json_pair *pairs = node->as.pairs;
    if (node->count <= FEW) {
        for (size_t i = 1; i < node->count; i++)
            for (size_t j = 0; j < i; j++)
                if (has_same_key(&pairs[i], &pairs[j]))
                    return true;
        return false;
    }
    const struct json_pair **sorted =
        arena_array(arena, const struct json_pair *, node->count);
    for (size_t i = 0; i < node->count; i++)
        sorted[i] = &pairs[i];
    /* Pointers are what is sorted. */
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
    qsort(sorted, node->count, sizeof(*sorted), compare_pairs);
    for (size_t i = 1; i < node->count; i++)
        if (has_same_key(sorted[i], sorted[i - 1]))
            return true;
    return false;
}

static bool repeats_a_key(struct arena *arena, const struct json_node *node)
{
    if (node->kind == NODE_LIST) {
        for (size_t i = 0; i < node->count; i++)
            if (repeats_a_key(arena, &node->as.list[i]))
                return true;
        return false;
    }
    if (node->kind != NODE_OBJECT)
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (repeats_a_key(arena, &node->as.pairs[i].value))
            return true;
    return object_repeats(arena, node);
}

/* ---- the quick way first ---- */

static void *alloc(void *arg, size_t size)
{
    return arena_alloc_raw(arg, size);
}

err_t json_parse_node(struct ctx *ctx, str body, struct json_node *ret)
{
    struct json_node_source source = {
        .ptr = body.ptr,
        .len = body.len,
        .max_depth = LIMIT_JSON_DEPTH,
        .alloc = alloc,
        .arg = ctx->arena,
    };
    struct arena_mark mark = arena_mark(ctx->arena);
    struct json_node node;
    if (json_simd_parse(&source, &node) && !repeats_a_key(ctx->arena, &node)) {
        *ret = node;
        return OK;
    }
    arena_reset_to(ctx->arena, mark);
    return json_parse_slowly(ctx, body, ret);
}
