/* change_edit_api.c - changes of orders: the HTTP face. */
#include "base/json.h"
#include "net/route.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_edit_view.h"
#include "oms/order/order_exists.h"
#include "oms/order/order_quote.h"

static err_t read_draft(struct ctx *ctx, struct request *req, struct edit *edit)
{
    struct order order;
    TRY(request_path_id(req, 0, "ord", &edit->order.v));
    TRY(request_query_end(req));
    TRY(order_get(ctx, edit->order, &order)); /* Whose currency it is. */
    memcpy(edit->currency, order.currency, sizeof edit->currency);
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &edit->order_version));
    TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                     &edit->reason));
    TRY(json_opt_time(req->body, "expires_at", &edit->expires_at));
    TRY(edit_actions_from_json(ctx, req->body, order.currency, edit));
    return json_end(req->body);
}

static err_t prepare_draft(struct ctx *ctx, struct request *req)
{
    struct edit edit = {.version = 0};
    TRY(read_draft(ctx, req, &edit));
    return edit_tax_prepare(ctx, req, &edit);
}

static void show(struct request *req, const struct edit *edit)
{
    json_begin(req->reply, NULL);
    edit_write(edit, req->reply);
    json_end_object(req->reply);
}

/* POST /v1/orders/{id}/changes */
static err_t api_draft(struct ctx *ctx, struct request *req)
{
    struct edit edit = {.version = 0};
    TRY(read_draft(ctx, req, &edit));
    TRY(edit_tax(ctx, req->cmd, &edit));
    TRY(edit_draft(ctx, &edit));
    req->status = 201;
    show(req, &edit);
    return OK;
}

/* POST /v1/orders/{id}/changes/preview */
static err_t api_preview_new(struct ctx *ctx, struct request *req)
{
    struct edit edit = {.version = 0};
    struct edit_outlook look;
    TRY(read_draft(ctx, req, &edit));
    TRY(edit_tax(ctx, req->cmd, &edit));
    TRY(edit_preview(ctx, &edit, &look));
    json_begin(req->reply, NULL);
    edit_outlook_write(ctx, &edit, &look, req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/orders/{id}/changes */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct edit *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(edit_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        show(req, &all[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/order-changes/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    order_change_id id;
    struct edit edit;
    TRY(request_path_id(req, 0, "chg", &id.v));
    TRY(request_query_end(req));
    TRY(edit_get(ctx, id, &edit));
    show(req, &edit);
    return OK;
}

/* POST /v1/order-changes/{id}/preview */
static err_t api_preview(struct ctx *ctx, struct request *req)
{
    order_change_id id;
    struct edit edit;
    struct edit_outlook look;
    TRY(request_path_id(req, 0, "chg", &id.v));
    TRY(request_query_end(req));
    TRY(json_end(req->body));
    TRY(edit_get(ctx, id, &edit));
    TRY(edit_preview(ctx, &edit, &look));
    TRY(edit_since(ctx, &edit, &look.since, &look.since_count));
    json_begin(req->reply, NULL);
    edit_outlook_write(ctx, &edit, &look, req->reply);
    json_end_object(req->reply);
    return OK;
}

static err_t read_cmd(struct request *req, struct edit_cmd *cmd)
{
    TRY(request_path_id(req, 0, "chg", &cmd->id.v));
    TRY(request_query_end(req));
    return json_get_i64(req->body, "version", 1, INT64_MAX, &cmd->version);
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum edit_event event)
{
    struct edit_cmd cmd = {.version = 0};
    struct edit edit;
    TRY(read_cmd(req, &cmd));
    if (event == EDIT_EVENT_DECLINE)
        TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                         &cmd.answer));
    TRY(json_end(req->body));
    TRY(edit_step(ctx, &cmd, event, &edit));
    show(req, &edit);
    return OK;
}

/* POST /v1/order-changes/{id}/request */
static err_t api_request(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, EDIT_EVENT_REQUEST);
}

/* POST /v1/order-changes/{id}/decline */
static err_t api_decline(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, EDIT_EVENT_DECLINE);
}

/* POST /v1/order-changes/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, EDIT_EVENT_CANCEL);
}

/* POST /v1/order-changes/{id}/confirm */
static err_t api_confirm(struct ctx *ctx, struct request *req)
{
    struct edit_cmd cmd = {.version = 0};
    struct edit edit;
    struct order order;
    TRY(read_cmd(req, &cmd));
    TRY(json_opt_i64(req->body, "order_version", 1, INT64_MAX,
                     &cmd.order_version));
    TRY(json_end(req->body));
    TRY(edit_confirm(ctx, &cmd, &edit, &order));
    json_begin(req->reply, NULL);
    json_begin(req->reply, "change");
    edit_write(&edit, req->reply);
    json_end_object(req->reply);
    json_begin(req->reply, "order");
    order_write(&order, req->reply);
    json_end_object(req->reply);
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "draftOrderChange",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/changes",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .prepare = prepare_draft,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_draft},
    {.operation = "previewNewOrderChange",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/changes/preview",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .prepare = prepare_draft,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_preview_new},
    {.operation = "listOrderChanges",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/changes",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list                 },
    {.operation = "getOrderChange",
     .method = HTTP_GET,
     .path = "/v1/order-changes/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get       },
    {.operation = "previewOrderChange",
     .method = HTTP_POST,
     .path = "/v1/order-changes/{id}/preview",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = api_preview                  },
    {.operation = "requestOrderChange",
     .method = HTTP_POST,
     .path = "/v1/order-changes/{id}/request",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_request   },
    {.operation = "declineOrderChange",
     .method = HTTP_POST,
     .path = "/v1/order-changes/{id}/decline",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_decline                  },
    {.operation = "cancelOrderChange",
     .method = HTTP_POST,
     .path = "/v1/order-changes/{id}/cancel",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel   },
    {.operation = "confirmOrderChange",
     .method = HTTP_POST,
     .path = "/v1/order-changes/{id}/confirm",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_confirm                   },
};
const struct route_list edit_routes = {routes, COUNT_OF(routes)};
