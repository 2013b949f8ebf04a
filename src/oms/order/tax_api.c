/* tax_api.c - the HTTP face of the tax tables. */
#include "base/arena.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/order/tax_int.h"

static void put_rate(struct json_out *out, const char *key,
                     const struct tax_rate *rate)
{
    json_begin(out, key);
    json_put_id(out, "id", "txr", rate->id.v);
    json_put_str(out, "country", rate->country);
    json_put_str_or_null(out, "region", rate->region);
    json_put_str_or_null(out, "postal_prefix", rate->postal_prefix);
    json_put_str(out, "tax_class", rate->tax_class);
    json_put_i64(out, "layer", rate->layer);
    json_put_str(out, "name", rate->name);
    json_put_i64(out, "rate_ppm", rate->rate_ppm);
    json_put_cstr(out, "kind", tax_kind_names[rate->kind - 1]);
    json_put_bool(out, "is_compound", rate->is_compound);
    json_put_bool(out, "reverse_charge", rate->is_reversed);
    json_put_str_or_null(out, "reason", rate->reason);
    json_put_time(out, "valid_from", rate->valid_from);
    json_put_time_or_null(out, "valid_to",
                          rate->valid_to == TAX_NO_END ? 0 : rate->valid_to);
    json_put_bool(out, "is_active", rate->is_active);
    json_put_i64(out, "version", rate->version);
    json_put_time(out, "created_at", rate->created_at);
    json_put_time(out, "updated_at", rate->updated_at);
    json_end_object(out);
}

/* POST /v1/tax-rates */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct tax_rate cmd, rate;
    TRY(request_query_end(req));
    TRY(tax_rate_read(req->body, &cmd));
    TRY(tax_rate_create(ctx, &cmd, &rate));
    req->status = 201;
    put_rate(req->reply, NULL, &rate);
    return OK;
}

static void put_result(struct json_out *out,
                       const struct tax_rate_result *result)
{
    const struct err_detail *err = &result->problem;
    json_begin(out, NULL);
    if (result->err == OK) {
        json_put_i64(out, "status", result->is_new ? 201 : 200);
        put_rate(out, "rate", &result->rate);
        json_put_null(out, "error");
    } else {
        json_put_i64(out, "status", err_http_status(result->err));
        json_put_null(out, "rate");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* POST /v1/tax-rates/bulk */
static err_t api_put_many(struct ctx *ctx, struct request *req)
{
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "items", 1, LIMIT_BULK_ITEMS, &list));
    struct tax_rate *cmds =
        arena_array(ctx->arena, struct tax_rate, list.count);
    struct tax_rate_result *results =
        arena_array(ctx->arena, struct tax_rate_result, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        TRY(json_list_object(&list, i, &in));
        TRY(tax_rate_read(in, &cmds[i]));
    }
    TRY(json_end(req->body));
    TRY(tax_rate_put_many(ctx, cmds, list.count, results));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < list.count; i++)
        put_result(req->reply, &results[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/tax-rates */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct tax_rate_filter filter = {.after = 0};
    struct tax_rate *rates;
    size_t count;
    (void)request_query_find(req, "country", &filter.country);
    (void)request_query_find(req, "tax_class", &filter.tax_class);
    TRY(request_query_id(req, "after", "txr", &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    TRY(tax_rate_page(ctx, &filter, &rates, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_rate(req->reply, NULL, &rates[i]);
    json_end_page(req->reply, "txr",
                  count == filter.limit ? rates[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/tax-rates/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    tax_rate_id id;
    struct tax_rate rate;
    TRY(request_path_id(req, 0, "txr", &id.v));
    TRY(request_query_end(req));
    TRY(tax_rate_get(ctx, id, &rate));
    put_rate(req->reply, NULL, &rate);
    return OK;
}

/* PATCH /v1/tax-rates/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    tax_rate_id id;
    struct tax_rate rate;
    TRY(request_path_id(req, 0, "txr", &id.v));
    TRY(request_query_end(req));
    TRY(tax_rate_get(ctx, id, &rate));
    TRY(tax_rate_read_change(req->body, &rate));
    TRY(tax_rate_change(ctx, &rate, &rate));
    put_rate(req->reply, NULL, &rate);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createTaxRate",
     .method = HTTP_POST,
     .path = "/v1/tax-rates",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create  },
    {.operation = "putTaxRates",
     .method = HTTP_POST,
     .path = "/v1/tax-rates/bulk",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_put_many,
     .is_bulk = true},
    {.operation = "listTaxRates",
     .method = HTTP_GET,
     .path = "/v1/tax-rates",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_list },
    {.operation = "getTaxRate",
     .method = HTTP_GET,
     .path = "/v1/tax-rates/{id}",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get },
    {.operation = "changeTaxRate",
     .method = HTTP_PATCH,
     .path = "/v1/tax-rates/{id}",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change},
};
const struct route_list tax_routes = {routes, COUNT_OF(routes)};
