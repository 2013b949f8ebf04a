/* http_fuzz.c - any bytes as a stream of requests: the reader of heads, the
 * router, paths and queries. However the stream is cut, it reads the same. */
#include "base/arena.h"
#include "base/base.h"
#include "base/str.h"
#include "net/http_head.h"
#include "net/query.h"
#include "net/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct route routes[] = {
    {.operation = "list", .method = HTTP_GET,  .path = "/v1/orders"       },
    {.operation = "get",  .method = HTTP_GET,  .path = "/v1/orders/{id}"  },
    {.operation = "find", .method = HTTP_POST, .path = "/v1/orders/{id}/a"},
};
static const struct route_list list = {routes, COUNT_OF(routes)};
static const struct route_list *const lists[] = {&list, NULL};

struct found {
    enum http_refusal refusal;
    size_t len; /* Of the head; 0: it is not complete. */
    struct http_head head;
};

static struct found find_in_steps(str bytes, size_t step)
{
    struct http_scan scan = {.scanned = 0};
    struct found found = {.len = 0};
    size_t have = 0;
    while (found.refusal == REFUSE_NONE && !found.len && have < bytes.len) {
        have = bytes.len - have < step ? bytes.len : have + step;
        found.refusal = http_scan(&scan, bytes.ptr, have, &found.len);
    }
    if (found.refusal == REFUSE_NONE && found.len)
        found.refusal = http_head_parse(bytes.ptr, found.len, &found.head);
    return found;
}

static void read_target(struct ctx *ctx, const char *ptr,
                        const struct http_head *head)
{
    struct router *router = NULL;
    struct router_match match;
    struct request req = {.ctx = ctx};
    str part;
    err_t err = router_open(ctx, ctx->arena, lists, &router);
    ASSERT(err == OK);
    if (router_find(router, head->method, http_slice_str(ptr, head->path),
                    &match)) {
        ASSERT(match.route->method == head->method);
        for (size_t i = 0; i < REQUEST_PATH_PARAMS && match.params[i].ptr; i++)
            if (percent_decode(ctx->arena, match.params[i], false, &part))
                ASSERT(str_is_utf8(part) &&
                       !(part.len && memchr(part.ptr, 0, part.len)));
    }
    if (query_parse(&req, http_slice_str(ptr, head->query)) == OK)
        ASSERT(req.query_count <= REQUEST_QUERY_PARAMS);
}

/* One request; returns the bytes it takes, or 0 at the end. */
static size_t read_one(struct ctx *ctx, str bytes)
{
    struct found whole = find_in_steps(bytes, bytes.len);
    struct found cut = find_in_steps(bytes, 1 + bytes.len / 7);
    /* In pieces it may be refused for another reason, but never taken. */
    ASSERT((cut.refusal == REFUSE_NONE) == (whole.refusal == REFUSE_NONE));
    if (whole.refusal != REFUSE_NONE || !whole.len)
        return 0;
    ASSERT(cut.len == whole.len);
    ASSERT(whole.len <= LIMIT_HEADER_BYTES && whole.len <= bytes.len);
    struct http_head head = whole.head;
    ASSERT(head.path.len > 0 && bytes.ptr[head.path.at] == '/');
    ASSERT(head.path.at + head.path.len <= whole.len);
    ASSERT(head.length >= 0 && (head.has_length || head.length == 0));
    read_target(ctx, bytes.ptr, &head);
    if ((uint64_t)head.length > bytes.len - whole.len)
        return 0;
    return whole.len + (size_t)head.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    str rest = {(const char *)data, size};
    while (rest.len) {
        size_t len = read_one(&ctx, rest);
        if (len == 0)
            break;
        rest = (str){rest.ptr + len, rest.len - len};
        arena_reset(ctx.arena);
        err_clear(&ctx);
    }
    arena_close(ctx.arena);
    return 0;
}
