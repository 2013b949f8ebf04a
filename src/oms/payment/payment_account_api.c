/* payment_account_api.c - the HTTP face of gateways and accounts with them. */
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/payment/payment_account.h"
#include "oms/payment/payment_handlers.h"
#include "oms/vendor.h"

static void write_account(struct json_out *out, const struct pay_account *a)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "gwa", a->id.v);
    json_put_str(out, "code", a->code);
    json_put_str(out, "name", a->name);
    json_put_cstr(out, "gateway", a->gateway->name);
    json_put_raw(out, "settings", a->settings);
    json_put_bool(out, "has_secret", a->sealed.len > 0);
    json_put_bool(out, "is_active", a->is_active);
    json_put_i64(out, "renew_hours", a->renew_hours);
    json_put_i64(out, "version", a->version);
    json_put_time(out, "created_at", a->created_at);
    json_put_time(out, "updated_at", a->updated_at);
    json_end_object(out);
}

static err_t read_account(struct json_in *in, struct pay_account *a,
                          str *ret_secret)
{
    *ret_secret = STR_NONE;
    TRY(json_opt_str(in, "name", 0, LIMIT_NAME_BYTES, &a->name));
    if (json_has(in, "settings"))
        TRY(json_opt_raw(in, "settings", LIMIT_ATTRS_BYTES, &a->settings));
    TRY(json_opt_str(in, "secret", 1, LIMIT_VENDOR_SECRET, ret_secret));
    TRY(json_opt_bool(in, "is_active", &a->is_active));
    TRY(json_opt_i64(in, "renew_hours", 0, RENEW_HOURS_MAX, &a->renew_hours));
    return json_end(in);
}

/* POST /v1/gateway-accounts */
err_t api_create_gateway_account(struct ctx *ctx, struct request *req)
{
    struct pay_account a = {.name = STR(""),
                            .settings = STR("{}"),
                            .is_active = true,
                            .renew_hours = RENEW_HOURS};
    str gateway, secret;
    TRY(json_get_str(req->body, "code", 1, LIMIT_CODE_BYTES, &a.code));
    TRY(json_get_str(req->body, "gateway", 1, LIMIT_CODE_BYTES, &gateway));
    a.gateway = gateway_find(gateway);
    if (!a.gateway)
        return json_fail(req->body, "gateway", ERR_INVALID, "gateway_unknown",
                         "there is no such gateway; see /v1/gateways");
    TRY(read_account(req->body, &a, &secret));
    TRY(pay_account_save(ctx, &a, secret));
    req->status = 201;
    write_account(req->reply, &a);
    return OK;
}

/* GET /v1/gateway-accounts/{id} */
err_t api_get_gateway_account(struct ctx *ctx, struct request *req)
{
    struct pay_account account;
    gateway_account_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "gwa", &id.v));
    TRY(pay_account_get(ctx, id, &account));
    write_account(req->reply, &account);
    return OK;
}

/* PATCH /v1/gateway-accounts/{id} */
err_t api_change_gateway_account(struct ctx *ctx, struct request *req)
{
    struct pay_account account;
    gateway_account_id id;
    int64_t version;
    str secret;
    TRY(request_path_id(req, 0, "gwa", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(pay_account_get(ctx, id, &account));
    TRY(check_version(ctx, version, account.version));
    TRY(read_account(req->body, &account, &secret));
    TRY(pay_account_save(ctx, &account, secret));
    write_account(req->reply, &account);
    return OK;
}

/* GET /v1/gateway-accounts */
err_t api_list_gateway_accounts(struct ctx *ctx, struct request *req)
{
    struct json_out *out = req->reply;
    struct pay_account *rows;
    size_t limit, count;
    gateway_account_id after = {0};
    TRY(request_query_id(req, "after", "gwa", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(pay_account_page(ctx, after, limit, &rows, &count));
    json_begin_page(out);
    for (size_t i = 0; i < count; i++)
        write_account(out, &rows[i]);
    json_end_page(out, "gwa", count == limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/gateways */
err_t api_list_gateways(struct ctx *ctx, struct request *req)
{
    struct json_out *out = req->reply;
    (void)ctx;
    TRY(request_query_end(req));
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; gateways[i]; i++) {
        const struct gateway *g = gateways[i];
        json_begin(out, NULL);
        json_put_cstr(out, "name", g->name);
        json_put_cstr(out, "title", g->title);
        json_begin_list(out, "operations");
        for (int op = 1; op < GATEWAY_OPS; op++)
            if (g->caps & 1U << op)
                json_put_cstr(out, NULL, gateway_op_name((enum gateway_op)op));
        json_end_list(out);
        json_put_bool(out, "has_webhook", g->caps & GATEWAY_CAN_WEBHOOK);
        json_put_bool(out, "needs_secret", g->needs_secret);
        json_put_bool(out, "needs_token", g->needs_token);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
    return OK;
}
