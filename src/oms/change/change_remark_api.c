/* change_remark_api.c - notes on orders: the HTTP face. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/change/change_remark.h"
#include "oms/order/order.h"
#include "oms/order/order_exists.h"

static void show(struct request *req, const struct remark *remark)
{
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "id", "ont", remark->id.v);
    json_put_id(req->reply, "order_id", "ord", remark->order.v);
    json_put_str(req->reply, "text", remark->text);
    json_put_actor(req->reply, "actor", &remark->actor);
    json_put_time(req->reply, "created_at", remark->created_at);
    json_end_object(req->reply);
}

/* POST /v1/orders/{id}/notes */
static err_t api_add(struct ctx *ctx, struct request *req)
{
    struct remark remark = {.text = STR_NONE};
    TRY(request_path_id(req, 0, "ord", &remark.order.v));
    TRY(request_query_end(req));
    TRY(json_get_str(req->body, "text", 1, LIMIT_NOTE_BYTES, &remark.text));
    TRY(json_end(req->body));
    TRY(remark_add(ctx, &remark));
    req->status = 201;
    show(req, &remark);
    return OK;
}

/* GET /v1/orders/{id}/notes */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    order_id id;
    order_remark_id after = {0};
    struct remark *all;
    size_t limit, count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_id(req, "after", "ont", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(remark_list(ctx, id, after, limit, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        show(req, &all[i]);
    json_end_page(req->reply, "ont", count == limit ? all[count - 1].id.v : 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "addOrderNote",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/notes",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_add },
    {.operation = "listOrderNotes",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/notes",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list},
};
const struct route_list remark_routes = {routes, COUNT_OF(routes)};
