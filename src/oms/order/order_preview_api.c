/* order_preview_api.c - what routing would do with orders now. Takes nothing.
 *
 * A body that was not sent yet, or orders that are stored: as if all of their
 * units were routed anew, with the stock that is free now.
 */
#include "base/arena.h"
#include "base/degrees.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_hold.h"
#include "oms/order/order_route.h"

enum { ORDERS_MAX = 50 };

/* ---- a stored order as a command ---- */

static err_t read_address(struct ctx *ctx, struct json_in *in,
                          const struct order_party **ret)
{
    struct order_party *party = arena_new(ctx->arena, struct order_party);
    struct json_in *at = NULL;
    TRY(json_opt_object(in, "shipping_address", &at));
    if (!at)
        return OK;
    TRY(json_opt_str(at, "country", 0, SIZE_MAX, &party->country));
    TRY(json_opt_str(at, "region", 0, SIZE_MAX, &party->region));
    TRY(json_opt_str(at, "city", 0, SIZE_MAX, &party->city));
    TRY(json_opt_str(at, "postal_code", 0, SIZE_MAX, &party->postal_code));
    TRY(json_opt_point(at, &party->lat_e6, &party->lon_e6, &party->has_point));
    *ret = party;
    return OK;
}

static err_t cmd_of(struct ctx *ctx, const struct order *order,
                    struct order_cmd *ret)
{
    struct json_in *in;
    struct order_cmd cmd = {.channel = order->channel_code,
                            .external_id = order->external_id};
    str method = STR_NONE;
    memcpy(cmd.currency, order->currency, sizeof cmd.currency);
    cmd.lines =
        arena_array(ctx->arena, struct order_line_cmd, order->line_count);
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        if (line->ordered > line->cancelled)
            cmd.lines[cmd.line_count++] = (struct order_line_cmd){
                .sku = line->sku_code, .qty = line->ordered - line->cancelled};
    }
    TRY(json_parse(ctx, order->doc, &in));
    TRY(read_address(ctx, in, &cmd.shipping_address));
    TRY(json_get_strs(in, "tags", LIMIT_TAGS, SIZE_MAX, &cmd.tags,
                      &cmd.tag_count));
    TRY(json_opt_str(in, "method", 0, SIZE_MAX, &method));
    TRY(json_opt_str(in, "service", 0, SIZE_MAX, &cmd.service));
    TRY(json_opt_str(in, "pickup_location", 0, SIZE_MAX, &cmd.pickup_location));
    cmd.method = order_method_of(method);
    *ret = cmd;
    return OK;
}

/* ---- asked ---- */

struct preview {
    struct order_place_item item;
    struct order_cmd cmd;
    struct ctx ctx; /* Of its own refusal. */
    order_id id;    /* 0: not stored. */
    int64_t total;
};

static err_t read_orders(struct ctx *ctx, struct request *req,
                         struct preview *previews, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(req->body, "orders", 0, ORDERS_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct preview *at = &previews[(*ret_count)++];
        struct order order;
        str text;
        TRY(json_list_str(&list, i, 1, ID_TEXT_BYTES, &text));
        if (!id_from_text("ord", text, &at->id.v))
            return json_fail(req->body, "orders", ERR_INVALID, "invalid_id",
                             "must be ids of orders, as ord_…");
        TRY(order_get(ctx, at->id, &order));
        TRY(cmd_of(ctx, &order, &at->cmd));
        at->total = order.totals.total;
    }
    return OK;
}

static err_t read_preview(struct ctx *ctx, struct request *req,
                          struct preview *previews, size_t *ret_count)
{
    struct json_in *order;
    TRY(request_query_end(req));
    TRY(json_opt_object(req->body, "order", &order));
    if (order) {
        TRY(order_cmd_from_json(ctx, order, STR("preview"), &previews[0].cmd));
        *ret_count = 1;
    }
    TRY(read_orders(ctx, req, previews, ret_count));
    if (*ret_count == 0)
        return json_fail(req->body, "order", ERR_INVALID, "missing_field",
                         "name an order, or the ids of some");
    return json_end(req->body);
}

/* ---- answered ---- */

static void write_promise(struct json_out *out,
                          const struct routing_request *request,
                          const struct routing_plan *plan)
{
    utc_ms last = 0;
    for (size_t i = 0; i < plan->count; i++) {
        struct routing_promise promise;
        routing_promise_make(request->strategy->book, plan->at[i].location,
                             request->destination, request->order->service,
                             request->now, &promise);
        if (promise.is_known && promise.promise_at > last)
            last = promise.promise_at;
    }
    json_put_time_or_null(out, "promise_at", last);
}

static err_t plan_one(struct order_batch *batch, struct batch_item *item,
                      struct json_out *out)
{
    struct held_plan held = {0};
    struct routing_request request;
    struct routing_plan plan;
    TRY(order_batch_check(batch, item));
    TRY(order_route_check(batch, item));
    order_route_plan(batch, item, &held, &request, &plan);
    str doc = routing_decision_doc(batch->ctx->arena, &request, &plan);
    json_begin(out, "decision");
    json_put_raw(out, NULL, (str){doc.ptr + 1, doc.len - 2});
    routing_unpack(out, routing_pack(batch->ctx->arena, &plan));
    json_end_object(out);
    write_promise(out, &request, &plan);
    return order_route_verdict(batch, item, &plan);
}

static void write_one(struct order_batch *batch, struct batch_item *item,
                      const struct preview *preview, struct json_out *out)
{
    json_begin(out, NULL);
    json_put_id_or_null(out, "order", "ord", preview->id.v);
    if (plan_one(batch, item, out) == OK)
        json_put_null(out, "refused");
    else
        err_put(out, "refused", &item->item->ctx->err);
    json_end_object(out);
}

/* POST /v1/routing/preview */
err_t order_api_preview(struct ctx *ctx, struct request *req)
{
    struct preview *previews =
        arena_array(ctx->arena, struct preview, ORDERS_MAX + 1);
    struct order_place_item *items =
        arena_array(ctx->arena, struct order_place_item, ORDERS_MAX + 1);
    struct order_batch batch;
    size_t count = 0;
    TRY(read_preview(ctx, req, previews, &count));
    for (size_t i = 0; i < count; i++) {
        previews[i].ctx = *ctx;
        items[i] = (struct order_place_item){.ctx = &previews[i].ctx,
                                             .cmd = &previews[i].cmd};
    }
    TRY(order_batch_gather(ctx, items, count, false, &batch));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        batch.items[i].is_past = previews[i].id.v != 0;
        batch.items[i].total = previews[i].total;
        write_one(&batch, &batch.items[i], &previews[i], req->reply);
    }
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}
