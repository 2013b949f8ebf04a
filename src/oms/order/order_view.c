/* order_view.c - an order as the API shows it. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_store.h"

static const char *origin_name(enum order_origin origin)
{
    switch (origin) {
    case ORDER_ORIGIN_API: return "api";
    case ORDER_ORIGIN_IMPORT: return "import";
    }
    UNREACHABLE("not an origin");
}

static void put_amount(struct json_out *out, const char *key,
                       const struct order *order, int64_t minor)
{
    money amount = {.minor = minor};
    memcpy(amount.currency, order->currency, sizeof(amount.currency));
    json_put_money(out, key, amount);
}

/* The allocations of a line, from *at on; they stand in order of line. */
static void put_allocations(struct json_out *out, const struct order *order,
                            int64_t n, size_t *at)
{
    json_begin_list(out, "allocations");
    for (; *at < order->allocation_count; *at += 1) {
        const struct order_allocation *allocation = &order->allocations[*at];
        ASSERT(allocation->n >= n);
        if (allocation->n > n)
            break;
        json_begin(out, NULL);
        json_put_id(out, "location", "loc", allocation->location.v);
        json_put_i64(out, "quantity", allocation->qty);
        json_end_object(out);
    }
    json_end_list(out);
}

void order_put_receipt(struct json_out *out, const char *key,
                       const struct order *order)
{
    size_t at = 0;
    json_begin(out, key);
    json_put_id(out, "id", "ord", order->id.v);
    json_put_str(out, "number", order->number);
    json_put_str(out, "external_id", order->external_id);
    json_put_str(out, "channel", order->channel_code);
    json_put_cstr(out, "status", order_status_name(order->status));
    json_put_i64(out, "version", order->version);
    json_put_cstr(out, "currency", order->currency);
    put_amount(out, "total", order, order->totals.total);
    json_put_time(out, "placed_at", order->placed_at);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        json_begin(out, NULL);
        json_put_i64(out, "n", line->n);
        json_put_str(out, "sku", line->sku_code);
        json_put_i64(out, "quantity", line->ordered - line->added);
        json_put_i64(out, "allocated", line->allocated);
        json_put_i64(out, "backordered", line->backordered);
        put_allocations(out, order, line->n, &at);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

static void put_parts(struct json_out *out, const struct order_line *line)
{
    json_begin_list(out, "components");
    for (size_t i = 0; i < line->part_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "sku", line->parts[i].code);
        json_put_id(out, "sku_id", "sku", line->parts[i].sku.v);
        json_put_i64(out, "quantity", line->parts[i].quantity);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_line(struct json_out *out, const struct order *order,
                     const struct order_line *line, size_t *at)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", line->n);
    json_put_str(out, "sku", line->sku_code);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "title", line->title);
    json_put_bool(out, "is_tracked", line->is_tracked);
    json_put_i64(out, "quantity", line->ordered - line->added);
    json_put_i64(out, "added", line->added);
    json_put_i64(out, "cancelled", line->cancelled);
    json_put_i64(out, "cancellable",
                 order_next(order->status, ORDER_EVENT_CANCEL)
                     ? order_open_units(line)
                     : 0);
    json_put_i64(out, "unallocated", line->unallocated);
    json_put_i64(out, "backordered", line->backordered);
    json_put_i64(out, "allocated", line->allocated);
    json_put_i64(out, "picked", line->picked);
    json_put_i64(out, "shipped", line->shipped);
    json_put_i64(out, "delivered", line->delivered);
    json_put_i64(out, "return_requested", line->return_requested);
    json_put_i64(out, "returned", line->returned);
    json_put_i64(out, "written_off", line->written_off);
    put_allocations(out, order, line->n, at);
    put_amount(out, "unit_price", order, line->unit_price);
    put_amount(out, "discount", order, line->discount);
    put_amount(out, "tax", order, line->tax);
    put_amount(out, "total", order, line->total);
    put_amount(out, "unit_price_now", order, line->unit_price_now);
    put_amount(out, "discount_now", order, line->discount_now);
    put_amount(out, "tax_now", order, line->tax_now);
    put_amount(out, "total_now", order, line->total_now);
    put_parts(out, line);
    json_put_members(out, line->doc);
    json_end_object(out);
}

static void put_totals(struct json_out *out, const struct order *order)
{
    json_begin(out, "totals");
    put_amount(out, "lines", order, order->totals.lines);
    put_amount(out, "discount", order, order->totals.discount);
    put_amount(out, "shipping", order, order->totals.shipping);
    put_amount(out, "fees", order, order->totals.fees);
    put_amount(out, "tax", order, order->totals.tax);
    put_amount(out, "total", order, order->totals.total);
    json_end_object(out);
}

static void put_statuses(struct json_out *out, const struct order *order)
{
    struct order_facts facts = order_facts_of(order);
    json_put_cstr(out, "status", order_status_name(order->status));
    json_put_cstr(out, "payment_status",
                  order_payment_name(order_payment_status(&facts)));
    json_put_cstr(out, "fulfillment_status", order_fulfillment_status(&facts));
    json_put_cstr(out, "delivery_status", order_delivery_status(&facts));
    json_put_cstr(out, "return_status", order_return_status(&facts));
}

void order_write(const struct order *order, struct json_out *out)
{
    size_t at = 0;
    json_put_id(out, "id", "ord", order->id.v);
    json_put_str(out, "number", order->number);
    json_put_str(out, "external_id", order->external_id);
    json_put_str(out, "channel", order->channel_code);
    json_put_id(out, "channel_id", "chn", order->channel.v);
    json_put_cstr(out, "origin", origin_name(order->origin));
    json_put_i64(out, "version", order->version);
    put_statuses(out, order);
    json_put_cstr(out, "currency", order->currency);
    json_put_cstr(out, "tax_mode",
                  order->tax_mode == TAX_EXCLUSIVE ? "exclusive" : "inclusive");
    json_put_time(out, "placed_at", order->placed_at);
    json_put_time(out, "received_at", id_time(order->id.v));
    json_put_time(out, "updated_at", order->updated_at);
    put_totals(out, order);
    put_amount(out, "charges_now", order, order->charges_now);
    put_amount(out, "allowance", order, order->allowance_now);
    json_begin(out, "payment");
    order_pay_write(order, out);
    json_end_object(out);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < order->line_count; i++)
        put_line(out, order, &order->lines[i], &at);
    json_end_list(out);
    json_put_members(out, order->doc);
}
