/* payload.c - walks a document and hands out what it finds. */
#include "connect/channel/payload.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { DEPTH_MAX = 8, KEYS_SHOWN = 3, KIND_BYTES = 96 };

const char payload_is_order[] = "order";
const char payload_look_inside[] = "look inside";

struct walk {
    const struct payload_shape *shape;
    const struct import_sink *sink;
    int depth;
    bool is_deleted; /* Below a list of what was deleted. */
};

struct key_scan {
    struct buf names;
    size_t shown;
    bool has_children;
};

static err_t walk_value(struct ctx *ctx, struct walk *walk, json_any value,
                        const char *kind);

static bool is_branch(json_any value)
{
    enum json_kind kind = json_any_kind(value);
    return kind == JSON_KIND_OBJECT || kind == JSON_KIND_LIST;
}

static err_t scan_key(struct ctx *ctx, str key, json_any value, void *arg)
{
    (void)ctx;
    struct key_scan *scan = arg;
    scan->has_children |= is_branch(value);
    if (scan->shown++ >= KEYS_SHOWN)
        return OK;
    if (scan->names.len > 0)
        buf_add_char(&scan->names, ',');
    buf_add_str(&scan->names, key);
    return OK;
}

static err_t skip(struct ctx *ctx, struct walk *walk, const char *kind,
                  size_t count)
{
    return walk->sink->skip(ctx, str_from_cstr(kind), count, walk->sink->arg);
}

/* "object with title,handle,id": unknown things are named by their keys. */
static err_t skip_unknown(struct ctx *ctx, struct walk *walk, json_any object,
                          const struct key_scan *scan)
{
    if (json_any_count(object) == 0)
        return skip(ctx, walk, "empty object", 1);
    str kind = str_printf(ctx->arena, "object with %.*s",
                          STR_ARG(buf_str(&scan->names)));
    return walk->sink->skip(ctx, kind, 1, walk->sink->arg);
}

static err_t found(struct ctx *ctx, struct walk *walk, json_any object,
                   const char *kind)
{
    if (kind != payload_is_order)
        return skip(ctx, walk, kind, 1);
    if (walk->is_deleted)
        return skip(ctx, walk, "deleted order", 1);
    return walk->sink->order(ctx, object, walk->sink->arg);
}

static err_t walk_child(struct ctx *ctx, str key, json_any value, void *arg)
{
    struct walk *walk = arg;
    if (!is_branch(value))
        return OK; /* Named by the wrapper's other keys. */
    const char *kind = walk->shape->of_key(key);
    bool was_deleted = walk->is_deleted;
    walk->is_deleted |= str_equal_cstr(key, "delete");
    if (!kind)
        kind = key.len > 0 ? str_to_cstr(ctx->arena, key) : "empty key";
    err_t err = walk_value(ctx, walk, value, kind);
    walk->is_deleted = was_deleted;
    return err;
}

/* A recorded exchange: what was asked, what was answered. */
static err_t walk_pair(struct ctx *ctx, struct walk *walk, json_any pair)
{
    int64_t status = 200;
    if (json_any_count(json_any_get(pair, "request_body")) > 0)
        TRY(skip(ctx, walk, "request body", 1));
    (void)json_any_to_i64(json_any_get(pair, "status"), &status);
    if (status >= 400)
        return skip(ctx, walk, "error response", 1);
    json_any response = json_any_get(pair, "response");
    if (!is_branch(response))
        return skip(ctx, walk, "empty response", 1);
    return walk_value(ctx, walk, response, payload_look_inside);
}

static err_t walk_unnamed(struct ctx *ctx, struct walk *walk, json_any object)
{
    if (json_any_has(object, "method") && json_any_has(object, "url"))
        return walk_pair(ctx, walk, object);
    const char *kind = walk->shape->of_object(ctx, object);
    if (kind)
        return found(ctx, walk, object, kind);
    struct key_scan scan = {.shown = 0};
    buf_init(&scan.names, ctx->arena, KIND_BYTES);
    TRY(json_any_each(ctx, object, scan_key, &scan));
    /* What has an id is a thing, not a wrapper around things. */
    if (!scan.has_children || json_any_has(object, "id"))
        return skip_unknown(ctx, walk, object, &scan);
    return json_any_each(ctx, object, walk_child, walk);
}

static err_t walk_value(struct ctx *ctx, struct walk *walk, json_any value,
                        const char *kind)
{
    if (walk->depth >= DEPTH_MAX)
        return skip(ctx, walk, "nested too deep", 1);
    walk->depth++;
    err_t err = OK;
    if (json_any_kind(value) == JSON_KIND_LIST) {
        for (size_t i = 0; err == OK && i < json_any_count(value); i++)
            err = walk_value(ctx, walk, json_any_at(value, i), kind);
    } else if (json_any_kind(value) != JSON_KIND_OBJECT) {
        err = skip(ctx, walk,
                   kind == payload_look_inside ? "plain value" : kind, 1);
    } else if (kind == payload_look_inside) {
        err = walk_unnamed(ctx, walk, value);
    } else {
        err = found(ctx, walk, value, kind);
    }
    walk->depth--;
    return err;
}

err_t payload_walk(struct ctx *ctx, const struct payload_shape *shape,
                   json_any document, const struct import_sink *sink)
{
    struct walk walk = {.shape = shape, .sink = sink};
    return walk_value(ctx, &walk, document, payload_look_inside);
}
