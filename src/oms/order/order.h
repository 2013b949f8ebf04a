/* order.h - the order room: what was sold, to whom, on which channel.
 *
 * `status` is the order's own life only; payment, fulfillment, delivery and
 * return are derived from facts. What was placed is never rewritten: changes
 * keep quantities beside it. Amounts are minor units of the order's currency.
 */
#ifndef WHARF_OMS_ORDER_H
#define WHARF_OMS_ORDER_H

#include "oms/channel/channel.h"
#include "oms/order/order_types.h"

struct json_in;
struct json_out;
struct order;
struct room;
const char *order_status_name(enum order_status status); /* "confirmed" */
/* In memory; fails with ERR_STATE naming what is allowed instead. */
MUST_USE err_t order_move(struct ctx *ctx, struct order *order,
                          enum order_event event);
struct order_line_cmd {
    str sku, title;                           /* Empty title: the SKU's. */
    int64_t qty, unit_price, discount, total; /* Of the line; total -1: not */
    const struct order_tax *taxes;            /* sent, else it is checked. */
    const struct order_discount *discounts;   /* They sum to discount. */
    size_t tax_count, discount_count;
    str attrs, doc;   /* JSON object, empty: {}. doc: by order_cmd_seal(). */
    utc_ms fulfil_at; /* Does not leave before; 0: as the order. */
};
struct order_party { /* The customer or an address; empty: not known. */
    str name, email, phone, external_id, company, line1, line2, city, region;
    str postal_code, country, tax_id;
    bool has_point;
    int64_t lat_e6, lon_e6; /* Millionths of a degree. */
};
/* total = lines + shipping + fees - discount (+ tax where it is exclusive). */
struct order_totals {
    int64_t lines, discount, shipping, fees, tax, total;
};
struct order_cmd {
    str channel, external_id;
    char currency[4];         /* Of every amount below. */
    bool is_currency_default; /* Must then be the channel's. */
    bool is_asked, is_listed; /* order_price.h, order_quote.h. */
    enum tax_mode tax_mode;   /* 0: the channel's. */
    enum order_origin origin;
    enum order_method method;           /* 0: shipped. */
    utc_ms placed_at, fulfil_at;        /* 0: now; it does not leave before. */
    const struct order_party *customer; /* These three may be NULL. */
    const struct order_party *shipping_address, *billing_address;
    struct order_line_cmd *lines;
    const struct order_charge *shipping, *fees; /* A fee has no discount. */
    const struct order_totals *totals; /* As sent, or NULL; -1: not sent. */
    const str *tags;
    size_t line_count, shipping_count, fee_count, tag_count;
    str attrs, note, raw, doc; /* raw: the source's JSON, kept as it came. */
    int64_t body_hash;         /* With doc by order_cmd_seal(). */
    hold_id hold;              /* Whose units its lines take; 0: none. */
    str service;               /* As routing knows it; empty: not chosen. */
    str pickup_location;       /* Code; only where it is picked up. */
    str incoterm;              /* Who pays duties: "DDP"; empty: not said. */
};
/* Reads the JSON body of an order, sealed. No external id: idem_key is it. */
MUST_USE err_t order_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                   str idem_key, struct order_cmd *ret);
/* Makes documents and hash, last: the command must not change after it. */
void order_cmd_seal(struct arena *arena, struct order_cmd *cmd);
struct order_line {
    int64_t n; /* From 1. */
    sku_id sku;
    str sku_code, title, doc;
    bool is_tracked; /* Untracked units count as allocated, unreserved, */
    location_id untracked_at; /* and this is where; 0: nowhere. */
    int64_t ordered, cancelled, unallocated, backordered, allocated, picked;
    int64_t shipped;   /* I10 over these seven. */
    int64_t added;     /* By changes; among those ordered: order_edit.h. */
    int64_t delivered; /* Of those shipped. */
    int64_t return_requested, returned, written_off;
    int64_t unit_price, discount, tax, total; /* As placed. */
    int64_t unit_price_now;                   /* As the last change says. */
    int64_t discount_now, tax_now, total_now; /* Of the units left. */
    int64_t base_units, base_total; /* As a change set them; 0: as placed. */
    const struct order_part *parts; /* Of a kit, as it was: order_kit.h. */
    size_t part_count;
};
struct order_allocation {
    int64_t n; /* The line. */
    location_id location;
    int64_t qty;
};
struct order {
    order_id id;
    channel_id channel;
    str channel_code, external_id, number, doc;
    enum order_status status;
    enum order_origin origin;
    int64_t fulfil_flags, delivery_flags; /* See order_fulfil.h. */
    int64_t return_flags;                 /* See order_worth.h. */
    bool is_history;   /* Was over before it came: order_history.h. */
    str history_buyer; /* The source's customer id; only when recorded. */
    char currency[4];
    enum tax_mode tax_mode;
    struct order_totals totals;           /* As placed. */
    int64_t charges_now, charges_tax_now; /* Shipping and fees, gross; */
    int64_t fees_off, fees_tax_off;       /* of what they lack, in fees. */
    int64_t allowance_now;                /* Goodwill, off the whole. */
    struct order_pay pay;                 /* order_pay.h writes it. */
    int64_t version, body_hash;
    utc_ms placed_at, updated_at;
    struct order_line *lines;
    const struct order_allocation *allocations; /* In order of n. */
    size_t line_count, allocation_count;
};
struct order_place_item {
    struct ctx *ctx; /* Of this command: its failure, arena, actor. */
    const struct order_cmd *cmd, *sent; /* sent: without taxes; or NULL. */
    err_t err;                          /* The outcome. Where it is OK: */
    const struct order *order;          /* In the batch's arena. */
    bool is_new; /* Else the same order was stored before. */
};
/* Places orders in arrival order: set reads, decisions in memory, set writes.
 * A refused one has written nothing. Returns for the batch as a whole. */
MUST_USE err_t order_place_many(struct ctx *ctx, struct order_place_item *items,
                                size_t count);
/* A batch of one; ret_is_new may be NULL. */
MUST_USE err_t order_place(struct ctx *ctx, const struct order_cmd *cmd,
                           struct order *ret, bool *ret_is_new);
/* With all lines. */
MUST_USE err_t order_get(struct ctx *ctx, order_id id, struct order *ret);
MUST_USE err_t order_find(struct ctx *ctx, const struct order_cmd *same_key,
                          struct order *ret);
MUST_USE err_t order_lock(struct ctx *ctx, order_id id, struct order *ret);
/* Writes status, version and line quantities of a locked order back; the
 * caller raised the version and adds the event. */
MUST_USE err_t order_save(struct ctx *ctx, const struct order *order);
/* As the API shows it, members of an open object. */
void order_write(const struct order *order, struct json_out *out);

extern const struct room order_room;
#endif
