/* order_track.c - an order as a link shows it to whoever has it. */
#include "oms/order/order_track.h"

#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_store.h"
#include "oms/order/order_wait.h"

/* Of what waits and of what is sent, the later; 0: nobody knows. */
static err_t promise_of(struct ctx *ctx, const struct order *order,
                        bool *ret_is_waiting, utc_ms *ret)
{
    struct wait_line *lines;
    size_t count;
    utc_ms sent;
    TRY(wait_list_orders(ctx, &order->id, 1, &lines, &count));
    TRY(order_promise_last(ctx, order->id, &sent));
    utc_ms waits = order_promise_of(lines, count);
    *ret_is_waiting = count > 0;
    *ret = count > 0 && (waits == 0 || waits > sent) ? waits : sent;
    return OK;
}

err_t order_shop_write(struct ctx *ctx, channel_id channel, const char *key,
                       struct json_out *out)
{
    struct channel_shop shop;
    TRY(channel_shop_get(ctx, channel, &shop));
    json_begin(out, key);
    json_put_str(out, "name", shop.name);
    json_put_str_or_null(out, "color", shop.color);
    json_put_str_or_null(out, "link", shop.link);
    json_put_str_or_null(out, "contact", shop.contact);
    json_end_object(out);
    return OK;
}

err_t order_track_write(struct ctx *ctx, const struct order *order,
                        struct json_out *out)
{
    struct order_facts facts = order_facts_of(order);
    struct order_route_facts to;
    bool is_waiting;
    utc_ms promise;
    TRY(order_destination(ctx, order, &to));
    TRY(promise_of(ctx, order, &is_waiting, &promise));
    json_put_str(out, "number", order->number);
    json_put_time(out, "placed_at", order->placed_at);
    json_put_cstr(out, "status", order_status_name(order->status));
    json_put_cstr(out, "fulfillment_status", order_fulfillment_status(&facts));
    json_put_cstr(out, "delivery_status", order_delivery_status(&facts));
    json_put_cstr(out, "return_status", order_return_status(&facts));
    TRY(order_shop_write(ctx, order->channel, "shop", out));
    json_begin(out, "destination");
    json_put_str_or_null(out, "city", to.city);
    json_put_str_or_null(out, "country", to.country);
    json_end_object(out);
    json_put_bool(out, "is_waiting", is_waiting);
    json_put_time_or_null(out, "promise_at", promise);
    return OK;
}
