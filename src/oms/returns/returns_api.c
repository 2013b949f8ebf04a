/* returns_api.c - the returns room's HTTP face. */
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory_named.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_self.h"
#include "oms/returns/returns_view.h"
#include "oms/returns/returns_work.h"
#include "oms/shipping/shipping_back.h"
#include "oms/shipping/shipping_track.h"

/* ---- policies ---- */

static void put_policy(struct json_out *out, channel_id channel,
                       const struct return_policy *policy)
{
    json_begin(out, NULL);
    json_put_id(out, "channel_id", "chn", channel.v);
    json_put_i64(out, "version", policy->version);
    return_policy_write(out, policy);
    json_end_object(out);
}

/* GET /v1/channels/{id}/return-policy */
static err_t api_get_policy(struct ctx *ctx, struct request *req)
{
    struct channel channel;
    struct return_policy policy;
    channel_id id;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(request_query_end(req));
    TRY(channel_get(ctx, id, &channel));
    TRY(return_policy_get(ctx, id, &policy));
    put_policy(req->reply, id, &policy);
    return OK;
}

/* PUT /v1/channels/{id}/return-policy */
static err_t api_set_policy(struct ctx *ctx, struct request *req)
{
    struct channel channel;
    struct return_policy policy;
    channel_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &version));
    TRY(return_policy_read(ctx, req->body, &policy));
    TRY(channel_get(ctx, id, &channel));
    TRY(return_policy_set(ctx, id, version, &policy));
    put_policy(req->reply, id, &policy);
    return OK;
}

/* ---- what may come back ---- */

void return_write_returnable(struct json_out *out,
                             const struct order_line *line,
                             const struct return_facts *facts, utc_ms now)
{
    enum return_verdict verdict = return_judge(facts, now);
    json_begin(out, NULL);
    json_put_i64(out, "line", line->n);
    json_put_str(out, "sku", line->sku_code);
    json_put_str(out, "title", line->title);
    json_put_i64(out, "quantity", verdict == RETURN_ALLOWED ? facts->left : 0);
    json_put_cstr(out, "verdict", return_verdict_name(verdict));
    json_put_time_or_null(out, "until", return_window_end(facts));
    json_end_object(out);
}

/* GET /v1/orders/{id}/returnable */
static err_t api_returnable(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct order order;
    struct return_known known;
    struct return_facts *facts;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_get(ctx, id, &order));
    TRY(return_facts_read(ctx, &order, &known, &facts));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "order_id", "ord", id.v);
    json_begin_list(req->reply, "lines");
    for (size_t i = 0; i < order.line_count; i++)
        return_write_returnable(req->reply, &order.lines[i], &facts[i],
                                ctx->now);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* ---- returns ---- */

/* POST /v1/orders/{id}/returns */
static err_t api_request(struct ctx *ctx, struct request *req)
{
    struct return_request cmd = {.origin = RETURN_BY_AGENT};
    struct rma rma;
    TRY(request_path_id(req, 0, "ord", &cmd.order.v));
    TRY(return_read_request(ctx, req->body, &cmd));
    if (cmd.is_received && !(req->perms & PERM_FULFILLMENT_WRITE))
        return fail(ctx, ERR_DENIED, "received",
                    "who takes goods in needs the scope fulfillment:write");
    TRY(return_request(ctx, &cmd, &rma));
    req->status = 201;
    return return_write(ctx, req->reply, &rma, 1);
}

/* GET /v1/returns/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    return_id id;
    struct rma rma;
    TRY(request_path_id(req, 0, "ret", &id.v));
    TRY(request_query_end(req));
    TRY(return_get(ctx, id, &rma));
    return return_write(ctx, req->reply, &rma, 1);
}

static err_t read_filter(struct ctx *ctx, struct request *req,
                         struct return_filter *ret)
{
    struct location at;
    int state = -1;
    str code;
    *ret = (struct return_filter){.limit = 0};
    TRY(request_query_id(req, "order", "ord", &ret->order.v));
    TRY(request_query_enum(req, "state", return_machine.states,
                           return_machine.state_count, &state));
    ret->state = (enum return_state)(state + 1);
    if (request_query_find(req, "location", &code)) {
        TRY(named_location_get(ctx, "location", code, &at));
        ret->location = at.id;
    }
    TRY(request_query_id(req, "after", "ret", &ret->after.v));
    TRY(request_query_limit(req, &ret->limit));
    TRY(request_query_end(req));
    if (ret->location.v && !ret->state)
        return fail_as(ctx, ERR_INVALID, "missing_parameter", "state",
                       "a location is asked for with a state");
    if (ret->order.v && (ret->location.v || ret->state))
        return fail_as(ctx, ERR_INVALID, "filters_exclude", "order",
                       "all returns of an order come together");
    return OK;
}

/* GET /v1/returns */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct return_filter filter;
    struct rma *rmas;
    size_t count;
    TRY(read_filter(ctx, req, &filter));
    TRY(return_page(ctx, &filter, &rmas, &count));
    json_begin_page(req->reply);
    TRY(return_write(ctx, req->reply, rmas, count));
    json_end_page(req->reply, "ret",
                  count == filter.limit ? rmas[count - 1].id.v : 0);
    return OK;
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum return_event event)
{
    struct return_step step = {.event = event};
    struct rma rma;
    TRY(request_path_id(req, 0, "ret", &step.id.v));
    TRY(return_read_step(ctx, req->body, &step));
    TRY(return_do(ctx, &step, &rma));
    return return_write(ctx, req->reply, &rma, 1);
}

