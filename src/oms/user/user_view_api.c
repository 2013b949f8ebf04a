/* user_view_api.c - views of lists over HTTP. */
#include <assert.h>

#include "base/json.h"
#include "base/perm.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/room.h"
#include "oms/user/user_room.h"
#include "oms/user/user_view.h"

const char *const view_list_names[] = {
    "orders",    "fulfillment", "inventory", "returns",
    "customers", "drafts",      "tasks",
};
const size_t view_list_count = COUNT_OF(view_list_names);
static_assert(COUNT_OF(view_list_names) == VIEW_TASKS, "a name for each list");

err_t view_read(struct json_in *in, struct view_cmd *ret)
{
    int list;
    *ret = (struct view_cmd){.query = STR_NONE};
    TRY(json_get_enum(in, "list", view_list_names, view_list_count, &list));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_get_str(in, "query", 0, LIMIT_URL_BYTES, &ret->query));
    TRY(json_opt_bool(in, "is_shared", &ret->is_shared));
    ret->list = (enum view_list)(list + 1);
    return json_end(in);
}

err_t view_read_change(struct json_in *in, struct view_patch *ret)
{
    struct view_change *c = &ret->change;
    *ret = (struct view_patch){.is_shared = false};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_str(in, "query", 0, LIMIT_URL_BYTES, &ret->query));
    TRY(json_opt_bool(in, "is_shared", &ret->is_shared));
    c->name = json_has(in, "name") ? &ret->name : NULL;
    c->query = json_has(in, "query") ? &ret->query : NULL;
    c->is_shared = json_has(in, "is_shared") ? &ret->is_shared : NULL;
    return json_end(in);
}

static void write_view(const struct ctx *ctx, struct json_out *out,
                       const struct saved_view *view)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "viw", view->id.v);
    json_put_cstr(out, "list", view_list_names[view->list - 1]);
    json_put_str(out, "name", view->name);
    json_put_str(out, "query", view->query);
    json_put_bool(out, "is_shared", view->is_shared);
    json_put_bool(out, "is_own",
                  view->owner.kind == ctx->actor.kind &&
                      view->owner.id == ctx->actor.id);
    json_put_i64(out, "version", view->version);
    json_put_time(out, "created_at", view->created_at);
    json_put_time(out, "updated_at", view->updated_at);
    json_end_object(out);
}

/* POST /v1/views */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct view_cmd cmd;
    struct saved_view view;
    TRY(request_query_end(req));
    TRY(view_read(req->body, &cmd));
    cmd.held = req->perms;
    TRY(view_create(ctx, &cmd, &view));
    req->status = 201;
    write_view(ctx, req->reply, &view);
    return OK;
}

/* GET /v1/views */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    int list = -1;
    size_t count;
    struct saved_view *views;
    TRY(request_query_enum(req, "list", view_list_names, view_list_count,
                           &list));
    TRY(request_query_end(req));
    if (list < 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "list",
                       "name the list whose views are asked for");
    TRY(view_all(ctx, (enum view_list)(list + 1), req->perms, &views, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_view(ctx, req->reply, &views[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* PATCH /v1/views/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    view_id id;
    struct view_patch patch;
    struct saved_view view;
    TRY(request_path_id(req, 0, "viw", &id.v));
    TRY(request_query_end(req));
    TRY(view_read_change(req->body, &patch));
    patch.change.held = req->perms;
    TRY(view_alter(ctx, id, &patch.change, &view));
    write_view(ctx, req->reply, &view);
    return OK;
}

/* DELETE /v1/views/{id} */
static err_t api_delete(struct ctx *ctx, struct request *req)
{
    view_id id;
    struct saved_view view;
    TRY(request_path_id(req, 0, "viw", &id.v));
    TRY(request_query_end(req));
    TRY(view_remove(ctx, id, req->perms, &view));
    write_view(ctx, req->reply, &view);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createView",
     .method = HTTP_POST,
     .path = "/v1/views",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_create},
    {.operation = "listViews",
     .method = HTTP_GET,
     .path = "/v1/views",
     .perm = PERM_SELF,
     .kind = ROUTE_READ,
     .run = api_list  },
    {.operation = "changeView",
     .method = HTTP_PATCH,
     .path = "/v1/views/{id}",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_change},
    {.operation = "deleteView",
     .method = HTTP_DELETE,
     .path = "/v1/views/{id}",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_delete},
};
static const struct route_list view_routes = {routes, COUNT_OF(routes)};

const struct room view_room = {
    .name = "view",
    .routes = &view_routes,
    .verify = &view_verify,
};
