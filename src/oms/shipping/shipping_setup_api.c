/* shipping_setup_api.c - the HTTP face of boxes and carrier accounts. */
#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_setup.h"
#include "oms/vendor.h"

/* ---- boxes ---- */

static void write_box(struct json_out *out, const struct box *box)
{
    const struct box_kind *k = &box->kind;
    json_begin(out, NULL);
    json_put_id(out, "id", "box", k->id);
    json_put_str(out, "code", k->code);
    json_put_str(out, "name", box->name);
    if (box->location.v)
        json_put_id(out, "location_id", "loc", box->location.v);
    else
        json_put_null(out, "location_id");
    json_put_i64(out, "length_mm", k->inner.length);
    json_put_i64(out, "width_mm", k->inner.width);
    json_put_i64(out, "height_mm", k->inner.height);
    json_put_i64(out, "weight_g", k->weight_g);
    json_put_i64(out, "max_weight_g", k->max_weight_g);
    json_put_i64(out, "cost_minor", k->cost_minor);
    json_put_bool(out, "is_active", box->is_active);
    json_put_i64(out, "version", box->version);
    json_put_time(out, "created_at", box->created_at);
    json_put_time(out, "updated_at", box->updated_at);
    json_end_object(out);
}

static err_t read_box(struct json_in *in, struct box *box)
{
    struct box_kind *k = &box->kind;
    TRY(json_opt_str(in, "name", 0, LIMIT_NAME_BYTES, &box->name));
    if (json_take_null(in, "location_id"))
        box->location.v = 0;
    else
        TRY(json_opt_id(in, "location_id", "loc", &box->location.v));
    TRY(json_opt_i64(in, "length_mm", 1, LIMIT_BOX_MM, &k->inner.length));
    TRY(json_opt_i64(in, "width_mm", 1, LIMIT_BOX_MM, &k->inner.width));
    TRY(json_opt_i64(in, "height_mm", 1, LIMIT_BOX_MM, &k->inner.height));
    TRY(json_opt_i64(in, "weight_g", 0, LIMIT_BOX_G, &k->weight_g));
    TRY(json_opt_i64(in, "max_weight_g", 0, LIMIT_BOX_G, &k->max_weight_g));
    TRY(json_opt_i64(in, "cost_minor", 0, LIMIT_MINOR, &k->cost_minor));
    return json_opt_bool(in, "is_active", &box->is_active);
}

/* POST /v1/boxes */
err_t api_create_box(struct ctx *ctx, struct request *req)
{
    static const char *const sides[] = {"length_mm", "width_mm", "height_mm"};
    struct box box = {.is_active = true, .name = STR("")};
    TRY(json_get_str(req->body, "code", 1, LIMIT_CODE_BYTES, &box.kind.code));
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        if (!json_has(req->body, sides[i]))
            return json_fail(req->body, sides[i], ERR_INVALID, "missing_field",
                             "is missing");
    TRY(read_box(req->body, &box));
    TRY(json_end(req->body));
    TRY(box_save(ctx, &box));
    req->status = 201;
    write_box(req->reply, &box);
    return OK;
}

/* GET /v1/boxes/{id} */
err_t api_get_box(struct ctx *ctx, struct request *req)
{
    struct box box;
    box_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "box", &id.v));
    TRY(box_get(ctx, id, &box));
    write_box(req->reply, &box);
    return OK;
}

/* PATCH /v1/boxes/{id} */
err_t api_change_box(struct ctx *ctx, struct request *req)
{
    struct box box;
    box_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "box", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(box_get(ctx, id, &box));
    TRY(check_version(ctx, version, box.version));
    TRY(read_box(req->body, &box));
    TRY(json_end(req->body));
    TRY(box_save(ctx, &box));
    write_box(req->reply, &box);
    return OK;
}

static void end_page(struct json_out *out, const char *prefix, bool is_full,
                     int64_t last)
{
    json_end_list(out);
    if (is_full)
        json_put_id(out, "next", prefix, last);
    else
        json_put_null(out, "next");
    json_end_object(out);
}

