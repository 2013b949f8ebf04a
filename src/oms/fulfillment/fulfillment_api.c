/* fulfillment_api.c - the HTTP face of fulfillment orders. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_handlers.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/fulfillment/fulfillment_view.h"
#include "oms/inventory/inventory_named.h"

/* GET /v1/fulfillment-orders/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    fulfillment_order_id id;
    struct fulfillment fo;
    TRY(request_path_id(req, 0, "fo", &id.v));
    TRY(request_query_end(req));
    TRY(fulfillment_get(ctx, id, &fo));
    return fulfillment_write(ctx, req->reply, &fo, 1);
}

static err_t put_page(struct ctx *ctx, struct request *req,
                      const struct fulfillment *at, size_t count, bool has_more)
{
    json_begin_page(req->reply);
    TRY(fulfillment_write(ctx, req->reply, at, count));
    json_end_page(req->reply, "fo", has_more ? at[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/fulfillment-orders/counts */
static err_t api_counts(struct ctx *ctx, struct request *req)
{
    struct fulfillment_count *at;
    size_t count;
    TRY(request_query_end(req));
    TRY(fulfillment_counts(ctx, &at, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "location_id", "loc", at[i].location.v);
        json_put_cstr(req->reply, "status",
                      fulfillment_status_name(at[i].status));
        json_put_i64(req->reply, "fulfillment_orders", at[i].count);
        json_put_bool(req->reply, "is_at_least", at[i].count == LIMIT_COUNTED);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

static const char *const methods[] = {"ship", "pickup", "digital"};
static const char *const sorts[] = {"newest", "oldest"};

/* Filters that have no index are refused. */
static err_t check_filter(struct ctx *ctx, order_id order,
                          const struct fulfillment_filter *filter)
{
    if (order.v && (filter->location.v || filter->status || filter->method))
        return fail_as(ctx, ERR_INVALID, "filter_unsupported", "order",
                       "goes with no other filter");
    if (filter->location.v && !filter->status)
        return fail_as(ctx, ERR_INVALID, "filter_unsupported", "location",
                       "needs a status beside it");
    if (filter->method && !filter->location.v)
        return fail_as(ctx, ERR_INVALID, "filter_unsupported", "method",
                       "needs a location and a status beside it");
    if (filter->is_oldest_first && !filter->status)
        return fail_as(ctx, ERR_INVALID, "filter_unsupported", "sort",
                       "needs a status beside it");
    return OK;
}

/* By its code, as everywhere, or by its id. */
static err_t read_location(struct ctx *ctx, struct request *req,
                           location_id *ret)
{
    struct location at;
    str text;
    if (!request_query_find(req, "location", &text) ||
        id_from_text("loc", text, &ret->v))
        return OK;
    TRY(named_location_get(ctx, "location", text, &at));
    *ret = at.id;
    return OK;
}

/* GET /v1/fulfillment-orders */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct fulfillment_filter filter = {0};
    struct fulfillment *at;
    order_id order = {0};
    int status = -1, method = -1, sort = 0;
    size_t limit, count;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "fo", &filter.after.v));
    TRY(request_query_id(req, "order", "ord", &order.v));
    TRY(read_location(ctx, req, &filter.location));
    TRY(request_query_enum(req, "status", fulfillment_machine.states,
                           fulfillment_machine.state_count, &status));
    TRY(request_query_enum(req, "method", methods, COUNT_OF(methods), &method));
    TRY(request_query_enum(req, "sort", sorts, COUNT_OF(sorts), &sort));
    TRY(request_query_end(req));
    filter.status = (enum fulfillment_status)(status + 1);
    filter.method = (enum order_method)(method + 1);
    filter.is_oldest_first = sort == 1;
    filter.limit = limit + 1;
    TRY(check_filter(ctx, order, &filter));
    if (order.v) {
        TRY(fulfillment_list_order(ctx, order, &at, &count));
        return put_page(ctx, req, at, count, false);
    }
    TRY(fulfillment_page(ctx, &filter, &at, &count));
    bool has_more = count > limit;
    return put_page(ctx, req, at, count - has_more, has_more);
}

static const struct route routes[] = {
    {.operation = "listFulfillmentOrders",
     .method = HTTP_GET,
     .path = "/v1/fulfillment-orders",
     .perm = PERM_FULFILLMENT_READ,
     .kind = ROUTE_READ,
     .run = api_list                },
    {.operation = "countFulfillmentOrders",
     .method = HTTP_GET,
     .path = "/v1/fulfillment-orders/counts",
     .perm = PERM_FULFILLMENT_READ,
     .kind = ROUTE_READ,
     .run = api_counts              },
    {.operation = "getFulfillmentOrder",
     .method = HTTP_GET,
     .path = "/v1/fulfillment-orders/{id}",
     .perm = PERM_FULFILLMENT_READ,
     .kind = ROUTE_READ,
     .run = api_get                 },
    {.operation = "openFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/open",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_open_fulfillment    },
    {.operation = "holdFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/hold",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_hold_fulfillment    },
    {.operation = "releaseFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/release",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_release_fulfillment },
    {.operation = "moveFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/move",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_move_fulfillment    },
    {.operation = "splitFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/split",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_split_fulfillment   },
    {.operation = "mergeFulfillmentOrders",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/merge",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_merge_fulfillment   },
    {.operation = "cancelFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/cancel",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel_fulfillment  },
    {.operation = "submitFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/submit",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_submit_fulfillment  },
    {.operation = "acceptFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/accept",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_accept_fulfillment  },
    {.operation = "rejectFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/reject",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_reject_fulfillment  },
    {.operation = "requestFulfillmentCancellation",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/request-cancellation",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_request_cancellation},
    {.operation = "acceptFulfillmentCancellation",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/accept-cancellation",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_accept_cancellation },
    {.operation = "rejectFulfillmentCancellation",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/reject-cancellation",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_reject_cancellation },
    {.operation = "shipFulfillmentOrder",
     .method = HTTP_POST,
     .path = "/v1/fulfillment-orders/{id}/ship",
     .perm = PERM_FULFILLMENT_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_ship_fulfillment    },
};
const struct route_list fulfillment_routes = {routes, COUNT_OF(routes)};
