/* hook_api.c - see hook.h. */
#include "oms/hook.h"

#include "base/time.h"
#include "net/route.h"
#include "net/throttle.h"

/* Wrong ones of one address: so many are free, then it waits. */
enum { WRONG_FREE = 20, WRONG_WAIT_S = 60 };

err_t hook_refuse(struct ctx *ctx)
{
    err_clear(ctx);
    return fail_as(ctx, ERR_NOT_FOUND, "hook_unknown", "",
                   "nobody listens here, or the signature is not good");
}

err_t hook_judge(struct ctx *ctx, struct request *req, hook_judge_fn *judge)
{
    struct outside_hook hook = {
        .id = req->hook_id,
        .timestamp = req->hook_timestamp,
        .signature = req->hook_signature,
        .body = req->body_bytes,
        .now = ctx->now,
    };
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
    err_t err = judge(ctx, req, &hook);
    if (err == ERR_UNAUTHENTICATED)
        err = hook_refuse(ctx);
    if (err == ERR_NOT_FOUND)
        throttle_failed(req->throttle, &gate, 1, now_ms);
    else
        throttle_forgive(req->throttle, &gate, 1);
    return err;
}
