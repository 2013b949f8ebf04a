/* change_replace_api.c - replacements: the HTTP face. */
#include "base/json.h"
#include "base/machine.h"
#include "net/route.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_replace.h"
#include "oms/order/order.h"
#include "oms/order/order_exists.h"

static void write(struct json_out *out, const struct replacement *at)
{
    json_put_i64(out, "line", at->n);
    json_put_i64(out, "replaces", at->of);
    json_put_i64(out, "quantity", at->qty);
    json_put_i64(out, "cancelled", at->qty - at->live);
    json_put_cstr(out, "cause", replace_cause_name(at->cause));
    json_put_time(out, "at", at->at);
    json_put_id_or_null(out, "exchange", "exc", at->exchange.v);
    json_put_id_or_null(out, "return", "ret", at->rma.v);
    if (at->exchange.v)
        json_put_cstr(out, "state",
                      machine_state_name(&exchange_machine, at->state));
    else
        json_put_null(out, "state");
}

/* POST /v1/orders/{id}/replacements */
static err_t api_replace(struct ctx *ctx, struct request *req)
{
    struct replace_cmd cmd = {.version = 0};
    struct replacement at;
    struct order order;
    int cause = -1;
    TRY(request_path_id(req, 0, "ord", &cmd.order.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_i64(req->body, "line", 1, LIMIT_ORDER_LINES, &cmd.of));
    TRY(json_get_i64(req->body, "quantity", 1, LIMIT_QTY, &cmd.qty));
    TRY(json_opt_enum(req->body, "cause", replace_causes, REPLACE_CAUSES,
                      &cause));
    if (cause < 0)
        return json_fail(req->body, "cause", ERR_INVALID, "missing_field",
                         "say why it is sent once more");
    TRY(json_opt_id(req->body, "return", "ret", &cmd.rma.v));
    cmd.cause = (enum replace_cause)(cause + 1);
    TRY(json_end(req->body));
    TRY(order_replace(ctx, &cmd, &at, &order));
    req->status = 201;
    json_begin(req->reply, NULL);
    json_begin(req->reply, "replacement");
    write(req->reply, &at);
    json_end_object(req->reply);
    json_begin(req->reply, "order");
    order_write(&order, req->reply);
    json_end_object(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/orders/{id}/replacements */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct replacement *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(replacement_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        write(req->reply, &all[i]);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "replaceGoods",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/replacements",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_replace},
    {.operation = "listReplacements",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/replacements",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list   },
};
const struct route_list replace_routes = {routes, COUNT_OF(routes)};
