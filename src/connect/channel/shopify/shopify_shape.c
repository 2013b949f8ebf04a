/* shopify_shape.c - what is an order among Shopify's payloads. */
#include "base/arena.h"
#include "base/str.h"
#include "connect/channel/payload.h"
#include "connect/channel/shopify/shopify.h"

static const struct {
    const char *key, *kind;
} wrapped[] = {
    {"order",        payload_is_order   },
    {"orders",       payload_is_order   },
    {"draft_order",  "draft order"      },
    {"draft_orders", "draft order"      },
    {"checkout",     "checkout"         },
    {"checkouts",    "checkout"         },
    {"cart",         "cart"             },
    {"carts",        "cart"             },
    {"response",     payload_look_inside},
};

static const char *of_key(str key)
{
    for (size_t i = 0; i < COUNT_OF(wrapped); i++)
        if (str_equal_cstr(key, wrapped[i].key))
            return wrapped[i].kind;
    return NULL;
}

static bool has(json_any object, const char *key)
{
    /* Also where it is null: Shopify sends all keys of a kind. */
    return json_any_get(object, key).node != NULL;
}

/* "gid://shopify/Fulfillment/255858046" names its kind. */
static const char *kind_of_gid(struct ctx *ctx, json_any object)
{
    str gid = json_any_get_text(ctx->arena, object, "admin_graphql_api_id");
    str head = STR("gid://shopify/"), rest;
    if (!str_starts(gid, head))
        return NULL;
    gid = (str){gid.ptr + head.len, gid.len - head.len};
    return str_to_cstr(ctx->arena, str_split(gid, '/', &rest));
}

static const char *of_object(struct ctx *ctx, json_any object)
{
    if (!has(object, "id"))
        return NULL;
    if (has(object, "invoice_url") || has(object, "invoice_sent_at"))
        return "draft order";
    if (has(object, "abandoned_checkout_url"))
        return "checkout";
    if (has(object, "financial_status") ||
        (has(object, "line_items") && has(object, "total_price")))
        return payload_is_order;
    /* The key that gives a kind away where no gid does. */
    static const struct {
        const char *key, *kind;
    } telling[] = {
        {"product_type",         "product"    },
        {"fulfillable_quantity", "line item"  },
        {"authorization",        "transaction"},
        {"tracking_number",      "fulfillment"},
    };
    const char *kind = kind_of_gid(ctx, object);
    for (size_t i = 0; !kind && i < COUNT_OF(telling); i++)
        if (has(object, telling[i].key))
            kind = telling[i].kind;
    return kind;
}

static err_t walk(struct ctx *ctx, json_any document,
                  const struct import_sink *sink)
{
    static const struct payload_shape shape = {of_key, of_object};
    return payload_walk(ctx, &shape, document, sink);
}

const struct import_format shopify_orders = {
    .name = "shopify-orders",
    .channel = "shopify",
    .title = "Shopify",
    .walk = walk,
    .read = shopify_read_order,
};
