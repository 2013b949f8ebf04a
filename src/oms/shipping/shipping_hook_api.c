/* shipping_hook_api.c - what carriers tell us by themselves, without a key.
 *
 * A stranger learns nothing: an account that is not there, takes no webhooks
 * or has another secret, and a signature that is wrong or old are one answer.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_handover.h"

/* Wrong ones of one address: so many are free, then it waits. */
enum { WRONG_FREE = 20, WRONG_WAIT_S = 60 };

struct hook_cmd {
    carrier_account_id account;
    struct carrier_outcome outcome;
};

static err_t refuse(struct ctx *ctx)
{
    err_clear(ctx);
    return fail_as(ctx, ERR_NOT_FOUND, "hook_unknown", "",
                   "nobody listens here, or the signature is not good");
}

static err_t judge(struct ctx *ctx, const struct request *req,
                   struct hook_cmd *ret)
{
    struct account account;
    struct carrier_account opened;
    struct outside_hook hook = {
        .id = req->hook_id,
        .timestamp = req->hook_timestamp,
        .signature = req->hook_signature,
        .body = req->body_bytes,
        .now = ctx->now,
    };
    if (!id_from_text("car", req->path_params[0], &ret->account.v))
        return refuse(ctx);
    err_t err = account_get(ctx, ret->account, &account);
    if (err == ERR_NOT_FOUND)
        return refuse(ctx);
    TRY(err);
    if (!account.is_active || !account.carrier->webhook)
        return refuse(ctx);
    TRY(account_open(ctx, &account, &opened));
    err = account.carrier->webhook(ctx, &opened, &hook, &ret->outcome);
    return err == ERR_UNAUTHENTICATED ? refuse(ctx) : err;
}

err_t api_judge_hook(struct ctx *ctx, struct request *req)
{
    struct hook_cmd *cmd = arena_new(ctx->arena, struct hook_cmd);
    struct throttle_gate gate = {
        throttle_peer_key(req->throttle, 0x686f6f6bULL, req->caller->peer),
        WRONG_FREE, WRONG_WAIT_S};
    int64_t now_ms = clock_mono_ns() / 1000000;
    TRY(request_query_end(req));
    int wait_s = throttle_enter(req->throttle, &gate, 1, now_ms);
    if (wait_s > 0) {
        req->retry_after_s = wait_s;
        return fail_as(ctx, ERR_LIMIT, "too_many_attempts", "",
                       "too many wrong calls; wait %d s", wait_s);
    }
    err_t err = judge(ctx, req, cmd);
    if (err == ERR_NOT_FOUND)
        throttle_failed(req->throttle, &gate, 1, now_ms);
    else
        throttle_forgive(req->throttle, &gate, 1);
    TRY(err);
    req->cmd = cmd;
    return OK;
}

/* POST /v1/hooks/carriers/{id} */
err_t api_take_hook(struct ctx *ctx, struct request *req)
{
    const struct hook_cmd *cmd = req->cmd;
    size_t known;
    ctx->actor = (struct actor){.kind = ACTOR_SYSTEM};
    TRY(trace_add_many(ctx, cmd->account, &cmd->outcome, &known));
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "received", (int64_t)cmd->outcome.trace_count);
    json_put_i64(req->reply, "known", (int64_t)known);
    json_end_object(req->reply);
    return OK;
}