/* GET /v1/boxes */
err_t api_list_boxes(struct ctx *ctx, struct request *req)
{
    struct box *rows;
    size_t limit, count;
    box_id after = {0};
    TRY(request_query_id(req, "after", "box", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(box_page(ctx, after, limit, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_box(req->reply, &rows[i]);
    end_page(req->reply, "box", count == limit,
             count ? rows[count - 1].kind.id : 0);
    return OK;
}

/* ---- accounts ---- */

/* {"services":[...]} as it is shown: the list alone. */
static str list_of(str doc)
{
    static const char head[] = "{\"services\":";
    size_t len = sizeof head - 1;
    while (len < doc.len && doc.ptr[len] != '[')
        len++;
    return (str){doc.ptr + len, doc.len - len - 1};
}

static void write_account(struct json_out *out, const struct account *a)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "car", a->id.v);
    json_put_str(out, "code", a->code);
    json_put_str(out, "name", a->name);
    json_put_cstr(out, "carrier", a->carrier->name);
    json_put_raw(out, "settings", a->settings);
    json_put_bool(out, "has_secret", a->sealed.len > 0);
    json_put_raw(out, "services", list_of(a->services));
    if (a->gs1_prefix.len)
        json_put_str(out, "gs1_prefix", a->gs1_prefix);
    else
        json_put_null(out, "gs1_prefix");
    json_put_bool(out, "is_active", a->is_active);
    json_put_i64(out, "version", a->version);
    json_put_time(out, "created_at", a->created_at);
    json_put_time(out, "updated_at", a->updated_at);
    json_end_object(out);
}

static err_t read_account(struct ctx *ctx, struct json_in *in,
                          struct account *a, str *ret_secret)
{
    str raw;
    *ret_secret = STR_NONE;
    TRY(json_opt_str(in, "name", 0, LIMIT_NAME_BYTES, &a->name));
    if (json_has(in, "settings"))
        TRY(json_opt_raw(in, "settings", LIMIT_ATTRS_BYTES, &a->settings));
    TRY(json_opt_str(in, "secret", 1, LIMIT_VENDOR_SECRET, ret_secret));
    if (json_has(in, "services")) {
        TRY(json_any_raw(in, "services", LIMIT_ATTRS_BYTES, &raw));
        if (raw.len == 0 || raw.ptr[0] != '[')
            return json_fail(in, "services", ERR_INVALID, "wrong_type",
                             "must be a list");
        a->services =
            str_printf(ctx->arena, "{\"services\":%.*s}", STR_ARG(raw));
    }
    if (json_take_null(in, "gs1_prefix"))
        a->gs1_prefix = STR("");
    else
        TRY(json_opt_str(in, "gs1_prefix", 0, 20, &a->gs1_prefix));
    TRY(json_opt_bool(in, "is_active", &a->is_active));
    return json_end(in);
}

/* POST /v1/carrier-accounts */
err_t api_create_account(struct ctx *ctx, struct request *req)
{
    struct account a = {.name = STR(""),
                        .settings = STR("{}"),
                        .services = STR("{\"services\":[]}"),
                        .gs1_prefix = STR(""),
                        .is_active = true};
    str carrier, secret;
    TRY(json_get_str(req->body, "code", 1, LIMIT_CODE_BYTES, &a.code));
    TRY(json_get_str(req->body, "carrier", 1, LIMIT_CODE_BYTES, &carrier));
    a.carrier = carrier_find(carrier);
    if (!a.carrier)
        return json_fail(req->body, "carrier", ERR_INVALID, "carrier_unknown",
                         "there is no such carrier; see /v1/carriers");
    TRY(read_account(ctx, req->body, &a, &secret));
    TRY(account_save(ctx, &a, secret));
    req->status = 201;
    write_account(req->reply, &a);
    return OK;
}

/* GET /v1/carrier-accounts/{id} */
err_t api_get_account(struct ctx *ctx, struct request *req)
{
    struct account account;
    carrier_account_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "car", &id.v));
    TRY(account_get(ctx, id, &account));
    write_account(req->reply, &account);
    return OK;
}

/* PATCH /v1/carrier-accounts/{id} */
err_t api_change_account(struct ctx *ctx, struct request *req)
{
    struct account account;
    carrier_account_id id;
    int64_t version;
    str secret;
    TRY(request_path_id(req, 0, "car", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(account_get(ctx, id, &account));
    TRY(check_version(ctx, version, account.version));
    TRY(read_account(ctx, req->body, &account, &secret));
    TRY(account_save(ctx, &account, secret));
    write_account(req->reply, &account);
    return OK;
}

/* GET /v1/carrier-accounts */
err_t api_list_accounts(struct ctx *ctx, struct request *req)
{
    struct account *rows;
    size_t limit, count;
    carrier_account_id after = {0};
    TRY(request_query_id(req, "after", "car", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(account_page(ctx, after, limit, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_account(req->reply, &rows[i]);
    end_page(req->reply, "car", count == limit,
             count ? rows[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/carriers */
err_t api_list_carriers(struct ctx *ctx, struct request *req)
{
    struct json_out *out = req->reply;
    (void)ctx;
    TRY(request_query_end(req));
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; carriers[i]; i++) {
        const struct carrier *c = carriers[i];
        json_begin(out, NULL);
        json_put_cstr(out, "name", c->name);
        json_put_cstr(out, "title", c->title);
        json_begin_list(out, "operations");
        for (int op = 1; op < CARRIER_OPS; op++)
            if (c->caps & 1U << op)
                json_put_cstr(out, NULL, carrier_op_name((enum carrier_op)op));
        json_end_list(out);
        json_put_bool(out, "has_webhook", c->caps & CARRIER_CAN_WEBHOOK);
        json_put_bool(out, "needs_secret", c->needs_secret);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
    return OK;
}
