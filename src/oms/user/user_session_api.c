/* user_session_api.c - who am I, sign-out, and the sessions there are. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/browser.h"
#include "net/route.h"
#include "oms/user/user_grant.h"
#include "oms/user/user_handlers.h"
#include "oms/user/user_json.h"
#include "oms/user/user_session.h"

/* Who shows a key is the key, whatever cookie comes along. */
str api_session_token(const struct request *req)
{
    unsigned char hash[KEY_HASH_BYTES];
    str token = STR_NONE;
    if (!req->caller || req->caller->authorization.len ||
        !cookie_find(req->caller->cookie, SESSION_COOKIE, &token) ||
        !session_hash(token, hash))
        return STR_NONE;
    return token;
}

str api_session_cookie(struct request *req, str token)
{
    return str_printf(
        req->ctx->arena,
        "%s=%.*s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
        SESSION_COOKIE, STR_ARG(token),
        token.len ? (int)(SESSION_MAX_MS / 1000) : 0,
        req->caller->is_https ? "; Secure" : "");
}

static void write_session(struct json_out *out, const char *key,
                          const struct session *session, bool is_current)
{
    json_begin(out, key);
    json_put_id(out, "id", "ses", session->id.v);
    json_put_id(out, "user_id", "usr", session->user.v);
    json_put_str(out, "address", session->peer);
    json_put_time(out, "created_at", session->created_at);
    json_put_time(out, "seen_at", session->seen_at);
    json_put_time(out, "expires_at", session->expires_at);
    json_put_bool(out, "is_current", is_current);
    json_end_object(out);
}

void api_write_signed_in(struct request *req, const struct user *user,
                         const struct session *session, str token)
{
    struct json_out *out = req->reply;
    char csrf[SESSION_CSRF_BYTES];
    session_csrf(token, csrf);
    json_begin(out, NULL);
    user_write(out, "user", user);
    json_put_null(out, "key_id");
    /* At sign-in nobody has said yet whether this is the control store. */
    unsigned perms =
        req->perms
            ? req->perms
            : user->perms & ~(unsigned)(PERM_TENANTS_READ | PERM_TENANTS_WRITE);
    user_write_scopes(out, "permissions", perms);
    json_put_str(out, "csrf_token", (str){csrf, sizeof csrf});
    write_session(out, "session", session, true);
    json_end_object(out);
}

/* The session the caller is in; not found where it is a key. */
static err_t own_session(struct ctx *ctx, struct request *req,
                         struct session *ret, str *ret_token)
{
    bool found = false;
    *ret_token = api_session_token(req);
    if (ctx->actor.kind == ACTOR_USER)
        TRY(session_find(ctx, *ret_token, ret, &found));
    if (!found)
        return fail_as(ctx, ERR_NOT_FOUND, "no_session", "",
                       "the caller is not in a session");
    return OK;
}

static void write_key(struct request *req, key_id id)
{
    struct json_out *out = req->reply;
    json_begin(out, NULL);
    json_put_null(out, "user");
    json_put_id(out, "key_id", "key", id.v);
    user_write_scopes(out, "permissions", req->perms);
    json_put_null(out, "csrf_token");
    json_put_null(out, "session");
    json_end_object(out);
}

/* GET /v1/session */
err_t api_get_session(struct ctx *ctx, struct request *req)
{
    struct session session = {0};
    struct user user;
    str token;
    TRY(request_query_end(req));
    if (ctx->actor.kind != ACTOR_USER) {
        write_key(req, (key_id){ctx->actor.id});
        return OK;
    }
    TRY(own_session(ctx, req, &session, &token));
    TRY(user_get(ctx, session.user, &user));
    api_write_signed_in(req, &user, &session, token);
    return OK;
}

/* DELETE /v1/session */
err_t api_sign_out(struct ctx *ctx, struct request *req)
{
    struct session session = {0};
    str token;
    TRY(own_session(ctx, req, &session, &token));
    TRY(session_end(ctx, &session));
    req->set_cookie[0] = api_session_cookie(req, STR_NONE);
    write_session(req->reply, NULL, &session, true);
    return OK;
}

/* ---- those of oneself and of others ---- */

/* One's own need nothing; those of others `perm`, and to hold what they do. */
static err_t check_whose(struct ctx *ctx, struct request *req, user_id user,
                         enum perm perm)
{
    struct user other;
    if (ctx->actor.kind == ACTOR_USER && ctx->actor.id == user.v)
        return OK;
    if (!(req->perms & perm))
        return fail(ctx, ERR_DENIED, "", "the caller lacks the scope %s",
                    perm_name(perm));
    TRY(user_get(ctx, user, &other));
    if (perm == PERM_USERS_READ)
        return OK;
    return grant_check(ctx, "id", req->perms, other.perms);
}

/* GET /v1/sessions */
err_t api_list_sessions(struct ctx *ctx, struct request *req)
{
    user_id user = {0};
    struct session own = {0}, *sessions;
    size_t count;
    bool found;
    TRY(request_query_id(req, "user", "usr", &user.v));
    TRY(request_query_end(req));
    if (user.v == 0 && ctx->actor.kind == ACTOR_USER)
        user.v = ctx->actor.id;
    if (user.v == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "user",
                       "a key has no sessions; name whose");
    TRY(check_whose(ctx, req, user, PERM_USERS_READ));
    TRY(session_list(ctx, user, &sessions, &count));
    TRY(session_find(ctx, api_session_token(req), &own, &found));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_session(req->reply, NULL, &sessions[i],
                      found && sessions[i].id.v == own.id.v);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* DELETE /v1/sessions/{id} */
err_t api_end_session(struct ctx *ctx, struct request *req)
{
    session_id id;
    struct session session;
    TRY(request_path_id(req, 0, "ses", &id.v));
    TRY(session_get(ctx, id, &session));
    TRY(check_whose(ctx, req, session.user, PERM_USERS_WRITE));
    TRY(session_end(ctx, &session));
    write_session(req->reply, NULL, &session, false);
    return OK;
}

/* DELETE /v1/users/{id}/sessions */
err_t api_end_user_sessions(struct ctx *ctx, struct request *req)
{
    user_id id;
    int64_t count;
    struct user user;
    TRY(request_path_id(req, 0, "usr", &id.v));
    TRY(user_get(ctx, id, &user));
    TRY(grant_check(ctx, "id", req->perms, user.perms));
    TRY(session_end_all(ctx, id, &count));
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "ended", count);
    json_end_object(req->reply);
    return OK;
}
