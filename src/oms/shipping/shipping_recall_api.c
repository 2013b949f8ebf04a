/* shipping_recall_api.c - the HTTP face of recalls. */
#include "base/json.h"
#include "base/json_any.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/order/order.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_recall.h"

static void put_text(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
    else
        json_put_null(out, key);
}

/* Whom to tell: as the order has it. */
static err_t write_buyer(struct ctx *ctx, struct json_out *out, order_id id)
{
    struct order order;
    json_any top;
    TRY(order_get(ctx, id, &order));
    str doc = order.doc;
    TRY(json_any_parse(ctx, &doc, &top));
    json_any customer = json_any_get(top, "customer");
    json_any to = json_any_get(top, "shipping_address");
    str name = json_any_get_text(ctx->arena, customer, "name");
    str email = json_any_get_text(ctx->arena, customer, "email");
    str phone = json_any_get_text(ctx->arena, customer, "phone");
    json_put_id(out, "order_id", "ord", id.v);
    json_put_str(out, "order_number", order.number);
    json_begin(out, "buyer");
    put_text(out, "name",
             name.len ? name : json_any_get_text(ctx->arena, to, "name"));
    put_text(out, "email",
             email.len ? email : json_any_get_text(ctx->arena, to, "email"));
    put_text(out, "phone",
             phone.len ? phone : json_any_get_text(ctx->arena, to, "phone"));
    json_end_object(out);
    json_any_close(top);
    return OK;
}

static err_t write_unit(struct ctx *ctx, struct json_out *out,
                        const struct package_unit *unit)
{
    struct package package;
    TRY(package_get(ctx, unit->package, &package));
    json_begin(out, NULL);
    json_put_id(out, "package_id", "pkg", package.id.v);
    json_put_cstr(out, "state", package_state_name(package.place.state));
    put_text(out, "tracking", package.tracking);
    if (package.shipped_at)
        json_put_time(out, "shipped_at", package.shipped_at);
    else
        json_put_null(out, "shipped_at");
    json_put_i64(out, "line", unit->n);
    json_put_i64(out, "quantity", unit->qty);
    put_text(out, "lot", unit->lot);
    put_text(out, "serial", unit->serial);
    TRY(write_buyer(ctx, out, package.order));
    json_end_object(out);
    return OK;
}

/* GET /v1/recalls */
err_t api_list_recalls(struct ctx *ctx, struct request *req)
{
    struct recall_query query = {.lot = STR(""), .serial = STR("")};
    struct package_unit *units;
    struct sku sku;
    bool found;
    size_t count;
    str code = STR("");
    (void)request_query_find(req, "sku", &code);
    (void)request_query_find(req, "lot", &query.lot);
    (void)request_query_find(req, "serial", &query.serial);
    TRY(request_query_id(req, "after", "pkg", &query.after.v));
    TRY(request_query_limit(req, &query.limit));
    TRY(request_query_end(req));
    TRY(sku_find(ctx, code, &sku, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "no SKU \"%.*s\"", STR_ARG(code));
    if ((query.lot.len > 0) == (query.serial.len > 0))
        return fail_as(ctx, ERR_INVALID, "one_filter", "lot",
                       "name a lot or a serial number");
    query.sku = sku.id;
    TRY(recall_list(ctx, &query, &units, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        TRY(write_unit(ctx, req->reply, &units[i]));
    json_end_page(req->reply, "pkg",
                  count == query.limit ? units[count - 1].package.v : 0);
    return OK;
}
