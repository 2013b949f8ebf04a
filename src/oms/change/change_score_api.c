/* change_score_api.c - rules that score orders: the HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/change/change_score.h"
#include "oms/order/order_exists.h"

static void show(struct request *req, const struct score_policy *policy)
{
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "channel_id", "chn", policy->channel.v);
    json_put_i64(req->reply, "version", policy->version);
    if (policy->version == 0) {
        json_put_bool(req->reply, "is_active", false);
        json_put_null(req->reply, "threshold");
        json_begin_list(req->reply, "rules");
        json_end_list(req->reply);
    } else {
        score_policy_write(policy, req->reply);
    }
    json_put_time_or_null(req->reply, "updated_at", policy->updated_at);
    json_end_object(req->reply);
}

/* GET /v1/channels/{id}/score-rules */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    struct channel channel;
    struct score_policy policy;
    TRY(request_path_id(req, 0, "chn", &channel.id.v));
    TRY(request_query_end(req));
    TRY(channel_get(ctx, channel.id, &channel));
    TRY(score_policy_find(ctx, channel.id, &policy));
    show(req, &policy);
    return OK;
}

/* PUT /v1/channels/{id}/score-rules */
static err_t api_put(struct ctx *ctx, struct request *req)
{
    struct score_policy policy = {.version = 0};
    int64_t version;
    TRY(request_path_id(req, 0, "chn", &policy.channel.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &version));
    TRY(score_policy_from_json(ctx, req->body, &policy));
    TRY(score_policy_put(ctx, version, &policy));
    show(req, &policy);
    return OK;
}

/* POST /v1/channels/{id}/score-rules/try: all of it is read in a snapshot. */
static err_t api_try_prepare(struct ctx *ctx, struct request *req)
{
    struct score_look *look = arena_new(ctx->arena, struct score_look);
    int64_t most = LIMIT_SCORE_LOOK;
    TRY(request_path_id(req, 0, "chn", &look->policy.channel.v));
    TRY(request_query_end(req));
    TRY(json_opt_i64(req->body, "orders", 1, LIMIT_SCORE_LOOK, &most));
    look->most = (size_t)most;
    TRY(score_policy_from_json(ctx, req->body, &look->policy));
    req->cmd = look;
    return score_look(ctx, look);
}

static err_t api_try(struct ctx *ctx, struct request *req)
{
    const struct score_look *look = req->cmd;
    struct json_out *out = req->reply;
    (void)ctx;
    json_begin(out, NULL);
    json_put_i64(out, "looked_at", (int64_t)look->looked_at);
    json_put_i64(out, "held", (int64_t)look->held);
    json_begin_list(out, "rules");
    for (size_t i = 0; i < look->policy.count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "rule", look->policy.rules[i].name);
        json_put_i64(out, "hits", look->hits[i]);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "orders");
    for (size_t i = 0; i < look->shown_count; i++) {
        json_begin(out, NULL);
        json_put_id(out, "order_id", "ord", look->shown[i].order.v);
        json_put_i64(out, "score", look->shown[i].score);
        json_put_raw(out, "hits", look->shown[i].hits);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
    return OK;
}

/* GET /v1/orders/{id}/score */
static err_t api_score(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct order_score score;
    struct json_out *out = req->reply;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(score_get(ctx, id, &score));
    json_begin(out, NULL);
    json_put_id(out, "order_id", "ord", score.order.v);
    json_put_i64(out, "score", score.score);
    json_put_i64(out, "threshold", score.threshold);
    json_put_i64(out, "policy_version", score.policy_version);
    json_put_raw(out, "hits", score.hits);
    json_put_id_or_null(out, "hold_id", "ohd", score.hold.v);
    json_put_time(out, "created_at", score.created_at);
    json_end_object(out);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getScoreRules",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/score-rules",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get    },
    {.operation = "putScoreRules",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/score-rules",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_put    },
    {.operation = "tryScoreRules",
     .method = HTTP_POST,
     .path = "/v1/channels/{id}/score-rules/try",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = api_try,
     .prepare = api_try_prepare},
    {.operation = "getOrderScore",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/score",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_score},
};
const struct route_list score_routes = {routes, COUNT_OF(routes)};
