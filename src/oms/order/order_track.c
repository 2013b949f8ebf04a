/* order_track.c - an order as a link shows it to whoever has it. */
#include "oms/order/order_track.h"

#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_wait.h"

err_t order_track_write(struct ctx *ctx, const struct order *order,
                        struct json_out *out)
{
    struct order_facts facts = order_facts_of(order);
    struct order_route_facts to;
    struct wait_line *lines;
    size_t count;
    TRY(order_destination(ctx, order, &to));
    TRY(wait_list_orders(ctx, &order->id, 1, &lines, &count));
    utc_ms promise = order_promise_of(lines, count);
    json_put_str(out, "number", order->number);
    json_put_time(out, "placed_at", order->placed_at);
    json_put_cstr(out, "status", order_status_name(order->status));
    json_put_cstr(out, "fulfillment_status", order_fulfillment_status(&facts));
    json_put_cstr(out, "delivery_status", order_delivery_status(&facts));
    json_begin(out, "destination");
    json_put_str_or_null(out, "city", to.city);
    json_put_str_or_null(out, "country", to.country);
    json_end_object(out);
    json_put_bool(out, "is_waiting", count > 0);
    json_put_time_or_null(out, "promise_at", promise);
    return OK;
}
