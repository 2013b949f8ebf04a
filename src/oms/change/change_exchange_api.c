/* change_exchange_api.c - exchanges: the HTTP face. */
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_edit_view.h"
#include "oms/change/change_exchange.h"
#include "oms/order/order_exists.h"
#include "oms/order/order_quote.h"

static void put_amount(struct json_out *out, const char *key,
                       const struct exchange *at, int64_t minor)
{
    json_put_money(out, key, money_make(minor, at->edit.currency));
}

static void put_lines(struct json_out *out, const struct exchange *at)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < at->edit.count; i++) {
        const struct order_line_cmd *line = &at->edit.actions[i].add;
        json_begin(out, NULL);
        json_put_i64_or_null(out, "n",
                             at->first_line ? at->first_line + (int64_t)i : 0);
        json_put_str(out, "sku", line->sku);
        json_put_i64(out, "quantity", line->qty);
        put_amount(out, "unit_price", at, line->unit_price);
        json_end_object(out);
    }
    json_end_list(out);
}

static void write(const struct exchange *at, struct json_out *out)
{
    const struct edit *edit = &at->edit;
    json_put_id(out, "id", "exc", edit->id.v);
    json_put_id(out, "order", "ord", edit->order.v);
    json_put_id(out, "return", "ret", at->rma.v);
    json_put_cstr(out, "state",
                  machine_state_name(&exchange_machine, (int)at->state));
    machine_put_allowed(out, &exchange_machine, (int)at->state);
    json_put_i64(out, "version", edit->version);
    json_put_i64(out, "order_version", edit->order_version);
    json_put_i64_or_null(out, "confirmed_version", edit->confirmed_version);
    json_put_str(out, "reason", edit->reason);
    json_put_bool(out, "is_unsettled", at->is_unsettled);
    json_put_str_or_null(out, "refused", at->refused);
    json_put_time_or_null(out, "settled_at", at->settled_at);
    json_put_time(out, "created_at", edit->created_at);
    json_put_time(out, "updated_at", edit->updated_at);
    if (at->first_line > 0) {
        put_amount(out, "total_before", at, edit->total_before);
        put_amount(out, "total_after", at, edit->total_after);
    } else {
        json_put_null(out, "total_before");
        json_put_null(out, "total_after");
    }
    put_lines(out, at);
}

static void show(struct request *req, const struct exchange *at)
{
    json_begin(req->reply, NULL);
    write(at, req->reply);
    json_end_object(req->reply);
}

static void show_outlook(struct ctx *ctx, struct request *req,
                         const struct exchange *at,
                         const struct exchange_outlook *look)
{
    const struct exchange_facts *facts = &look->facts;
    json_begin(req->reply, NULL);
    json_put_cstr(req->reply, "state_after",
                  machine_state_name(&exchange_machine, (int)look->then));
    put_amount(req->reply, "return_worth", at, look->worth);
    put_amount(req->reply, "due", at,
               facts->due_after > 0 ? facts->due_after : 0);
    edit_outlook_write(ctx, &at->edit, &look->look, req->reply);
    json_end_object(req->reply);
}

static err_t read_draft(struct ctx *ctx, struct request *req,
                        struct exchange *at)
{
    struct edit *edit = &at->edit;
    struct order order;
    TRY(request_path_id(req, 0, "ord", &edit->order.v));
    TRY(request_query_end(req));
    TRY(order_get(ctx, edit->order, &order)); /* Whose currency it is. */
    memcpy(edit->currency, order.currency, sizeof edit->currency);
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &edit->order_version));
    TRY(json_get_id(req->body, "return", "ret", &at->rma.v));
    TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                     &edit->reason));
    TRY(edit_lines_from_json(ctx, req->body, "lines", order.currency, edit));
    return json_end(req->body);
}

static err_t prepare_draft(struct ctx *ctx, struct request *req)
{
    struct exchange at = {.state = EXCHANGE_NONE};
    TRY(read_draft(ctx, req, &at));
    return edit_tax_prepare(ctx, req, &at.edit);
}

/* The lines are actions of a change: "actions[0].add.sku" is "lines[0].sku". */
static err_t name_field(struct ctx *ctx, err_t err)
{
    size_t i;
    int end = 0;
    const char *field = ctx->err.field;
    if (err == OK || sscanf(field, "actions[%zu].add%n", &i, &end) != 1 ||
        end == 0)
        return err;
    str name = str_printf(ctx->arena, "lines[%zu]%s", i, field + end);
    (void)snprintf(ctx->err.field, sizeof ctx->err.field, "%.*s",
                   STR_ARG(name));
    return err;
}

