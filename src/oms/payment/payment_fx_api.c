/* payment_fx_api.c - rates of exchange over HTTP. */
#include "base/check.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/payment/payment_fx.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"

static void put_rate(struct json_out *out, const struct fx_rate *rate)
{
    json_put_id(out, "id", "fxr", rate->id.v);
    json_put_cstr(out, "currency", rate->currency);
    json_put_cstr(out, "books", rate->books);
    json_put_i64(out, "rate_ppb", rate->rate);
    json_put_time(out, "valid_from", rate->valid_from);
    json_put_str_or_null(out, "source", rate->source);
    json_put_time(out, "created_at", rate->created_at);
}

static err_t read_currency(struct json_in *in, const char *key, char ret[4])
{
    str text;
    TRY(json_get_str(in, key, 3, 3, &text));
    if (!currency_from_str(text, ret))
        return json_fail(in, key, ERR_INVALID, "currency_unknown",
                         "is no currency of ISO 4217");
    return OK;
}

static err_t read_rate(struct ctx *ctx, struct json_in *in, struct fx_rate *ret)
{
    ret->valid_from = ctx->now;
    TRY(read_currency(in, "currency", ret->currency));
    TRY(read_currency(in, "books", ret->books));
    if (strcmp(ret->currency, ret->books) == 0)
        return json_fail(in, "books", ERR_INVALID, "same_currency",
                         "is the currency itself");
    TRY(json_get_i64(in, "rate_ppb", 1, LIMIT_FX_RATE, &ret->rate));
    TRY(json_opt_time(in, "valid_from", &ret->valid_from));
    if (ret->valid_from < 0)
        return json_fail(in, "valid_from", ERR_INVALID, "time_out_of_range",
                         "must be after 1970-01-01T00:00:00Z");
    TRY(json_opt_str(in, "source", 1, LIMIT_REFERENCE_BYTES, &ret->source));
    TRY(check_line(ctx, "source", ret->source, 0, LIMIT_REFERENCE_BYTES));
    return json_end(in);
}

/* POST /v1/fx-rates */
static err_t api_record(struct ctx *ctx, struct request *req)
{
    struct fx_rate rate = {.rate = 0};
    int64_t fixed;
    bool is_more;
    TRY(read_rate(ctx, req->body, &rate));
    TRY(fx_rate_record(ctx, &rate, &fixed, &is_more));
    req->status = 201;
    json_begin(req->reply, NULL);
    put_rate(req->reply, &rate);
    json_put_i64(req->reply, "payments_fixed", fixed);
    json_put_bool(req->reply, "is_more", is_more);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/fx-rates */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct fx_rate_query query = {.limit = 0};
    struct fx_rate *rates;
    size_t count, limit;
    str currency = STR_NONE;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "fxr", &query.before.v));
    (void)request_query_find(req, "currency", &currency);
    TRY(request_query_end(req));
    if (currency.len > 0 && !currency_from_str(currency, query.currency))
        return fail_as(ctx, ERR_INVALID, "currency_unknown", "currency",
                       "is no currency of ISO 4217");
    query.limit = limit + 1;
    TRY(fx_rate_list(ctx, &query, &rates, &count));
    bool is_more = count > limit;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count && i < limit; i++) {
        json_begin(req->reply, NULL);
        put_rate(req->reply, &rates[i]);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "fxr", is_more ? rates[limit - 1].id.v : 0);
    return OK;
}

static void put_row(struct json_out *out, const struct payment *pay,
                    const char *books, const struct exchange_row *row)
{
    const struct payment_transaction *tx = &pay->transactions[row->n - 1];
    json_begin(out, NULL);
    json_put_i64(out, "n", row->n);
    json_put_cstr(out, "type", payment_type_names[tx->type - 1]);
    json_put_money(out, "amount", money_make(tx->amount, pay->currency));
    if (row->rate)
        json_put_i64(out, "rate_ppb", row->rate);
    else
        json_put_null(out, "rate_ppb");
    if (row->is_open)
        json_put_null(out, "worth");
    else
        json_put_money(out, "worth", money_make(row->amount, books));
    json_end_object(out);
}

/* GET /v1/payments/{id}/exchange */
static err_t api_exchange(struct ctx *ctx, struct request *req)
{
    payment_id id;
    struct payment pay;
    struct exchange_row *rows;
    size_t count;
    struct fx_books books;
    TRY(request_path_id(req, 0, "pay", &id.v));
    TRY(request_query_end(req));
    TRY(payment_get(ctx, id, &pay));
    TRY(fx_books(ctx, &books));
    TRY(exchange_rows(ctx, id, &rows, &count));
    json_begin(req->reply, NULL);
    json_put_str_or_null(req->reply, "books", str_from_cstr(books.currency));
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        put_row(req->reply, &pay, books.currency, &rows[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "recordFxRate",
     .method = HTTP_POST,
     .path = "/v1/fx-rates",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_record  },
    {.operation = "listFxRates",
     .method = HTTP_GET,
     .path = "/v1/fx-rates",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list    },
    {.operation = "getPaymentExchange",
     .method = HTTP_GET,
     .path = "/v1/payments/{id}/exchange",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_exchange},
};
const struct route_list fx_routes = {routes, COUNT_OF(routes)};
