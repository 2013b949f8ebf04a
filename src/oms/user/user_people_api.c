/* user_people_api.c - people over HTTP. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/user/user_handlers.h"
#include "oms/user/user_json.h"

/* POST /v1/users */
err_t api_create_user(struct ctx *ctx, struct request *req)
{
    struct user_cmd cmd;
    struct user user;
    TRY(user_read(req->body, &cmd));
    cmd.granting = req->perms;
    TRY(user_create(ctx, &cmd, &user));
    req->status = 201;
    user_write(req->reply, NULL, &user);
    return OK;
}

/* GET /v1/users/{id} */
err_t api_get_user(struct ctx *ctx, struct request *req)
{
    user_id id;
    struct user user;
    TRY(request_path_id(req, 0, "usr", &id.v));
    TRY(request_query_end(req));
    TRY(user_get(ctx, id, &user));
    user_write(req->reply, NULL, &user);
    return OK;
}

/* GET /v1/users */
err_t api_list_users(struct ctx *ctx, struct request *req)
{
    user_id before = {0};
    size_t limit, count;
    struct user *users;
    TRY(request_query_id(req, "after", "usr", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(user_list(ctx, before, limit, &users, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        user_write(req->reply, NULL, &users[i]);
    json_end_page(req->reply, "usr",
                  count == limit ? users[count - 1].id.v : 0);
    return OK;
}

/* PATCH /v1/users/{id} */
err_t api_change_user(struct ctx *ctx, struct request *req)
{
    user_id id;
    struct user_patch patch;
    struct user user;
    TRY(request_path_id(req, 0, "usr", &id.v));
    TRY(user_read_change(req->body, &patch));
    patch.change.granting = req->perms;
    TRY(user_change(ctx, id, &patch.change, &user));
    user_write(req->reply, NULL, &user);
    return OK;
}

/* What is slow of POST /v1/users/{id}/password, before it is run. */
err_t api_hash_password(struct ctx *ctx, struct request *req)
{
    str password;
    struct user_password *cmd = arena_new(ctx->arena, struct user_password);
    user_id id;
    TRY(request_path_id(req, 0, "usr", &id.v));
    TRY(user_read_password(req->body, &cmd->version, &password));
    TRY(password_check(ctx, "password", password));
    TRY(password_make(ctx, password, &cmd->hash));
    req->cmd = cmd;
    return OK;
}

/* POST /v1/users/{id}/password */
err_t api_set_password(struct ctx *ctx, struct request *req)
{
    user_id id;
    struct user user;
    struct user_password *cmd = req->cmd;
    TRY(request_path_id(req, 0, "usr", &id.v));
    cmd->granting = req->perms;
    TRY(user_set_password(ctx, id, cmd, &user));
    user_write(req->reply, NULL, &user);
    return OK;
}
