/* order_price.h - what an order costs: discounts shared out, taxes computed.
 * Private to the room. */
#ifndef WHARF_OMS_ORDER_PRICE_H
#define WHARF_OMS_ORDER_PRICE_H

#include "oms/order/tax.h"

struct batch_item;
struct json_in;
struct json_out;
struct order_batch;
struct request;

/* The body of POST /v1/orders/price: as an order's, but that percentages need
 * no amount, and discounts may be on the whole. */
struct order_asked {
    struct order_cmd cmd; /* Not sealed; may have no external id. Its is_listed
                             is told before: lines may lack a price. */
    const struct order_discount *discounts;
    size_t discount_count;
};
MUST_USE err_t order_asked_from_json(struct ctx *ctx, struct json_in *in,
                                     struct order_asked *ret);
/* The body that POST /v1/orders takes. */
void order_cmd_put_body(struct json_out *out, const char *key,
                        const struct order_cmd *cmd);

/* What many orders need to know: classes of SKUs, and rates. */
struct order_taxes;
struct order_taxed {
    const struct order_cmd *cmd;
    const struct channel *channel;   /* NULL: it is not to be looked at. */
    const struct tax_answer *answer; /* NULL: by the tables. */
};
MUST_USE err_t order_taxes_gather(struct ctx *ctx,
                                  const struct order_taxed *items, size_t count,
                                  struct order_taxes **ret);
/* What is asked for an order. */
MUST_USE err_t order_taxes_request(struct ctx *ctx,
                                   const struct order_taxes *taxes,
                                   const struct order_taxed *item,
                                   struct tax_request *ret);
/* A copy with the taxes computed, whatever came with it. ERR_INVALID, slug
 * destination_unknown, where nothing says the place; sku_unknown. */
MUST_USE err_t order_taxes_apply(struct ctx *ctx,
                                 const struct order_taxes *taxes,
                                 const struct order_taxed *item,
                                 struct order_cmd *ret);

/* Placing: reads the above where some channel's taxes are computed. */
MUST_USE err_t order_taxes_batch(struct order_batch *batch);
/* Gives the command its taxes, or compares those that came with it: ERR_INVALID
 * taxes_mismatch, naming the field. */
MUST_USE err_t order_taxes_settle(struct order_batch *batch,
                                  struct batch_item *item);

/* Puts discounts on lines as amounts. The percentage of a line's is of
 * quantity x unit_price, that of an order's of what is left of its lines, to
 * which it is shared out by largest remainder. */
MUST_USE err_t order_discounts_apply(struct ctx *ctx,
                                     const struct order_asked *asked,
                                     enum rounding rounding,
                                     struct order_cmd *ret);

struct order_priced {
    struct order_asked asked;
    struct order_cmd cmd; /* With its discounts; then with its taxes. */
    struct channel channel;
    const struct tax_answer *answer; /* NULL: by the tables. */
    struct ctx ctx;                  /* Of its own refusal. */
    err_t err;
};
/* What an engine is asked for one of them. */
MUST_USE err_t order_price_request(struct ctx *ctx, struct order_priced *one,
                                   struct tax_request *ret);
MUST_USE err_t order_price_many(struct ctx *ctx, struct order_priced *all,
                                size_t count);
MUST_USE err_t order_api_price_prepare(struct ctx *ctx, struct request *req);
MUST_USE err_t order_api_price(struct ctx *ctx, struct request *req);
MUST_USE err_t order_api_price_bulk(struct ctx *ctx, struct request *req);

#endif
