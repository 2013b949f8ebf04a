/* returns_self_api.c - a buyer asks goods back with a link alone. */
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/order/order_track.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_self.h"
#include "oms/returns/returns_work.h"
#include "oms/shipping/shipping_track.h"

/* GET /v1/orders/{id}/return-token */
err_t api_make_return_token(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    order_id id;
    int64_t days = TRACK_DAYS;
    str text;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_i64(req, "days", 1, TRACK_DAYS_MAX, &days));
    TRY(request_query_end(req));
    TRY(track_link_make(ctx, id, TRACK_RETURN, days, &token, &text));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "token", text);
    json_put_str(
        req->reply, "path",
        str_printf(ctx->arena, "/v1/return-requests/%.*s", STR_ARG(text)));
    json_put_str(req->reply, "page",
                 str_printf(ctx->arena, "/return/%.*s", STR_ARG(text)));
    json_put_i64(req->reply, "generation", token.generation);
    json_put_time(req->reply, "ends_at", token.ends_at);
    json_end_object(req->reply);
    return OK;
}

/* ---- for who has the link ---- */

static void put_reasons(struct json_out *out,
                        const struct return_policy *policy)
{
    json_begin_list(out, "reasons");
    for (size_t i = 0; i < policy->reason_count; i++) {
        const struct return_reason *reason = &policy->reasons[i];
        json_begin(out, NULL);
        json_put_str(out, "code", reason->code);
        json_put_str_or_null(out, "title", reason->title);
        json_put_bool(out, "needs_note", reason->needs_note);
        json_put_bool(out, "needs_photo", reason->needs_photo);
        json_end_object(out);
    }
    json_end_list(out);
}

/* What there is already: no notes, no places. */
static void put_return(struct ctx *ctx, struct json_out *out,
                       const struct order *order, const struct rma *rma)
{
    json_begin(out, NULL);
    json_put_str(out, "number", return_number(ctx->arena, order->number, rma));
    json_put_cstr(out, "state", return_state_name(rma->state));
    json_put_time_or_null(out, "expires_at", rma->expires_at);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < rma->line_count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "line", rma->lines[i].n);
        json_put_i64(out, "quantity", rma->lines[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* GET /v1/return-requests/{token} */
err_t api_get_return_request(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct order order;
    struct return_known known;
    struct return_facts *facts;
    TRY(request_query_end(req));
    TRY(track_follow(ctx, req, TRACK_RETURN, &token, &order));
    TRY(return_facts_read(ctx, &order, &known, &facts));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "order_number", order.number);
    TRY(order_shop_write(ctx, order.channel, "shop", req->reply));
    json_begin_list(req->reply, "lines");
    for (size_t i = 0; i < order.line_count; i++)
        return_write_returnable(req->reply, &order.lines[i], &facts[i],
                                ctx->now);
    json_end_list(req->reply);
    put_reasons(req->reply, known.policy);
    json_begin_list(req->reply, "returns");
    for (size_t i = 0; i < known.count; i++)
        put_return(ctx, req->reply, &order, &known.rmas[i]);
    json_end_list(req->reply);
    json_put_time(req->reply, "link_ends_at", token.ends_at);
    json_end_object(req->reply);
    return OK;
}

/* Judges the link before anything is locked. */
err_t api_judge_return_request(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct order order;
    return track_follow(ctx, req, TRACK_RETURN, &token, &order);
}

/* POST /v1/return-requests/{token} */
err_t api_make_return_request(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct order order;
    struct return_request cmd = {.origin = RETURN_BY_BUYER};
    struct rma rma;
    TRY(return_read_self(ctx, req->body, &cmd));
    TRY(track_open(ctx, req->path_params[0], TRACK_RETURN, &token, &order));
    cmd.order = order.id;
    ctx->actor = (struct actor){.kind = ACTOR_SYSTEM}; /* Nobody we know. */
    TRY(return_request(ctx, &cmd, &rma));
    req->status = 201;
    put_return(ctx, req->reply, &order, &rma);
    return OK;
}
