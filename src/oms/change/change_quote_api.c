/* change_quote_api.c - a buyer answers a quote with a link alone. */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change_quote.h"
#include "oms/order/order_track.h"
#include "oms/shipping/shipping_track.h"

/* GET /v1/drafts/{id}/link */
static err_t api_make(struct ctx *ctx, struct request *req)
{
    draft_id id;
    struct draft draft;
    str text;
    TRY(request_path_id(req, 0, "drf", &id.v));
    TRY(request_query_end(req));
    TRY(draft_get(ctx, id, &draft));
    if (draft.state != DRAFT_SENT)
        return fail_as(ctx, ERR_STATE, "draft_state", "state",
                       "the draft is %s; only a quote that was sent has a link",
                       machine_state_name(&draft_machine, (int)draft.state));
    TRY(track_quote_make(ctx, id, draft.version, draft.valid_until, &text));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "token", text);
    json_put_str(req->reply, "path",
                 str_printf(ctx->arena, "/v1/quotes/%.*s", STR_ARG(text)));
    json_put_str(req->reply, "page",
                 str_printf(ctx->arena, "/q/%.*s", STR_ARG(text)));
    json_put_time(req->reply, "ends_at", draft.valid_until);
    json_end_object(req->reply);
    return OK;
}

/* ---- for who has the link ---- */

static void put_amount(struct json_out *out, const char *key,
                       const struct order_cmd *cmd, int64_t amount)
{
    json_put_money(out, key, money_make(amount, cmd->currency));
}

static void put_lines(struct json_out *out, const struct order_cmd *cmd)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct order_line_cmd *line = &cmd->lines[i];
        json_begin(out, NULL);
        json_put_str(out, "sku", line->sku);
        json_put_str_or_null(out, "title", line->title);
        json_put_i64(out, "quantity", line->qty);
        put_amount(out, "unit_price", cmd, line->unit_price);
        put_amount(out, "discount", cmd, line->discount);
        put_amount(out, "total", cmd, line->total);
        json_end_object(out);
    }
    json_end_list(out);
}

/* No people and no places. */
static err_t show(struct ctx *ctx, struct request *req,
                  const struct draft *draft)
{
    struct order_cmd cmd;
    struct channel channel;
    bool is_there;
    struct json_out *out = req->reply;
    TRY(draft_read_body(ctx, draft, &cmd));
    TRY(channel_find(ctx, draft->channel, &channel, &is_there));
    ASSERT(is_there && cmd.totals);
    TRY(draft_fill_titles(ctx, &cmd));
    json_begin(out, NULL);
    json_put_str(
        out, "number",
        str_printf(ctx->arena, "Q%lld", (long long)draft->quote_number));
    json_put_cstr(out, "state",
                  machine_state_name(&draft_machine, (int)draft->state));
    json_put_i64(out, "version", draft->version);
    json_put_bool(out, "is_open", draft->state == DRAFT_SENT);
    TRY(order_shop_write(ctx, channel.id, "shop", out));
    put_lines(out, &cmd);
    put_amount(out, "shipping", &cmd, cmd.totals->shipping);
    put_amount(out, "fees", &cmd, cmd.totals->fees);
    put_amount(out, "tax", &cmd, cmd.totals->tax);
    json_put_cstr(
        out, "tax_mode",
        tax_mode_name(cmd.tax_mode ? cmd.tax_mode : channel.tax_mode));
    put_amount(out, "total", &cmd, draft->total);
    json_put_str_or_null(out, "po_number", draft->po_number);
    if (draft->terms_days == COMPANY_NONE)
        json_put_null(out, "terms_days");
    else
        json_put_i64(out, "terms_days", draft->terms_days);
    json_put_time_or_null(out, "valid_until", draft->valid_until);
    json_end_object(out);
    return OK;
}

/* GET /v1/quotes/{token} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct draft draft;
    TRY(request_query_end(req));
    TRY(track_follow(ctx, req, TRACK_QUOTE, &token, NULL));
    TRY(draft_get(ctx, token.draft, &draft));
    TRY(draft_check_shown(ctx, &draft, token.generation));
    return show(ctx, req, &draft);
}

/* Judges the link before anything is locked. */
static err_t api_judge(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    TRY(request_query_end(req));
    return track_follow(ctx, req, TRACK_QUOTE, &token, NULL);
}

static err_t answer(struct ctx *ctx, struct request *req,
                    enum draft_event event)
{
    struct track_token token;
    struct draft_step step = {.version = 0};
    struct draft draft;
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &step.version));
    if (event == DRAFT_EVENT_DECLINE)
        TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                         &step.answer));
    else
        TRY(json_opt_str(req->body, "po_number", 1, LIMIT_PO_BYTES,
                         &step.po_number));
    TRY(check_line(ctx, "po_number", step.po_number, 0, LIMIT_PO_BYTES));
    TRY(json_end(req->body));
    TRY(track_open(ctx, req->path_params[0], TRACK_QUOTE, &token, NULL));
    step.id = token.draft;
    step.sent = token.generation;
    ctx->actor = (struct actor){.kind = ACTOR_SYSTEM}; /* Nobody we know. */
    TRY(draft_answer(ctx, &step, event, &draft));
    return show(ctx, req, &draft);
}

/* POST /v1/quotes/{token}/accept */
static err_t api_accept(struct ctx *ctx, struct request *req)
{
    return answer(ctx, req, DRAFT_EVENT_ACCEPT);
}

/* POST /v1/quotes/{token}/decline */
static err_t api_decline(struct ctx *ctx, struct request *req)
{
    return answer(ctx, req, DRAFT_EVENT_DECLINE);
}

static const struct route routes[] = {
    {.operation = "makeQuoteLink",
     .method = HTTP_GET,
     .path = "/v1/drafts/{id}/link",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_READ,
     .run = api_make             },
    {                           .operation = "getQuote",
     .method = HTTP_GET,
     .path = "/v1/quotes/{token}",
     .perm = PERM_NONE,
     .kind = ROUTE_READ,
     .run = api_get,
     .shown = track_token_shown},
    {  .operation = "acceptQuote",
     .method = HTTP_POST,
     .path = "/v1/quotes/{token}/accept",
     .perm = PERM_NONE,
     .kind = ROUTE_WRITE,
     .run = api_accept,
     .prepare = api_judge,
     .shown = track_token_shown},
    { .operation = "declineQuote",
     .method = HTTP_POST,
     .path = "/v1/quotes/{token}/decline",
     .perm = PERM_NONE,
     .kind = ROUTE_WRITE,
     .run = api_decline,
     .prepare = api_judge,
     .shown = track_token_shown},
};
const struct route_list quote_routes = {routes, COUNT_OF(routes)};
