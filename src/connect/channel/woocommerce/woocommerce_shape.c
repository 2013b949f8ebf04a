/* woocommerce_shape.c - what is an order among WooCommerce's payloads. */
#include "base/str.h"
#include "connect/channel/payload.h"
#include "connect/channel/woocommerce/woocommerce.h"

/* Wrappers: batches, recorded exchanges, webhook envelopes. */
static const char *of_key(str key)
{
    static const struct {
        const char *key, *kind;
    } wrapped[] = {
        {"create",   payload_look_inside},
        {"update",   payload_look_inside},
        {"delete",   payload_look_inside},
        {"order",    payload_is_order   },
        {"orders",   payload_is_order   },
        {"response", payload_look_inside},
        {"refunds",  "refund"           },
        {"products", "product"          },
    };
    for (size_t i = 0; i < COUNT_OF(wrapped); i++)
        if (str_equal_cstr(key, wrapped[i].key))
            return wrapped[i].kind;
    return NULL;
}

static bool has(json_any object, const char *key)
{
    return json_any_get(object, key).node != NULL;
}

/* Carts that were never placed; WooCommerce lists them among orders. */
static bool is_draft(struct ctx *ctx, json_any object)
{
    static const char *const drafts[] = {"auto-draft", "checkout-draft",
                                         "draft", "trash", "new"};
    str status = json_any_get_text(ctx->arena, object, "status");
    for (size_t i = 0; i < COUNT_OF(drafts); i++)
        if (str_equal_cstr(status, drafts[i]))
            return true;
    return false;
}

static const char *of_object(struct ctx *ctx, json_any object)
{
    /* The key that gives a kind away, most telling first. */
    static const struct {
        const char *key, *kind;
    } telling[] = {
        {"refunded_by",        "refund"           },
        {"refunded_payment",   "refund"           },
        {"discount_type",      "coupon"           },
        {"delivery_url",       "webhook"          },
        {"customer_note",      "note"             },
        {"download_id",        "download"         },
        {"is_paying_customer", "customer"         },
        {"catalog_visibility", "product"          },
        {"stock_quantity",     "product variation"},
        {"error",              "error response"   },
        {"role",               "customer"         },
        {"total_sales",        "report"           },
        {"slug",               "report"           },
    };
    bool is_order = has(object, "line_items") &&
                    (has(object, "order_key") || has(object, "billing"));
    if (is_order)
        return is_draft(ctx, object) ? "draft order" : payload_is_order;
    for (size_t i = 0; i < COUNT_OF(telling); i++)
        if (has(object, telling[i].key))
            return telling[i].kind;
    if (has(object, "line_items") && has(object, "total"))
        return payload_is_order;
    return NULL;
}

static err_t walk(struct ctx *ctx, json_any document,
                  const struct import_sink *sink)
{
    static const struct payload_shape shape = {of_key, of_object};
    return payload_walk(ctx, &shape, document, sink);
}

const struct import_format woocommerce_orders = {
    .name = "woocommerce-orders",
    .channel = "woocommerce",
    .title = "WooCommerce",
    .walk = walk,
    .read = woocommerce_read_order,
};