static err_t draft(struct ctx *ctx, struct request *req, struct exchange *at)
{
    TRY(edit_tax(ctx, req->cmd, &at->edit));
    return exchange_draft(ctx, at);
}

/* POST /v1/orders/{id}/exchanges */
static err_t api_draft(struct ctx *ctx, struct request *req)
{
    struct exchange at = {.state = EXCHANGE_NONE};
    TRY(read_draft(ctx, req, &at));
    TRY(name_field(ctx, draft(ctx, req, &at)));
    req->status = 201;
    show(req, &at);
    return OK;
}

/* POST /v1/orders/{id}/exchanges/preview */
static err_t api_preview_new(struct ctx *ctx, struct request *req)
{
    struct exchange at = {.state = EXCHANGE_NONE};
    struct exchange_outlook look;
    TRY(read_draft(ctx, req, &at));
    TRY(name_field(ctx, edit_tax(ctx, req->cmd, &at.edit)));
    TRY(name_field(ctx, exchange_preview(ctx, &at, &look)));
    show_outlook(ctx, req, &at, &look);
    return OK;
}

/* GET /v1/orders/{id}/exchanges */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct exchange *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(exchange_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        show(req, &all[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/exchanges/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    exchange_id id;
    struct exchange at;
    TRY(request_path_id(req, 0, "exc", &id.v));
    TRY(request_query_end(req));
    TRY(exchange_get(ctx, id, &at));
    show(req, &at);
    return OK;
}

/* POST /v1/exchanges/{id}/preview */
static err_t api_preview(struct ctx *ctx, struct request *req)
{
    exchange_id id;
    struct exchange at;
    struct exchange_outlook look;
    TRY(request_path_id(req, 0, "exc", &id.v));
    TRY(request_query_end(req));
    TRY(json_end(req->body));
    TRY(exchange_get(ctx, id, &at));
    TRY(machine_allow(ctx, &exchange_machine, (int)at.state,
                      EXCHANGE_EVENT_CONFIRM));
    TRY(exchange_preview(ctx, &at, &look));
    show_outlook(ctx, req, &at, &look);
    return OK;
}

typedef err_t exchange_fn(struct ctx *ctx, const struct edit_cmd *cmd,
                          struct exchange *ret, struct order *ret_order);

static err_t run_step(struct ctx *ctx, struct request *req, exchange_fn *fn)
{
    struct edit_cmd cmd = {.version = 0};
    struct exchange at;
    struct order order;
    TRY(request_path_id(req, 0, "exc", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    if (fn == exchange_confirm)
        TRY(json_opt_i64(req->body, "order_version", 1, INT64_MAX,
                         &cmd.order_version));
    TRY(json_end(req->body));
    TRY(fn(ctx, &cmd, &at, &order));
    json_begin(req->reply, NULL);
    json_begin(req->reply, "exchange");
    write(&at, req->reply);
    json_end_object(req->reply);
    json_begin(req->reply, "order");
    order_write(&order, req->reply);
    json_end_object(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/exchanges/{id}/confirm */
static err_t api_confirm(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, exchange_confirm);
}

/* POST /v1/exchanges/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, exchange_cancel);
}

static const struct route routes[] = {
    {.operation = "draftExchange",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/exchanges",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .prepare = prepare_draft,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_draft},
    {.operation = "previewNewExchange",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/exchanges/preview",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .prepare = prepare_draft,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_preview_new},
    {.operation = "listExchanges",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/exchanges",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list                   },
    {.operation = "getExchange",
     .method = HTTP_GET,
     .path = "/v1/exchanges/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get       },
    {.operation = "previewExchange",
     .method = HTTP_POST,
     .path = "/v1/exchanges/{id}/preview",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = api_preview                    },
    {.operation = "confirmExchange",
     .method = HTTP_POST,
     .path = "/v1/exchanges/{id}/confirm",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_confirm   },
    {.operation = "cancelExchange",
     .method = HTTP_POST,
     .path = "/v1/exchanges/{id}/cancel",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel                    },
};
const struct route_list exchange_routes = {routes, COUNT_OF(routes)};
