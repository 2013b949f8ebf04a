/* shipping_track_api.c - tracking tokens, and what they open. */
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "oms/inventory/inventory.h"
#include "oms/order/order_track.h"
#include "oms/room.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_store.h"
#include "oms/shipping/shipping_track.h"

/* Wrong tokens of one address: so many are free, then it waits. */
enum { WRONG_FREE = 20, WRONG_WAIT_S = 60, PACKAGES_SHOWN = 100 };

/* ---- for who sends the message ---- */

/* GET /v1/orders/{id}/tracking-token */
static err_t api_make(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    order_id id;
    int64_t days = TRACK_DAYS;
    str text;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_i64(req, "days", 1, TRACK_DAYS_MAX, &days));
    TRY(request_query_end(req));
    TRY(track_link_make(ctx, id, TRACK_PAGE, days, &token, &text));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "token", text);
    json_put_str(req->reply, "path",
                 str_printf(ctx->arena, "/v1/track/%.*s", STR_ARG(text)));
    json_put_str(req->reply, "page",
                 str_printf(ctx->arena, "/track/%.*s", STR_ARG(text)));
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
    TRY(track_links_revoke(ctx, id, version, &order, &generation));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "order", "ord", id.v);
    json_put_i64(req->reply, "version", order.version);
    json_put_i64(req->reply, "generation", generation);
    json_end_object(req->reply);
    return OK;
}

/* ---- for who has the link ---- */

str track_token_shown(const struct request *req)
{
    return req->path_params[0];
}

/* All of an order. */
struct deliveries {
    struct fulfillment *at;
    size_t count;
};

static void put_deliveries(struct json_out *out, const struct deliveries *all)
{
    json_begin_list(out, "deliveries");
    for (size_t i = 0; i < all->count; i++) {
        const struct fulfillment *fo = &all->at[i];
        if (fo->status == FULFILLMENT_CANCELLED)
            continue;
        json_begin(out, NULL);
        json_put_cstr(out, "method", order_method_name(fo->method));
        json_put_cstr(out, "status", fulfillment_status_name(fo->status));
        json_put_time_or_null(out, "promise_at", fo->promise_at);
        json_end_object(out);
    }
    json_end_list(out);
}

/* A parcel is promised as what it was packed for. */
static utc_ms promise_of(const struct deliveries *all, fulfillment_order_id fo)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].id.v == fo.v)
            return all->at[i].promise_at;
    return 0;
}

/* What the carrier said, in our words: its own may name people. */
static err_t put_traces(struct ctx *ctx, struct json_out *out, package_id id)
{
    struct trace *traces;
    size_t count;
    TRY(trace_list(ctx, id, &traces, &count));
    json_begin_list(out, "events");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_cstr(out, "code", trace_code_name(traces[i].code));
        json_put_str_or_null(out, "place", traces[i].place);
        json_put_time(out, "occurred_at", traces[i].occurred_at);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

/* Parcels that have a label or more. */
static err_t put_packages(struct ctx *ctx, struct json_out *out, order_id id,
                          const struct deliveries *all)
{
    struct package_filter filter = {.order = id, .limit = PACKAGES_SHOWN};
    struct package *packages;
    size_t count;
    TRY(package_page(ctx, &filter, &packages, &count));
    json_begin_list(out, "packages");
    for (size_t i = 0; i < count; i++) {
        const struct package *p = &packages[i];
        if (p->place.state == PACKAGE_VOIDED || p->tracking.len == 0 ||
            p->returns.v)
            continue;
        json_begin(out, NULL);
        json_put_cstr(out, "status", package_state_name(p->place.state));
        json_put_str_or_null(out, "carrier", p->carrier);
        json_put_str(out, "tracking_number", p->tracking);
        json_put_time_or_null(out, "promise_at", promise_of(all, p->fo));
        json_put_time_or_null(out, "shipped_at", p->shipped_at);
        json_put_time_or_null(out, "delivered_at", p->delivered_at);
        TRY(put_traces(ctx, out, p->id));
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static err_t put_pickups(struct ctx *ctx, struct json_out *out, order_id id)
{
    struct pickup_filter filter = {.order = id, .limit = PACKAGES_SHOWN};
    struct pickup *pickups;
    size_t count;
    TRY(pickup_page(ctx, &filter, &pickups, &count));
    json_begin_list(out, "pickups");
    for (size_t i = 0; i < count; i++) {
        struct location at;
        TRY(location_get(ctx, pickups[i].location, &at));
        json_begin(out, NULL);
        json_put_cstr(out, "status", pickup_state_name(pickups[i].state));
        json_put_str(out, "location", at.name);
        json_put_time_or_null(out, "ready_at", pickups[i].ready_at);
        json_put_time_or_null(out, "expires_at", pickups[i].expires_at);
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

err_t track_follow(struct ctx *ctx, struct request *req, enum track_kind kind,
                   struct track_token *ret, struct order *ret_order)
{
    struct throttle_gate gate;
    TRY(enter(ctx, req, &gate));
    err_t err = track_open(ctx, req->path_params[0], kind, ret, ret_order);
    if (err == ERR_NOT_FOUND)
        throttle_failed(req->throttle, &gate, 1, clock_mono_ns() / 1000000);
    else
        throttle_forgive(req->throttle, &gate, 1);
    return err;
}

/* GET /v1/track/{token} */
static err_t api_track(struct ctx *ctx, struct request *req)
{
    struct track_token token;
    struct order order;
    struct deliveries all;
    TRY(request_query_end(req));
    TRY(track_follow(ctx, req, TRACK_PAGE, &token, &order));
    json_begin(req->reply, NULL);
    TRY(order_track_write(ctx, &order, req->reply));
    TRY(fulfillment_list_order(ctx, order.id, &all.at, &all.count));
    put_deliveries(req->reply, &all);
    TRY(put_packages(ctx, req->reply, order.id, &all));
    TRY(put_pickups(ctx, req->reply, order.id));
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
