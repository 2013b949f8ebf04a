/* user_sign_api.c - signing in, and changing one's own password.
 *
 * Each in three parts: a snapshot finds the account, a thread of its own asks
 * the throttle and hashes, the writer writes. Who finds no place in the queue
 * of that thread has not tried. Whether there is an account at all changes
 * neither the answer nor the time it takes: a hash of nobody is compared with
 * instead. How the gates are made, and why nobody can lock another out by them,
 * tells docs/access.md.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/fold.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/browser.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/user/user_device.h"
#include "oms/user/user_handlers.h"
#include "oms/user/user_json.h"
#include "oms/user/user_session.h"
#include "oms/user/user_store.h"

enum {
    GATES_MAX = 3,
    DEVICE_AGE_S = 365 * 24 * 60 * 60,
    /* Failures that cost no wait, and the longest wait there. */
    ACCOUNT_AT_PEER_FREE = 5,
    ACCOUNT_AT_PEER_WAIT_S = 15 * 60,
    PEER_FREE = 50,
    PEER_WAIT_S = 60,
    ACCOUNT_FREE = 30,
    ACCOUNT_WAIT_S = 60
};

/* Lives in req->cmd from one part to the next. */
struct signing {
    struct user_secrets who;
    str device; /* The cookie, as it came. */
    str password, new_password, new_hash;
    struct throttle_gate gates[GATES_MAX];
    size_t gate_count;
};

/* ---- the gates ---- */

static void add_gate(struct signing *s, uint64_t key, int free, int wait_s)
{
    ASSERT(s->gate_count < GATES_MAX);
    s->gates[s->gate_count++] = (struct throttle_gate){key, free, wait_s};
}

/* The first is that of the pair; the others hold strangers' devices only. */
static void make_gates(struct signing *s, const struct request *req,
                       str account)
{
    const struct throttle *t = req->throttle;
    const char *peer = req->caller->peer;
    str device;
    uint64_t mine = throttle_key(t, (uint64_t)(uintptr_t)req->tenant, account);
    if (device_is_known(s->device, s->who.device_key, &device)) {
        add_gate(s, throttle_key(t, mine, device), ACCOUNT_AT_PEER_FREE,
                 ACCOUNT_AT_PEER_WAIT_S);
        return;
    }
    add_gate(s, throttle_peer_key(t, mine, peer), ACCOUNT_AT_PEER_FREE,
             ACCOUNT_AT_PEER_WAIT_S);
    add_gate(s, throttle_peer_key(t, 0, peer), PEER_FREE, PEER_WAIT_S);
    add_gate(s, throttle_key(t, mine, STR("any")), ACCOUNT_FREE,
             ACCOUNT_WAIT_S);
}

static int64_t now_ms(void)
{
    return clock_mono_ns() / 1000000;
}

static err_t enter(struct ctx *ctx, struct request *req,
                   const struct signing *s)
{
    int wait_s =
        throttle_enter(req->throttle, s->gates, s->gate_count, now_ms());
    if (wait_s == 0)
        return OK;
    req->retry_after_s = wait_s;
    return fail_as(ctx, ERR_LIMIT, "too_many_attempts", "",
                   "too many failed attempts; wait %d s", wait_s);
}

static err_t check_password(struct ctx *ctx, struct request *req,
                            struct signing *s)
{
    TRY(enter(ctx, req, s));
    bool fits = password_fits(ctx, s->who.password_hash, s->password);
    if (!fits || !s->who.is_active) {
        throttle_failed(req->throttle, s->gates, s->gate_count, now_ms());
        return fail_as(ctx, ERR_UNAUTHENTICATED, "sign_in_failed", "",
                       "the e-mail address or the password is wrong");
    }
    throttle_forgive(req->throttle, s->gates, s->gate_count);
    return OK;
}

/* The row may have changed since it was compared with. */
static err_t check_still(struct ctx *ctx, const struct signing *s)
{
    struct user_secrets now;
    TRY(user_secrets_by_id(ctx, s->who.id, &now));
    if (!now.is_active || !str_equal(now.password_hash, s->who.password_hash))
        return fail_as(ctx, ERR_UNAUTHENTICATED, "sign_in_failed", "",
                       "the e-mail address or the password is wrong");
    return OK;
}

/* ---- sign-in ---- */

