/* shipping_hook_api.c - what carriers tell us by themselves, without a key. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/hook.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_hook.h"
#include "oms/shipping/shipping_setup.h"

struct hook_cmd {
    carrier_account_id account;
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
    if (hook->id.len > LIMIT_EXTERNAL_ID_BYTES || !str_is_utf8(hook->id))
        return hook_refuse(ctx);
    TRY(account_open(ctx, &account, &opened));
    TRY(account.carrier->webhook(ctx, &opened, hook));
    if (!str_is_utf8(hook->body) ||
        memchr(hook->body.ptr, '\0', hook->body.len))
        return fail_as(ctx, ERR_INVALID, "body_not_text", "",
                       "the message is no UTF-8 text");
    return OK;
}

err_t api_judge_hook(struct ctx *ctx, struct request *req)
{
    return hook_judge(ctx, req, judge);
}

/* POST /v1/hooks/carriers/{id} */
err_t api_take_hook(struct ctx *ctx, struct request *req)
{
    const struct hook_cmd *cmd = req->cmd;
    bool is_repeat;
    ctx->actor = (struct actor){.kind = ACTOR_SYSTEM};
    TRY(hook_take(ctx, cmd->account, req->hook_id, req->body_bytes,
                  &is_repeat));
    json_begin(req->reply, NULL);
    json_put_bool(req->reply, "is_repeat", is_repeat);
    json_end_object(req->reply);
    return OK;
}
