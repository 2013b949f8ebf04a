/* shipping_hook_api.c - what carriers tell us by themselves, without a key. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/hook.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_handover.h"

struct hook_cmd {
    carrier_account_id account;
    struct carrier_outcome outcome;
};

static err_t judge(struct ctx *ctx, struct request *req,
                   const struct outside_hook *hook)
{
    struct account account;
    struct carrier_account opened;
    struct hook_cmd *cmd = arena_new(ctx->arena, struct hook_cmd);
    req->cmd = cmd;
    if (!id_from_text("car", req->path_params[0], &cmd->account.v))
        return hook_refuse(ctx);
    err_t err = account_get(ctx, cmd->account, &account);
    if (err == ERR_NOT_FOUND)
        return hook_refuse(ctx);
    TRY(err);
    if (!account.is_active || !account.carrier->webhook)
        return hook_refuse(ctx);
    TRY(account_open(ctx, &account, &opened));
    return account.carrier->webhook(ctx, &opened, hook, &cmd->outcome);
}

err_t api_judge_hook(struct ctx *ctx, struct request *req)
{
    return hook_judge(ctx, req, judge);
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
