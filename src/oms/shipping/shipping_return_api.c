/* shipping_return_api.c - labels for goods that come back. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_doc.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_json.h"
#include "oms/shipping/shipping_quote.h"
#include "oms/shipping/shipping_return.h"

static err_t read_items(struct ctx *ctx, struct json_in *in,
                        struct return_cmd *ret)
{
    struct json_list list = {0};
    if (json_has(in, "items"))
        TRY(json_get_list(in, "items", 1, LIMIT_PACKAGE_ITEMS, &list));
    struct return_item *items =
        arena_array(ctx->arena, struct return_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_i64(at, "line", 1, INT32_MAX, &items[i].n));
        TRY(json_get_i64(at, "quantity", 1, INT32_MAX, &items[i].qty));
        TRY(json_end(at));
    }
    ret->items = items;
    ret->count = list.count;
    return OK;
}

/* POST /v1/packages/{id}/return-label */
err_t api_want_return(struct ctx *ctx, struct request *req)
{
    struct return_cmd cmd = {
        .label = {.account = STR(""), .service = STR("")}
    };
    struct package package;
    package_id id;
    int mode = 0;
    TRY(request_path_id(req, 0, "pkg", &cmd.package.v));
    TRY(json_opt_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(read_items(ctx, req->body, &cmd));
    TRY(json_opt_str(req->body, "location", 1, LIMIT_CODE_BYTES,
                     &cmd.location));
    TRY(json_opt_i64(req->body, "weight_g", 1, LIMIT_PACKAGE_G, &cmd.weight_g));
    TRY(json_opt_str(req->body, "account", 1, LIMIT_CODE_BYTES,
                     &cmd.label.account));
    TRY(json_opt_str(req->body, "service", 1, LIMIT_CODE_BYTES,
                     &cmd.label.service));
    TRY(json_opt_enum(req->body, "mode", shop_mode_names, SHOP_MODES, &mode));
    TRY(json_end(req->body));
    cmd.label.mode = mode + 1;
    TRY(package_return(ctx, &cmd, &id));
    TRY(package_get(ctx, id, &package));
    req->status = 202;
    return packages_write(ctx, req->reply, &package, 1);
}

/* GET /v1/packages/{id}/return-sheet */
err_t api_get_return_sheet(struct ctx *ctx, struct request *req)
{
    struct package package;
    package_id id;
    str bytes;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "pkg", &id.v));
    TRY(package_get(ctx, id, &package));
    TRY(package_return_pdf(ctx, &package, &bytes));
    req->content_type = "application/pdf";
    buf_add_str(req->reply->buf, bytes);
    return OK;
}
