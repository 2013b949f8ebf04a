/* csv_map_body.c - rows of a CSV as a body of the API.
 *
 * The fields' paths are a small tree: objects by name, lists whose elements
 * come one from a row. What has no value is left out, and so is an object or
 * an element in which nothing has one.
 */
#include "app/csv_map.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

struct node {
    str name; /* Without []. */
    bool is_list;
    const struct map_field *field; /* A leaf. */
    struct node *children, *next;
};

struct writing {
    struct ctx *ctx;
    const struct csv_map *map;
    const struct map_row *rows;
    size_t count;
};

static struct node *child_of(struct arena *arena, struct node *parent, str part)
{
    bool is_list = part.len > 2 && part.ptr[part.len - 1] == ']';
    struct node **at = &parent->children;
    if (is_list)
        part.len -= 2;
    while (*at && !(str_equal((*at)->name, part) && !(*at)->field))
        at = &(*at)->next;
    if (!*at) {
        *at = arena_new(arena, struct node);
        (*at)->name = part;
        (*at)->is_list = is_list;
    }
    return *at;
}

static struct node *tree_of(struct ctx *ctx, const struct csv_map *map)
{
    struct node *root = arena_new(ctx->arena, struct node);
    for (size_t i = 0; i < map->field_count; i++) {
        struct node *at = root;
        str rest = map->fields[i].path;
        while (rest.len > 0)
            at = child_of(ctx->arena, at, str_split(rest, '.', &rest));
        at->field = &map->fields[i];
    }
    return root;
}

static err_t put_node(const struct writing *writing, const struct node *node,
                      str *ret);

static err_t take(struct ctx *ctx, const struct buf *buf, str *ret)
{
    if (buf->is_full)
        return fail_as(ctx, ERR_INVALID, "too_long", "",
                       "the body is longer than 8 MiB");
    *ret = buf_str(buf);
    return OK;
}

/* "name":value of all children that have one; empty where none has. */
static err_t put_members(const struct writing *writing,
                         const struct node *parent, str *ret)
{
    struct buf buf;
    buf_init(&buf, writing->ctx->arena, LIMIT_BULK_BODY_BYTES);
    for (const struct node *at = parent->children; at; at = at->next) {
        str value;
        TRY(put_node(writing, at, &value));
        if (value.len == 0)
            continue;
        buf_addf(&buf, "%s\"%.*s\":", buf.len > 0 ? "," : "",
                 STR_ARG(at->name));
        buf_add_str(&buf, value);
    }
    return take(writing->ctx, &buf, ret);
}

/* By the first of the rows. */
static err_t put_one(const struct writing *writing, const struct node *node,
                     str *ret)
{
    struct ctx *ctx = writing->ctx;
    if (node->field) {
        str cell = node->field->column.len > 0
                       ? writing->rows[0].cells[node->field->at]
                       : STR_NONE;
        return csv_map_value(ctx, writing->map, node->field, cell, ret);
    }
    str members;
    TRY(put_members(writing, node, &members));
    *ret = members.len > 0 ? str_printf(ctx->arena, "{%.*s}", STR_ARG(members))
                           : STR_NONE;
    return OK;
}

static err_t put_node(const struct writing *writing, const struct node *node,
                      str *ret)
{
    struct buf buf;
    if (!node->is_list)
        return put_one(writing, node, ret);
    buf_init(&buf, writing->ctx->arena, LIMIT_BULK_BODY_BYTES);
    for (size_t i = 0; i < writing->count; i++) {
        /* A list within has this row alone. */
        struct writing one = *writing;
        str value;
        one.rows += i;
        one.count = 1;
        TRY(put_one(&one, node, &value));
        if (value.len == 0)
            continue;
        buf_add_char(&buf, buf.len > 0 ? ',' : '[');
        buf_add_str(&buf, value);
    }
    if (buf.len > 0)
        buf_add_char(&buf, ']');
    return take(writing->ctx, &buf, ret);
}

err_t csv_map_body(struct ctx *ctx, const struct csv_map *map,
                   const struct map_row *rows, size_t count, str *ret)
{
    const struct writing writing = {ctx, map, rows, count};
    str members;
    ASSERT(count > 0);
    for (size_t i = 0; i < count; i++)
        if (rows[i].count != map->column_count)
            return fail_as(ctx, ERR_INVALID, "row_columns", "",
                           "has %zu columns, the first line %zu", rows[i].count,
                           map->column_count);
    TRY(put_members(&writing, tree_of(ctx, map), &members));
    *ret = str_printf(ctx->arena, "{%.*s}", STR_ARG(members));
    return OK;
}
