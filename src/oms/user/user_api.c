/* user_api.c - the user room's HTTP face: API keys. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/user/user.h"
#include "oms/user/user_room.h"

enum { SCOPES_MAX = 32, SCOPE_BYTES = 64 };

static void put_time_or_null(struct json_out *out, const char *key, utc_ms at)
{
    if (at != 0)
        json_put_time(out, key, at);
    else
        json_put_null(out, key);
}

/* With the secret where there is one: that is when the key was made. */
static void write_key(struct json_out *out, const struct api_key *key,
                      str secret)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "key", key->id.v);
    json_put_str(out, "name", key->name);
    json_put_str(out, "hint", key->hint);
    json_begin_list(out, "scopes");
    for (unsigned bit = 1; bit <= PERM_ALL; bit <<= 1)
        if (key->perms & bit)
            json_put_cstr(out, NULL, perm_name((enum perm)bit));
    json_end_list(out);
    json_put_time(out, "created_at", key->created_at);
    put_time_or_null(out, "expires_at", key->expires_at);
    put_time_or_null(out, "revoked_at", key->revoked_at);
    json_put_i64(out, "version", key->version);
    if (secret.len > 0)
        json_put_str(out, "secret", secret);
    json_end_object(out);
}

static err_t read_scopes(struct json_in *in, unsigned *ret)
{
    struct json_list list;
    unsigned perms = 0;
    TRY(json_get_list(in, "scopes", 1, SCOPES_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        str name;
        enum perm perm;
        TRY(json_list_str(&list, i, 1, SCOPE_BYTES, &name));
        /* "all" is a word of the command line, not a scope. */
        if (!perm_from_str(name, &perm) || perm == PERM_ALL)
            return json_fail(in, "scopes", ERR_INVALID, "scope_unknown",
                             "element %zu is not a scope, as orders:read", i);
        perms |= (unsigned)perm;
    }
    *ret = perms;
    return OK;
}

static err_t read_key(struct json_in *in, struct key_cmd *ret)
{
    /* What a key may hand on is decided by its own row. */
    struct key_cmd cmd = {.granting = PERM_ALL};
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(read_scopes(in, &cmd.perms));
    TRY(json_opt_time(in, "expires_at", &cmd.expires_at));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

/* POST /v1/api-keys */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct key_cmd cmd;
    struct api_key key;
    str secret;
    TRY(read_key(req->body, &cmd));
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
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_key(req->reply, &keys[i], STR_NONE);
    json_end_list(req->reply);
    if (count == limit)
        json_put_id(req->reply, "next", "key", keys[count - 1].id.v);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

/* DELETE /v1/api-keys/{id} */
static err_t api_revoke(struct ctx *ctx, struct request *req)
{
    key_id id;
    struct api_key key;
    TRY(request_path_id(req, 0, "key", &id.v));
    TRY(key_revoke(ctx, id, &key));
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
     .is_access = true  },
    {.operation = "listApiKeys",
     .method = HTTP_GET,
     .path = "/v1/api-keys",
     .perm = PERM_KEYS_READ,
     .kind = ROUTE_READ,
     .run = api_list  },
    {.operation = "revokeApiKey",
     .method = HTTP_DELETE,
     .path = "/v1/api-keys/{id}",
     .perm = PERM_KEYS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_revoke,
     .is_access = true},
};
const struct route_list user_routes = {routes, COUNT_OF(routes)};
