/* shipping_address.c - where a parcel comes from and goes to. */
#include "oms/shipping/shipping_address.h"

#include "base/json_any.h"
#include "base/str.h"
#include "oms/inventory/inventory_address.h"
#include "oms/order/order.h"
#include "oms/shipping/shipping_label.h"

static struct carrier_address read_address(struct arena *arena, json_any at)
{
    return (struct carrier_address){
        .name = json_any_get_text(arena, at, "name"),
        .company = json_any_get_text(arena, at, "company"),
        .line1 = json_any_get_text(arena, at, "line1"),
        .line2 = json_any_get_text(arena, at, "line2"),
        .city = json_any_get_text(arena, at, "city"),
        .region = json_any_get_text(arena, at, "region"),
        .postal_code = json_any_get_text(arena, at, "postal_code"),
        .country = json_any_get_text(arena, at, "country"),
        .phone = json_any_get_text(arena, at, "phone"),
        .email = json_any_get_text(arena, at, "email"),
    };
}

static err_t read_to(struct ctx *ctx, str doc, struct carrier_address *ret)
{
    json_any top;
    TRY(json_any_parse(ctx, &doc, &top));
    json_any customer = json_any_get(top, "customer");
    *ret = read_address(ctx->arena, json_any_get(top, "shipping_address"));
    if (ret->name.len == 0)
        ret->name = json_any_get_text(ctx->arena, customer, "name");
    if (ret->phone.len == 0)
        ret->phone = json_any_get_text(ctx->arena, customer, "phone");
    if (ret->email.len == 0)
        ret->email = json_any_get_text(ctx->arena, customer, "email");
    json_any_close(top);
    return OK;
}

err_t place_address(struct ctx *ctx, location_id id,
                    struct carrier_address *ret)
{
    struct location_place place;
    json_any top;
    TRY(location_place_get(ctx, id, &place));
    TRY(json_any_parse(ctx, &place.address, &top));
    *ret = read_address(ctx->arena, top);
    json_any_close(top);
    if (ret->name.len == 0)
        ret->name = place.location.name;
    return OK;
}

err_t package_addresses(struct ctx *ctx, const struct package *package,
                        const struct carrier *carrier,
                        struct carrier_address *from,
                        struct carrier_address *to)
{
    struct order order;
    TRY(order_get(ctx, package->order, &order));
    TRY(read_to(ctx, order.doc, to));
    TRY(place_address(ctx, package->location, from));
    TRY(address_fit(ctx, carrier, "shipping_address", to));
    TRY(address_fit(ctx, carrier, "location.address", from));
    if (package->returns.v) {
        struct carrier_address buyer = *to;
        *to = *from;
        *from = buyer;
    }
    return OK;
}
