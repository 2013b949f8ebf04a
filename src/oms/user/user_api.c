/* user_api.c - the user room's HTTP face: its routes, and API keys. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/user/user_handlers.h"
#include "oms/user/user_json.h"
#include "oms/user/user_room.h"

/* With the secret where there is one: that is when the key was made. */
static void write_key(struct json_out *out, const struct api_key *key,
                      str secret)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "key", key->id.v);
    json_put_str(out, "name", key->name);
    json_put_str(out, "hint", key->hint);
    user_write_scopes(out, "scopes", key->perms);
    json_put_time(out, "created_at", key->created_at);
    json_put_time_or_null(out, "expires_at", key->expires_at);
    json_put_time_or_null(out, "revoked_at", key->revoked_at);
    json_put_i64_or_null(out, "rate_per_s", key->rate_per_s);
    json_put_i64_or_null(out, "burst", key->burst);
    json_put_time_or_null(out, "previous_until", key->old_until);
    json_put_i64(out, "version", key->version);
    if (secret.len > 0)
        json_put_str(out, "secret", secret);
    json_end_object(out);
}

/* POST /v1/api-keys */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct key_cmd cmd;
    struct api_key key;
    str secret;
    TRY(user_read_key(req->body, &cmd));
    cmd.granting = req->perms;
    TRY(key_create(ctx, &cmd, &key, &secret));
    req->status = 201;
    req->secret = secret;
    write_key(req->reply, &key, secret);
    return OK;
}

/* GET /v1/api-keys */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    key_id before = {0};
    size_t limit, count;
    struct api_key *keys;
    TRY(request_query_id(req, "after", "key", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(key_list(ctx, before, limit, &keys, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_key(req->reply, &keys[i], STR_NONE);
    json_end_page(req->reply, "key", count == limit ? keys[count - 1].id.v : 0);
    return OK;
}

/* POST /v1/api-keys/{id}/rotate */
static err_t api_rotate(struct ctx *ctx, struct request *req)
{
    key_id id;
    struct key_rotation cmd;
    struct api_key key;
    str secret;
    TRY(request_path_id(req, 0, "key", &id.v));
    TRY(user_read_rotation(req->body, &cmd));
    cmd.granting = req->perms;
    TRY(key_rotate(ctx, id, &cmd, &key, &secret));
    req->secret = secret;
    write_key(req->reply, &key, secret);
    return OK;
}

/* DELETE /v1/api-keys/{id} */
static err_t api_revoke(struct ctx *ctx, struct request *req)
{
    key_id id;
    struct api_key key;
    TRY(request_path_id(req, 0, "key", &id.v));
    TRY(key_revoke(ctx, id, req->perms, &key));
    write_key(req->reply, &key, STR_NONE);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createApiKey",
     .method = HTTP_POST,
     .path = "/v1/api-keys",
     .perm = PERM_KEYS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create,
     .is_access = true                                                         },
    {.operation = "listApiKeys",
     .method = HTTP_GET,
     .path = "/v1/api-keys",
     .perm = PERM_KEYS_READ,
     .kind = ROUTE_READ,
     .run = api_list                                  },
    {.operation = "revokeApiKey",
     .method = HTTP_DELETE,
     .path = "/v1/api-keys/{id}",
     .perm = PERM_KEYS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_revoke,
     .is_access = true                       },
    {.operation = "createUser",
     .method = HTTP_POST,
     .path = "/v1/users",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_user                         },
    {.operation = "listUsers",
     .method = HTTP_GET,
     .path = "/v1/users",
     .perm = PERM_USERS_READ,
     .kind = ROUTE_READ,
     .run = api_list_users   },
    {.operation = "getUser",
     .method = HTTP_GET,
     .path = "/v1/users/{id}",
     .perm = PERM_USERS_READ,
     .kind = ROUTE_READ,
     .run = api_get_user                             },
    {.operation = "changeUser",
     .method = HTTP_PATCH,
     .path = "/v1/users/{id}",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_user,
     .is_access = true                                },
    {.operation = "setUserPassword",
     .method = HTTP_POST,
     .path = "/v1/users/{id}/password",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_password,
     .toil = api_hash_password,
     .is_access = true,
     .is_unkept = true},
    {.operation = "createRole",
     .method = HTTP_POST,
     .path = "/v1/roles",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_role},
    {.operation = "listRoles",
     .method = HTTP_GET,
     .path = "/v1/roles",
     .perm = PERM_USERS_READ,
     .kind = ROUTE_READ,
     .run = api_list_roles                               },
    {.operation = "getRole",
     .method = HTTP_GET,
     .path = "/v1/roles/{code}",
     .perm = PERM_USERS_READ,
     .kind = ROUTE_READ,
     .run = api_get_role                       },
    {.operation = "changeRole",
     .method = HTTP_PATCH,
     .path = "/v1/roles/{code}",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_role,
     .is_access = true                                                        },
    {.operation = "deleteRole",
     .method = HTTP_DELETE,
     .path = "/v1/roles/{code}",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_delete_role                                },
    {.operation = "signIn",
     .method = HTTP_POST,
     .path = "/v1/session",
     .perm = PERM_NONE,
     .kind = ROUTE_WRITE,
     .run = api_sign_in,
     .prepare = api_sign_in_prepare,
     .toil = api_sign_in_toil,
     .is_access = true,
     .is_unkept = true},
    {.operation = "getSession",
     .method = HTTP_GET,
     .path = "/v1/session",
     .perm = PERM_SELF,
     .kind = ROUTE_READ,
     .run = api_get_session                            },
    {.operation = "signOut",
     .method = HTTP_DELETE,
     .path = "/v1/session",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_sign_out,
     .is_access = true,
     .is_unkept = true},
    {.operation = "setOwnPassword",
     .method = HTTP_POST,
     .path = "/v1/session/password",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_own_password,
     .prepare = api_own_password_prepare,
     .toil = api_own_password_toil,
     .is_access = true,
     .is_unkept = true},
    {.operation = "listSessions",
     .method = HTTP_GET,
     .path = "/v1/sessions",
     .perm = PERM_SELF,
     .kind = ROUTE_READ,
     .run = api_list_sessions                         },
    {.operation = "endSession",
     .method = HTTP_DELETE,
     .path = "/v1/sessions/{id}",
     .perm = PERM_SELF,
     .kind = ROUTE_WRITE,
     .run = api_end_session,
     .is_access = true                                                        },
    {.operation = "endUserSessions",
     .method = HTTP_DELETE,
     .path = "/v1/users/{id}/sessions",
     .perm = PERM_USERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_end_user_sessions,
     .is_access = true                                                },
    {.operation = "rotateApiKey",
     .method = HTTP_POST,
     .path = "/v1/api-keys/{id}/rotate",
     .perm = PERM_KEYS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_rotate,
     .is_access = true                                                  },
};
const struct route_list user_routes = {routes, COUNT_OF(routes)};
