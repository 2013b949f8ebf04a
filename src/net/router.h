/* router.h - from method and path to a route, by a tree of path segments.
 *
 * Compiled once from the visible tables. A literal segment wins over a
 * parameter; the tree is read-only afterwards and shared by all threads.
 */
#ifndef WHARF_NET_ROUTER_H
#define WHARF_NET_ROUTER_H

#include "base/base.h"
#include "net/route.h"

struct router;

struct router_match {
    const struct route *route;       /* NULL: none for that method. */
    size_t index;                    /* Of the route, from 0. */
    unsigned allowed;                /* Bits 1 << method the path has. */
    str params[REQUEST_PATH_PARAMS]; /* Still percent-encoded. */
};

/* Lists are NULL-ended and must outlive the router, which lives in the arena.
 * Fails with ERR_INTERNAL where two routes have one path and method. */
MUST_USE err_t router_open(struct ctx *ctx, struct arena *arena,
                           const struct route_list *const *lists,
                           struct router **ret);
/* True if the route exists; else ret->allowed tells 405 from 404. */
bool router_find(const struct router *router, enum http_method method, str path,
                 struct router_match *ret);
size_t router_count(const struct router *router);
const struct route *router_at(const struct router *router, size_t index);

#endif
