/* order_price_api.c - what many orders would cost. Places nothing. */
#include "base/arena.h"
#include "net/route.h"
#include "oms/order/order_price.h"

static void put_item(struct json_out *out, const struct order_priced *one)
{
    const struct err_detail *err = &one->ctx.err;
    json_begin(out, NULL);
    if (one->err == OK) {
        json_put_i64(out, "status", 200);
        order_cmd_put_body(out, "order", &one->cmd);
        json_put_null(out, "error");
    } else {
        json_put_i64(out, "status", err_http_status(one->err));
        json_put_null(out, "order");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* POST /v1/orders/price/bulk */
err_t order_api_price_bulk(struct ctx *ctx, struct request *req)
{
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "orders", 1, LIMIT_BULK_ITEMS, &list));
    struct order_priced *all =
        arena_array(ctx->arena, struct order_priced, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        TRY(json_list_object(&list, i, &in));
        TRY(order_asked_from_json(ctx, in, &all[i].asked));
    }
    TRY(json_end(req->body));
    TRY(order_price_many(ctx, all, list.count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < list.count; i++)
        put_item(req->reply, &all[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}
