/* change_hold_api.c - holds of orders: the HTTP face. */
#include "base/json.h"
#include "base/machine.h"
#include "net/route.h"
#include "oms/change/change_hold.h"
#include "oms/order/order_exists.h"

static void show(struct request *req, const struct order_hold *hold)
{
    json_begin(req->reply, NULL);
    order_hold_write(hold, req->reply);
    json_end_object(req->reply);
}

/* POST /v1/orders/{id}/holds */
static err_t api_place(struct ctx *ctx, struct request *req)
{
    struct order_hold hold = {.line = 0};
    int64_t version;
    TRY(request_path_id(req, 0, "ord", &hold.order.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(order_hold_from_json(ctx, req->body, &hold));
    TRY(order_hold_place(ctx, version, &hold));
    req->status = 201;
    show(req, &hold);
    return OK;
}

/* GET /v1/orders/{id}/holds */
static err_t api_of_order(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct order_hold *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(order_hold_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        show(req, &all[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/order-holds */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct order_hold_query query = {.limit = 0};
    struct order_hold *all;
    size_t count;
    str name;
    int state = ORDER_HOLD_ACTIVE;
    TRY(request_query_id(req, "after", "ohd", &query.after.v));
    TRY(request_query_limit(req, &query.limit));
    if (request_query_find(req, "state", &name) &&
        !machine_state_from_name(&order_hold_machine, name, &state))
        return fail(ctx, ERR_INVALID, "state",
                    "must be active, released or expired");
    TRY(request_query_end(req));
    query.state = (enum order_hold_state)state;
    TRY(order_hold_page(ctx, &query, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        show(req, &all[i]);
    json_end_page(req->reply, "ohd",
                  count == query.limit ? all[count - 1].id.v : 0);
    return OK;
}

/* POST /v1/order-holds/{id}/release */
static err_t api_release(struct ctx *ctx, struct request *req)
{
    order_hold_id id;
    struct order_hold hold;
    int64_t version;
    TRY(request_path_id(req, 0, "ohd", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(order_hold_end(ctx, id, version, ORDER_HOLD_EVENT_RELEASE, &hold));
    show(req, &hold);
    return OK;
}

static const struct route routes[] = {
    {.operation = "holdOrder",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/holds",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_place   },
    {.operation = "listHoldsOfOrder",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/holds",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_of_order},
    {.operation = "listOrderHolds",
     .method = HTTP_GET,
     .path = "/v1/order-holds",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list    },
    {.operation = "releaseOrderHold",
     .method = HTTP_POST,
     .path = "/v1/order-holds/{id}/release",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_release },
};
const struct route_list order_hold_routes = {routes, COUNT_OF(routes)};
