/* payment_hook_api.c - what gateways tell by themselves, without a key, and
 * what became of it. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/hook.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_hook.h"

struct hook_cmd {
    gateway_account_id account;
    str event_id;
};

static err_t judge(struct ctx *ctx, struct request *req,
                   const struct outside_hook *hook)
{
    struct pay_account account;
    struct gateway_account opened;
    struct hook_cmd *cmd = arena_new(ctx->arena, struct hook_cmd);
    req->cmd = cmd;
    if (!id_from_text("gwa", req->path_params[0], &cmd->account.v))
        return hook_refuse(ctx);
    err_t err = pay_account_get(ctx, cmd->account, &account);
    if (err == ERR_NOT_FOUND)
        return hook_refuse(ctx);
    TRY(err);
    if (!account.is_active || !account.gateway->judge)
        return hook_refuse(ctx);
    TRY(pay_account_open(ctx, &account, &opened));
    TRY(account.gateway->judge(ctx, &opened, hook, &cmd->event_id));
    if (!str_is_utf8(hook->body) || memchr(hook->body.ptr, 0, hook->body.len))
        return fail(ctx, ERR_MALFORMED, "", "the body is no text");
    return OK;
}

err_t api_judge_gateway_hook(struct ctx *ctx, struct request *req)
{
    return hook_judge(ctx, req, judge);
}

/* POST /v1/hooks/gateways/{id} */
err_t api_take_gateway_hook(struct ctx *ctx, struct request *req)
{
    const struct hook_cmd *cmd = req->cmd;
    bool is_known;
    ctx->actor = (struct actor){.kind = ACTOR_SYSTEM};
    TRY(gateway_event_take(ctx, cmd->account, cmd->event_id, req->body_bytes,
                           &is_known));
    json_begin(req->reply, NULL);
    json_put_bool(req->reply, "known", is_known);
    json_end_object(req->reply);
    return OK;
}

static void write_event(struct json_out *out, const struct gateway_event *e)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "gev", e->id.v);
    json_put_str(out, "event_id", e->event_id);
    json_put_cstr(out, "state", gateway_event_states[e->state - 1]);
    json_put_id_or_null(out, "payment", "pay", e->payment.v);
    if (e->error.len)
        json_put_str(out, "error", e->error);
    else
        json_put_null(out, "error");
    json_put_time(out, "received_at", e->received_at);
    if (e->ended_at)
        json_put_time(out, "ended_at", e->ended_at);
    else
        json_put_null(out, "ended_at");
    json_end_object(out);
}

/* POST /v1/gateway-accounts/{id}/events/{event}/retry */
err_t api_retry_gateway_event(struct ctx *ctx, struct request *req)
{
    gateway_account_id account;
    gateway_event_id id;
    struct gateway_event event;
    TRY(request_path_id(req, 0, "gwa", &account.v));
    TRY(request_path_id(req, 1, "gev", &id.v));
    TRY(json_end(req->body));
    TRY(gateway_event_retry(ctx, account, id, &event));
    write_event(req->reply, &event);
    return OK;
}

/* GET /v1/gateway-accounts/{id}/events */
err_t api_list_gateway_events(struct ctx *ctx, struct request *req)
{
    struct json_out *out = req->reply;
    struct gateway_event_query query = {.limit = 0};
    struct gateway_event *rows;
    struct pay_account account;
    size_t count;
    int state = -1; /* Any. */
    TRY(request_path_id(req, 0, "gwa", &query.account.v));
    TRY(request_query_id(req, "after", "gev", &query.before.v));
    TRY(request_query_enum(req, "state", gateway_event_states,
                           GATEWAY_EVENT_DEAD, &state));
    query.state = (enum gateway_event_state)(state + 1);
    TRY(request_query_limit(req, &query.limit));
    TRY(request_query_end(req));
    TRY(pay_account_get(ctx, query.account, &account));
    TRY(gateway_event_page(ctx, &query, &rows, &count));
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++)
        write_event(out, &rows[i]);
    json_end_list(out);
    if (count == query.limit)
        json_put_id(out, "next", "gev", rows[count - 1].id.v);
    else
        json_put_null(out, "next");
    json_end_object(out);
    return OK;
}