err_t api_sign_in_prepare(struct ctx *ctx, struct request *req)
{
    struct sign_in_body body;
    struct signing *s = arena_new(ctx->arena, struct signing);
    const struct http_caller *caller = req->caller;
    /* Nor may a foreign page sign somebody in as another. */
    if (caller->origin.len && !origin_is_host(caller->origin, caller->host))
        return fail_as(ctx, ERR_DENIED, "csrf_failed", "Origin",
                       "is not a page of this host");
    TRY(user_read_sign_in(req->body, &body));
    str account = str_fold(ctx->arena, body.email);
    TRY(user_secrets_by_email(ctx, account, &s->who));
    (void)cookie_find(caller->cookie, DEVICE_COOKIE, &s->device);
    s->password = body.password;
    make_gates(s, req, account);
    req->cmd = s;
    return OK;
}

err_t api_sign_in_toil(struct ctx *ctx, struct request *req)
{
    return check_password(ctx, req, req->cmd);
}

static void set_device(struct ctx *ctx, struct request *req,
                       const struct signing *s)
{
    str device = device_sign(ctx, s->device, s->who.device_key);
    req->set_cookie[1] = str_printf(
        ctx->arena,
        "%s=%.*s; Path=/v1/session; HttpOnly; SameSite=Strict; Max-Age=%d%s",
        DEVICE_COOKIE, STR_ARG(device), DEVICE_AGE_S,
        req->caller->is_https ? "; Secure" : "");
}

static err_t start(struct ctx *ctx, struct request *req, struct signing *s)
{
    struct session_cmd cmd = {
        .user = s->who.id,
        .peer = str_from_cstr(req->caller->peer),
        .replaces = api_session_token(req),
    };
    struct session session;
    struct user user;
    str token;
    ctx->actor = (struct actor){ACTOR_USER, s->who.id.v};
    TRY(session_start(ctx, &cmd, &session, &token));
    TRY(user_get(ctx, s->who.id, &user));
    api_write_signed_in(req, &user, &session, token);
    req->set_cookie[0] = api_session_cookie(req, token);
    set_device(ctx, req, s);
    req->status = 201;
    return OK;
}

/* POST /v1/session */
err_t api_sign_in(struct ctx *ctx, struct request *req)
{
    struct signing *s = req->cmd;
    struct user user;
    TRY(user_row_lock(ctx, s->who.id, &user));
    TRY(check_still(ctx, s));
    return start(ctx, req, s);
}

/* ---- one's own password ---- */

err_t api_own_password_prepare(struct ctx *ctx, struct request *req)
{
    struct own_password_body body;
    struct signing *s = arena_new(ctx->arena, struct signing);
    char account[32];
    TRY(user_read_own_password(req->body, &body));
    if (ctx->actor.kind != ACTOR_USER)
        return fail_as(ctx, ERR_STATE, "not_a_person", "",
                       "a key has no password");
    TRY(password_check(ctx, "password", body.password));
    TRY(user_secrets_by_id(ctx, (user_id){ctx->actor.id}, &s->who));
    (void)cookie_find(req->caller->cookie, DEVICE_COOKIE, &s->device);
    s->password = body.current;
    s->new_password = body.password;
    /* Apart from sign-in: whoever found a session open must not guess here
     * without end, nor keep its owner from signing in. */
    snprintf(account, sizeof account, "own %lld", (long long)ctx->actor.id);
    add_gate(s,
             throttle_key(req->throttle, (uint64_t)(uintptr_t)req->tenant,
                          str_from_cstr(account)),
             ACCOUNT_AT_PEER_FREE, ACCOUNT_AT_PEER_WAIT_S);
    req->cmd = s;
    return OK;
}

err_t api_own_password_toil(struct ctx *ctx, struct request *req)
{
    struct signing *s = req->cmd;
    TRY(enter(ctx, req, s));
    if (!password_fits(ctx, s->who.password_hash, s->password)) {
        throttle_failed(req->throttle, s->gates, s->gate_count, now_ms());
        return fail_as(ctx, ERR_DENIED, "password_wrong", "current_password",
                       "is not the present password");
    }
    throttle_forgive(req->throttle, s->gates, s->gate_count);
    return password_make(ctx, s->new_password, &s->new_hash);
}

/* POST /v1/session/password: every session ends, this one goes on anew. */
err_t api_own_password(struct ctx *ctx, struct request *req)
{
    struct signing *s = req->cmd;
    struct user_password cmd = {.granting = PERM_ALL, .hash = s->new_hash};
    struct user user;
    TRY(user_row_lock(ctx, s->who.id, &user));
    TRY(check_still(ctx, s));
    TRY(user_set_password(ctx, s->who.id, &cmd, &user));
    return start(ctx, req, s);
}
