/* router.c - the tree of path segments. */
#include "net/router.h"

#include "base/arena.h"
#include "base/str.h"

enum { METHODS = HTTP_DELETE + 1, ROUTES_MAX = 1024 };

struct node {
    str segment; /* Of a literal. */
    struct node *next;
    struct node *literals; /* Children. */
    struct node *param;    /* The child of "{…}". */
    const struct route *routes[METHODS];
    size_t indexes[METHODS];
};

struct router {
    struct arena *arena;
    struct node root;
    const struct route **routes;
    size_t count;
};

static struct node *literal_find(const struct node *node, str segment)
{
    struct node *child = node->literals;
    while (child && !str_equal(child->segment, segment))
        child = child->next;
    return child;
}

static struct node *child_for(struct router *router, struct node *node,
                              str segment)
{
    if (segment.len && segment.ptr[0] == '{') {
        if (!node->param)
            node->param = arena_new(router->arena, struct node);
        return node->param;
    }
    struct node *child = literal_find(node, segment);
    if (child)
        return child;
    child = arena_new(router->arena, struct node);
    child->segment = segment;
    child->next = node->literals;
    node->literals = child;
    return child;
}

static err_t add_route(struct ctx *ctx, struct router *router,
                       const struct route *route)
{
    ASSERT(route->path[0] == '/');
    ASSERT(route->method >= HTTP_GET && route->method <= HTTP_DELETE);
    struct node *node = &router->root;
    str rest = str_from_cstr(route->path + 1);
    size_t params = 0;
    do {
        str segment = str_split(rest, '/', &rest);
        params += segment.len && segment.ptr[0] == '{';
        node = child_for(router, node, segment);
    } while (rest.ptr);
    ASSERT(params <= REQUEST_PATH_PARAMS);
    if (node->routes[route->method])
        return fail(ctx, ERR_INTERNAL, "", "two routes for %s: %s and %s",
                    route->path, node->routes[route->method]->operation,
                    route->operation);
    ASSERT(router->count < ROUTES_MAX);
    node->routes[route->method] = route;
    node->indexes[route->method] = router->count;
    router->routes[router->count++] = route;
    return OK;
}

err_t router_open(struct ctx *ctx, struct arena *arena,
                  const struct route_list *const *lists, struct router **ret)
{
    struct router *router = arena_new(arena, struct router);
    router->arena = arena;
    router->routes = arena_array(arena, const struct route *, ROUTES_MAX);
    for (size_t i = 0; lists[i]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            TRY(add_route(ctx, router, &lists[i]->at[j]));
    *ret = router;
    return OK;
}

static bool take(const struct node *node, enum http_method method,
                 struct router_match *ret)
{
    for (int i = HTTP_GET; i < METHODS; i++)
        if (node->routes[i])
            ret->allowed |= 1u << i;
    ret->route = node->routes[method];
    ret->index = node->indexes[method];
    return ret->route != NULL;
}

/* `rest` is what follows the node's own segment; its ptr is NULL at the end.
 * Goes no deeper than the longest route. */
static bool walk(const struct node *node, str rest, size_t params,
                 enum http_method method, struct router_match *ret)
{
    if (!rest.ptr)
        return take(node, method, ret);
    str segment = str_split(rest, '/', &rest);
    const struct node *child = literal_find(node, segment);
    if (child && walk(child, rest, params, method, ret))
        return true;
    if (!node->param || segment.len == 0)
        return false;
    ASSERT(params < REQUEST_PATH_PARAMS);
    ret->params[params] = segment;
    return walk(node->param, rest, params + 1, method, ret);
}

bool router_find(const struct router *router, enum http_method method, str path,
                 struct router_match *ret)
{
    ASSERT(path.len > 0 && path.ptr[0] == '/');
    *ret = (struct router_match){.route = NULL};
    str rest = {path.ptr + 1, path.len - 1};
    return walk(&router->root, rest, 0, method, ret);
}

size_t router_count(const struct router *router)
{
    return router->count;
}

const struct route *router_at(const struct router *router, size_t index)
{
    ASSERT(index < router->count);
    return router->routes[index];
}
