/* shipping_track_api.c - tracking tokens, and what they open. */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_then.h"
#include "oms/order/order_track.h"
#include "oms/room.h"
#include "oms/shipping/shipping_track.h"
#include "oms/shipping/shipping_track_sql.h"
#include "store/event.h"
#include "store/sql.h"
#include "store/store.h"

/* Wrong tokens of one address: so many are free, then it waits. */
enum { WRONG_FREE = 20, WRONG_WAIT_S = 60 };

static const utc_ms HOUR_MS = (utc_ms)60 * 60 * 1000;

static err_t read_generation(struct ctx *ctx, order_id id, int64_t *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_TRACK_GENERATION, args, COUNT_OF(args), &rows));
    *ret = rows.count == 1 ? sql_int(&rows, 0, 0) : 1;
    return OK;
}

/* ---- for who sends the message ---- */

/* GET /v1/orders/{id}/tracking-token */
static err_t api_make(struct ctx *ctx, struct request *req)
{
    struct track_token token = {0};
    struct order order;
    int64_t days = TRACK_DAYS;
    str text;
    TRY(request_path_id(req, 0, "ord", &token.order.v));
    TRY(request_query_i64(req, "days", 1, TRACK_DAYS_MAX, &days));
    TRY(request_query_end(req));
    TRY(order_get(ctx, token.order, &order));
    TRY(read_generation(ctx, token.order, &token.generation));
    token.store = store_name(ctx);
    /* A whole hour, so that asking again gives the same text for a while. */
    token.ends_at = (ctx->now / HOUR_MS + 1 + days * 24) * HOUR_MS;
    TRY(track_token_make(ctx, store_secrets(ctx), &token, &text));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "token", text);
    json_put_str(req->reply, "path",
                 str_printf(ctx->arena, "/v1/track/%.*s", STR_ARG(text)));
    json_put_i64(req->reply, "generation", token.generation);
    json_put_time(req->reply, "ends_at", token.ends_at);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/orders/{id}/tracking-token/revoke */
static err_t api_revoke(struct ctx *ctx, struct request *req)
{
    order_id id;
    int64_t version, generation;
    struct order order;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(order_lock(ctx, id, &order));
    TRY(check_version(ctx, version, order.version));
    TRY(read_generation(ctx, id, &generation));
    struct sql_arg args[] = {sql_i(id.v), sql_i(id_bucket(id.v)),
                             sql_i(generation + 1)};
    struct order before = order_keep(ctx->arena, &order);
    struct order_note note = {.type = "order.tracking_revoked",
                              .event_id = event_id(ctx, id.v)};
    TRY(sql_run(ctx, SQL_TRACK_REVOKE, args, COUNT_OF(args), NULL));
    TRY(order_note(ctx, &before, &order, &note));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "order", "ord", id.v);
    json_put_i64(req->reply, "version", order.version);
    json_put_i64(req->reply, "generation", generation + 1);
    json_end_object(req->reply);
    return OK;
}

/* ---- for who has the link ---- */

str track_token_shown(const struct request *req)
{
    return req->path_params[0];
}

static err_t unknown(struct ctx *ctx)
{
    return fail_as(ctx, ERR_NOT_FOUND, "token_unknown", "token",
                   "this link leads nowhere");
}

/* What can be told without a look at rows comes first. */
static err_t check_token(struct ctx *ctx, str text, struct track_token *ret)
{
    int64_t generation;
    if (!track_token_read(text, ret))
        return unknown(ctx);
    err_t err = track_token_judge(ctx->arena, store_secrets(ctx),
                                  store_name(ctx), ctx->now, ret);
    if (err == ERR_NOT_FOUND)
        return unknown(ctx);
    if (err != OK)
        return fail_as(ctx, ERR_GONE, "token_expired", "token",
                       "this link was good until it ended; ask for a new one");
    TRY(read_generation(ctx, ret->order, &generation));
    if (ret->generation != generation)
        return fail_as(ctx, ERR_GONE, "token_revoked", "token",
                       "this link was taken back; ask for a new one");
    return OK;
}

static err_t put_deliveries(struct ctx *ctx, struct json_out *out, order_id id)
{
    struct fulfillment *fos;
    size_t count;
    TRY(fulfillment_list_order(ctx, id, &fos, &count));
    json_begin_list(out, "deliveries");
    for (size_t i = 0; i < count; i++) {
        const struct fulfillment *fo = &fos[i];
        if (fo->status == FULFILLMENT_CANCELLED)
            continue;
        json_begin(out, NULL);
        json_put_cstr(out, "method", order_method_name(fo->method));
        json_put_cstr(out, "status", fulfillment_status_name(fo->status));
        json_put_time_or_null(out, "promise_at", fo->promise_at);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

/* Somebody who tries tokens waits longer and longer. */
static err_t enter(struct ctx *ctx, struct request *req,
                   struct throttle_gate *gate)
{
    *gate = (struct throttle_gate){
        throttle_peer_key(req->throttle, 0x747261636bULL, req->caller->peer),
        WRONG_FREE, WRONG_WAIT_S};
    int wait_s =
        throttle_enter(req->throttle, gate, 1, clock_mono_ns() / 1000000);
    if (wait_s == 0)
        return OK;
    req->retry_after_s = wait_s;
    return fail_as(ctx, ERR_LIMIT, "too_many_attempts", "",
                   "too many wrong links; wait %d s", wait_s);
}

/* GET /v1/track/{token} */
static err_t api_track(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct throttle_gate gate;
    struct order order;
    TRY(request_query_end(req));
    TRY(enter(ctx, req, &gate));
    err_t err = check_token(ctx, req->path_params[0], &token);
    if (err == ERR_NOT_FOUND)
        throttle_failed(req->throttle, &gate, 1, clock_mono_ns() / 1000000);
    else
        throttle_forgive(req->throttle, &gate, 1);
    TRY(err);
    err = order_get(ctx, token.order, &order);
    if (err == ERR_NOT_FOUND) {
        err_clear(ctx);
        return unknown(ctx);
    }
    TRY(err);
    json_begin(req->reply, NULL);
    TRY(order_track_write(ctx, &order, req->reply));
    TRY(put_deliveries(ctx, req->reply, order.id));
    json_put_time(req->reply, "link_ends_at", token.ends_at);
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "makeTrackingToken",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/tracking-token",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_make             },
    {                         .operation = "revokeTrackingTokens",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/tracking-token/revoke",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_revoke         },
    { .operation = "trackOrder",
     .method = HTTP_GET,
     .path = "/v1/track/{token}",
     .perm = PERM_NONE,
     .kind = ROUTE_READ,
     .run = api_track,
     .shown = track_token_shown},
};
static const struct route_list tracking_routes = {routes, COUNT_OF(routes)};

const struct room tracking_room = {
    .name = "tracking",
    .routes = &tracking_routes,
};
