/* customer_company_api.c - companies: the HTTP face. */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "base/words.h"
#include "net/route.h"
#include "oms/customer/customer_company.h"
#include "oms/customer/customer_room.h"

static void put_amount(struct json_out *out, const char *key,
                       const struct company *company, int64_t minor)
{
    if (minor == COMPANY_NONE)
        json_put_null(out, key);
    else
        json_put_money(out, key, money_make(minor, company->currency));
}

static void write_company(struct json_out *out, const struct company *company)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "cmp", company->id.v);
    json_put_str(out, "name", company->name);
    json_put_str_or_null(out, "tax_id", company->tax_id);
    json_put_cstr(out, "currency", company->currency);
    put_amount(out, "credit_limit", company, company->credit_limit);
    if (company->terms_days == COMPANY_NONE)
        json_put_null(out, "terms_days");
    else
        json_put_i64(out, "terms_days", company->terms_days);
    put_amount(out, "approval_over", company, company->approval_over);
    json_put_i64(out, "version", company->version);
    json_put_time(out, "created_at", company->created_at);
    json_put_time(out, "updated_at", company->updated_at);
    json_end_object(out);
}

static err_t opt_amount(struct json_in *in, const char *key,
                        const char *currency, int64_t *ret)
{
    money amount = {0};
    *ret = COMPANY_NONE;
    if (!json_has(in, key))
        return OK;
    TRY(json_get_money(in, key, currency, &amount));
    if (amount.minor < 0)
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be 0 or more");
    *ret = amount.minor;
    return OK;
}

static err_t read_company(struct json_in *in, struct company *ret)
{
    str currency;
    ret->terms_days = COMPANY_NONE;
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_str(in, "tax_id", 1, LIMIT_TAX_ID_BYTES, &ret->tax_id));
    TRY(json_get_str(in, "currency", 1, LIMIT_CODE_BYTES, &currency));
    if (!currency_from_str(currency, ret->currency))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency by ISO 4217, as EUR");
    TRY(opt_amount(in, "credit_limit", ret->currency, &ret->credit_limit));
    TRY(opt_amount(in, "approval_over", ret->currency, &ret->approval_over));
    TRY(json_opt_i64(in, "terms_days", 0, LIMIT_TERMS_DAYS, &ret->terms_days));
    return json_end(in);
}

/* POST /v1/companies */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct company company = {.version = 0};
    TRY(request_query_end(req));
    TRY(read_company(req->body, &company));
    TRY(company_create(ctx, &company));
    req->status = 201;
    write_company(req->reply, &company);
    return OK;
}

/* GET /v1/companies */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    company_id before = {INT64_MAX}, next;
    struct company *rows;
    struct word_query query;
    size_t limit, count;
    str text = STR_NONE;
    bool is_search = request_query_find(req, "q", &text);
    TRY(request_query_id(req, "after", "cmp", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    if (is_search) {
        TRY(words_read(ctx, "q", text, &query));
        TRY(company_search(ctx, &query, before, limit, &rows, &count, &next));
    } else {
        TRY(company_list(ctx, before, limit, &rows, &count));
        next = count == limit ? rows[count - 1].id : (company_id){0};
    }
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_company(req->reply, &rows[i]);
    json_end_page(req->reply, "cmp", next.v);
    return OK;
}

/* GET /v1/companies/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    company_id id;
    struct company company;
    TRY(request_path_id(req, 0, "cmp", &id.v));
    TRY(request_query_end(req));
    TRY(company_get(ctx, id, &company));
    write_company(req->reply, &company);
    return OK;
}

/* PUT /v1/companies/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    struct company company = {.version = 0};
    TRY(request_path_id(req, 0, "cmp", &company.id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &company.version));
    TRY(read_company(req->body, &company));
    TRY(company_change(ctx, &company));
    write_company(req->reply, &company);
    return OK;
}

/* ---- prices ---- */

static err_t read_prices(struct ctx *ctx, struct json_in *in,
                         const char *currency, struct company_prices_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "prices", 0, LIMIT_COMPANY_PRICES, &list));
    struct company_price *at =
        arena_array(ctx->arena, struct company_price, list.count);
    struct map *seen = map_open(ctx->arena, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(json_get_str(item, "sku", 1, LIMIT_CODE_BYTES, &at[i].sku));
        TRY(opt_amount(item, "unit_price", currency, &at[i].unit_price));
        if (at[i].unit_price == COMPANY_NONE)
            return json_fail(item, "unit_price", ERR_INVALID, "missing_field",
                             "is needed");
        if (map_find(seen, (struct map_key){.s = at[i].sku}))
            return json_fail(item, "sku", ERR_INVALID, "repeated",
                             "is there twice");
        map_set(seen, (struct map_key){.s = at[i].sku}, &at[i]);
        TRY(json_end(item));
    }
    cmd->at = at;
    cmd->count = list.count;
    return json_end(in);
}

/* PUT /v1/companies/{id}/prices */
static err_t api_set_prices(struct ctx *ctx, struct request *req)
{
    struct company_prices_cmd cmd = {.version = 0};
    struct company company;
    TRY(request_path_id(req, 0, "cmp", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(company_get(ctx, cmd.id, &company)); /* Whose currency it is. */
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(read_prices(ctx, req->body, company.currency, &cmd));
    TRY(company_set_prices(ctx, &cmd, &company));
    write_company(req->reply, &company);
    return OK;
}

/* GET /v1/companies/{id}/prices */
static err_t api_prices(struct ctx *ctx, struct request *req)
{
    company_id id;
    struct company company;
    struct company_price *at;
    size_t count;
    TRY(request_path_id(req, 0, "cmp", &id.v));
    TRY(request_query_end(req));
    TRY(company_get(ctx, id, &company));
    TRY(company_prices(ctx, id, &at, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_str(req->reply, "sku", at[i].sku);
        put_amount(req->reply, "unit_price", &company, at[i].unit_price);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createCompany",
     .method = HTTP_POST,
     .path = "/v1/companies",
     .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create    },
    {.operation = "listCompanies",
     .method = HTTP_GET,
     .path = "/v1/companies",
     .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ,
     .run = api_list      },
    {.operation = "getCompany",
     .method = HTTP_GET,
     .path = "/v1/companies/{id}",
     .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ,
     .run = api_get       },
    {.operation = "changeCompany",
     .method = HTTP_PUT,
     .path = "/v1/companies/{id}",
     .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change    },
    {.operation = "setCompanyPrices",
     .method = HTTP_PUT,
     .path = "/v1/companies/{id}/prices",
     .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_prices},
    {.operation = "listCompanyPrices",
     .method = HTTP_GET,
     .path = "/v1/companies/{id}/prices",
     .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ,
     .run = api_prices    },
};
const struct route_list company_routes = {routes, COUNT_OF(routes)};
