/* change_api.c - the change room's HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/change/change_erase.h"
#include "oms/change/change_rules.h"

static err_t read_lines(struct ctx *ctx, struct json_in *in,
                        struct cancel_cmd *cmd)
{
    struct json_list list;
    if (!json_has(in, "lines"))
        return OK;
    TRY(json_get_list(in, "lines", 1, LIMIT_ORDER_LINES, &list));
    struct cancel_line *lines =
        arena_array(ctx->arena, struct cancel_line, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_i64(at, "n", 1, LIMIT_ORDER_LINES, &lines[i].n));
        TRY(json_get_i64(at, "quantity", 1, LIMIT_QTY, &lines[i].qty));
        TRY(json_end(at));
    }
    cmd->lines = lines;
    cmd->count = list.count;
    return OK;
}

err_t change_cancel_from_json(struct ctx *ctx, struct json_in *in,
                              struct cancel_cmd *ret)
{
    struct cancel_cmd cmd = {.id = ret->id};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_str(in, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    TRY(read_lines(ctx, in, &cmd));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

/* POST /v1/orders/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    struct cancel_cmd cmd = {0};
    struct order order;
    TRY(request_path_id(req, 0, "ord", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(change_cancel_from_json(ctx, req->body, &cmd));
    TRY(change_cancel(ctx, &cmd, &order));
    json_begin(req->reply, NULL);
    order_write(&order, req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/orders/{id}/tags */
static err_t api_tag(struct ctx *ctx, struct request *req)
{
    struct tag_cmd cmd = {.version = 0};
    struct order order;
    TRY(request_path_id(req, 0, "ord", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_strs(req->body, "add", LIMIT_TAGS, LIMIT_TAG_BYTES, &cmd.add,
                      &cmd.add_count));
    TRY(json_get_strs(req->body, "remove", LIMIT_TAGS, LIMIT_TAG_BYTES,
                      &cmd.remove, &cmd.remove_count));
    TRY(json_end(req->body));
    TRY(change_tag(ctx, &cmd, &order));
    json_begin(req->reply, NULL);
    order_write(&order, req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/customers/{id}/erase */
static err_t api_erase(struct ctx *ctx, struct request *req)
{
    struct erase_cmd cmd = {.is_even_open = false};
    struct erasure erasure;
    TRY(request_path_id(req, 0, "cus", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(json_opt_bool(req->body, "even_open", &cmd.is_even_open));
    TRY(json_end(req->body));
    TRY(change_erase(ctx, &cmd, &erasure));
    erasure_write(&erasure, req->reply);
    return OK;
}

/* GET /v1/customers/{id}/export */
static err_t api_export(struct ctx *ctx, struct request *req)
{
    customer_id id;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    return change_export(ctx, id, req->reply);
}

static const struct route routes[] = {
    {.operation = "eraseCustomer",
     .method = HTTP_POST,
     .path = "/v1/customers/{id}/erase",
     .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_erase         },
    {.operation = "exportCustomer",
     .method = HTTP_GET,
     .path = "/v1/customers/{id}/export",
     .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ,
     .run = api_export        },
    {.operation = "cancelOrder",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/cancel",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel        },
    {.operation = "tagOrder",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/tags",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_tag           },
    {.operation = "setComponents",
     .method = HTTP_PUT,
     .path = "/v1/skus/{id}/components",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_components},
};
const struct route_list change_routes = {routes, COUNT_OF(routes)};
