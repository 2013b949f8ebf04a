/* user_role_api.c - roles over HTTP. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/user/user_handlers.h"
#include "oms/user/user_json.h"

/* POST /v1/roles */
err_t api_create_role(struct ctx *ctx, struct request *req)
{
    struct role_cmd cmd;
    struct role role;
    TRY(user_read_role(req->body, &cmd));
    cmd.granting = req->perms;
    TRY(role_create(ctx, &cmd, &role));
    req->status = 201;
    user_write_role(req->reply, &role);
    return OK;
}

/* GET /v1/roles/{code} */
err_t api_get_role(struct ctx *ctx, struct request *req)
{
    struct role role;
    TRY(request_query_end(req));
    TRY(role_get(ctx, req->path_params[0], &role));
    user_write_role(req->reply, &role);
    return OK;
}

/* GET /v1/roles: so few that the page is cut out of all of them. */
err_t api_list_roles(struct ctx *ctx, struct request *req)
{
    str after = STR_NONE;
    size_t limit, count, i = 0, n = 0;
    struct role *roles;
    (void)request_query_find(req, "after", &after);
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(role_list(ctx, &roles, &count));
    while (i < count && str_compare(roles[i].code, after) <= 0)
        i++;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (; i < count && n < limit; i++, n++)
        user_write_role(req->reply, &roles[i]);
    json_end_list(req->reply);
    if (i < count)
        json_put_str(req->reply, "next", roles[i - 1].code);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

/* PATCH /v1/roles/{code} */
err_t api_change_role(struct ctx *ctx, struct request *req)
{
    struct role_patch patch;
    struct role role;
    TRY(user_read_role_change(req->body, &patch));
    patch.change.granting = req->perms;
    TRY(role_change(ctx, req->path_params[0], &patch.change, &role));
    user_write_role(req->reply, &role);
    return OK;
}

/* DELETE /v1/roles/{code} */
err_t api_delete_role(struct ctx *ctx, struct request *req)
{
    struct role role;
    TRY(role_delete(ctx, req->path_params[0], req->perms, &role));
    user_write_role(req->reply, &role);
    return OK;
}
