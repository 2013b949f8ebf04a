/* room_call.c - finding a route by its name and running it. */
#include "app/room_call.h"

#include <string.h>

#include "app/rooms.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/room.h"

static const struct route *find_route(const char *operation)
{
    for (size_t i = 0; rooms[i]; i++)
        for (size_t j = 0; rooms[i]->routes && j < rooms[i]->routes->count; j++)
            if (strcmp(rooms[i]->routes->at[j].operation, operation) == 0)
                return &rooms[i]->routes->at[j];
    UNREACHABLE("there is no such operation");
}

static err_t run_route(struct ctx *ctx, struct request *req)
{
    const struct route *route = req->route;
    if (route->prepare)
        TRY(route->prepare(ctx, req));
    if (route->toil && !req->is_light) { /* A transaction waits for nobody. */
        ASSERT(route->crowded);
        TRY(route->crowded(ctx, req));
    }
    if (route->kind != ROUTE_HOT)
        return route->run(ctx, req);
    TRY(route->decode(ctx, req));
    struct request *reqs[] = {req};
    err_t results[1] = {OK};
    TRY(route->run_many(ctx, reqs, results, 1));
    return results[0];
}

err_t room_call(struct ctx *ctx, struct room_call *call)
{
    struct request *req = arena_new(ctx->arena, struct request);
    struct json_out out;
    json_out_init(&out, call->reply);
    req->ctx = ctx;
    req->route = find_route(call->operation);
    req->reply = &out;
    req->status = 200;
    req->perms = PERM_ALL;
    req->idem_key = call->idem_key;
    if (call->id)
        req->path_params[0] = str_from_cstr(call->id);
    if (call->body.len > 0) {
        req->body_bytes = call->body;
        TRY(json_parse(ctx, call->body, &req->body));
    }
    TRY(run_route(ctx, req));
    call->status = req->status;
    return OK;
}