/* POST /v1/returns/{id}/approve */
static err_t api_approve(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, RETURN_EVENT_APPROVE);
}

/* POST /v1/returns/{id}/decline */
static err_t api_decline(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, RETURN_EVENT_DECLINE);
}

/* POST /v1/returns/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, RETURN_EVENT_CANCEL);
}

/* POST /v1/returns/{id}/label */
static err_t api_label(struct ctx *ctx, struct request *req)
{
    struct back_cmd back = {.count = 0};
    struct label_ask ask = {.back = &back};
    struct rma rma;
    TRY(request_path_id(req, 0, "ret", &ask.id.v));
    TRY(return_read_label(req->body, &ask));
    TRY(return_label(ctx, &ask, &rma));
    req->status = 202;
    return return_write(ctx, req->reply, &rma, 1);
}

/* POST /v1/returns/{id}/receive */
static err_t api_receive(struct ctx *ctx, struct request *req)
{
    struct receive_cmd cmd = {.count = 0};
    struct rma rma;
    TRY(request_path_id(req, 0, "ret", &cmd.id.v));
    TRY(return_read_receive(ctx, req->body, &cmd));
    TRY(return_receive(ctx, &cmd, &rma));
    return return_write(ctx, req->reply, &rma, 1);
}

/* POST /v1/returns/{id}/inspect */
static err_t api_inspect(struct ctx *ctx, struct request *req)
{
    struct inspect_cmd cmd = {.count = 0};
    struct rma rma;
    TRY(request_path_id(req, 0, "ret", &cmd.id.v));
    TRY(return_read_inspect(ctx, req->body, &cmd));
    TRY(return_inspect(ctx, &cmd, &rma));
    return return_write(ctx, req->reply, &rma, 1);
}

static const char *const list_columns[] = {"id",
                                           "number",
                                           "order_id",
                                           "state",
                                           "origin",
                                           "location",
                                           "expires_at",
                                           "note",
                                           "why",
                                           "restocking_kept.amount",
                                           "shipping_kept.amount",
                                           "shipping_kept.currency",
                                           "created_at",
                                           "updated_at",
                                           "closed_at",
                                           NULL};
static const struct list_table list_table = {.file = "returns.csv",
                                             .columns = list_columns};

static const struct route routes[] = {
    {.operation = "getReturnPolicy",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/return-policy",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_policy        },
    {.operation = "setReturnPolicy",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/return-policy",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_policy        },
    {.operation = "listReturnable",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/returnable",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_returnable        },
    {.operation = "createReturn",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/returns",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_request           },
    {.operation = "makeReturnToken",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/return-token",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_READ,
     .run = api_make_return_token },
    {.operation = "getReturnRequest",
     .method = HTTP_GET,
     .path = "/v1/return-requests/{token}",
     .perm = PERM_NONE,
     .kind = ROUTE_READ,
     .run = api_get_return_request,
     .shown = track_token_shown},
    {.operation = "makeReturnRequest",
     .method = HTTP_POST,
     .path = "/v1/return-requests/{token}",
     .perm = PERM_NONE,
     .kind = ROUTE_WRITE,
     .run = api_make_return_request,
     .prepare = api_judge_return_request,
     .shown = track_token_shown},
    {.operation = "listReturns",
     .method = HTTP_GET,
     .path = "/v1/returns",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list,
     .table = &list_table},
    {.operation = "getReturn",
     .method = HTTP_GET,
     .path = "/v1/returns/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get           },
    {.operation = "approveReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/approve",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_approve          },
    {.operation = "declineReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/decline",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_decline          },
    {.operation = "cancelReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/cancel",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel          },
    {.operation = "labelReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/label",
     .perm = PERM_SHIPPING_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_label          },
    {.operation = "receiveReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/receive",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_receive          },
    {.operation = "inspectReturn",
     .method = HTTP_POST,
     .path = "/v1/returns/{id}/inspect",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_inspect          },
};
const struct route_list returns_routes = {routes, COUNT_OF(routes)};
