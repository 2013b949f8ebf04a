/* tax.h - what an order is taxed with. A public header of the room.
 *
 * tax_compute() is pure: the rates that may apply, the place and the amounts
 * in, the tax lines out. Rates of one layer shut each other out (the nearest
 * to class and place applies), those of several layers apply together: GST and
 * PST, state and county. Everything sums to the minor unit (I14).
 */
#ifndef WHARF_OMS_ORDER_TAX_H
#define WHARF_OMS_ORDER_TAX_H

#include "oms/order/order.h"

/* Stored as numbers: append, never renumber. */
enum tax_kind { TAX_DUE = 1, TAX_EXEMPT = 2 };

/* The end of a rate that has none: the year 9999. */
#define TAX_NO_END ((utc_ms)253402300799999)

struct tax_rate {
    tax_rate_id id;
    str name;                           /* "VAT" */
    str country, region, postal_prefix; /* Empty: all of the wider one. */
    str tax_class;                      /* "standard", "reduced", "shipping" */
    int64_t layer;                      /* From 1. */
    int64_t rate_ppm;                   /* 190000 is 19 %. */
    enum tax_kind kind;
    bool is_compound; /* On the price with the taxes of lower layers. */
    bool is_reversed; /* Who has a tax id owes it himself. */
    str reason;       /* Of an exemption, for the invoice. */
    utc_ms valid_from, valid_to; /* From, and before. */
    bool is_active;
    int64_t version;
    utc_ms created_at, updated_at;
};

struct tax_place {
    str country, region, postal_code; /* As tax_place_of() makes them. */
};
/* As rates name it: capitals, no blanks and hyphens, "CA" of "US-CA". */
struct tax_place tax_place_of(struct arena *arena, str country, str region,
                              str postal_code);

struct tax_item {   /* A line, a shipping line or a fee. */
    str tax_class;  /* Empty: standard. */
    int64_t amount; /* Less discounts; with its taxes where inclusive. */
    str sku;        /* Its code; empty: it is none. */
};
struct tax_answer;
struct tax_request {
    char currency[4];
    enum tax_mode mode;
    enum rounding rounding;
    enum tax_round round;
    struct tax_place to;
    str tax_id; /* The buyer's, who is a business; empty: none. */
    utc_ms at;
    const struct tax_item *items;
    size_t item_count;
    const struct tax_rate *rates; /* Those that may apply. */
    size_t rate_count;
    const struct tax_answer *answer; /* Of whoever was asked before. */
};
struct tax_lines {
    const struct order_tax *at;
    size_t count;
};
struct tax_answer {
    struct tax_request request; /* To this. */
    struct tax_lines *lines;    /* One element per item. */
};
/* One element per item in *ret, in ctx->arena. Fails with ERR_INVALID where a
 * tax comes to more than an order may hold. */
MUST_USE err_t tax_compute(struct ctx *ctx, const struct tax_request *request,
                           struct tax_lines **ret);

/* Who computes taxes: a struct of functions, so that another engine may stand
 * in for the tables. */
struct tax {
    const char *code;
    err_t (*compute)(struct ctx *ctx, const struct tax_request *request,
                     struct tax_lines **ret);
};
extern const struct tax tax_tables; /* tax_compute() */

/* The active rates that hold somewhere among these places at their times;
 * more than one place may come to use each. */
struct tax_when {
    struct tax_place to;
    utc_ms at;
};
MUST_USE err_t tax_rates_load(struct ctx *ctx, const struct tax_when *when,
                              size_t count, struct tax_rate **ret,
                              size_t *ret_count);

/* ---- the tables ---- */

/* Creates rates, or writes anew those that stand under the same place, class,
 * layer and beginning; each succeeds or fails alone. ERR_CONFLICT, slug
 * rate_overlaps, where another one of the key holds at the same time. */
struct tax_rate_result {
    err_t err;
    bool is_new;
    struct tax_rate rate;      /* Where it is OK. */
    struct err_detail problem; /* Else why not. */
};
MUST_USE err_t tax_rate_put_many(struct ctx *ctx, const struct tax_rate *rates,
                                 size_t count, struct tax_rate_result *results);
/* ERR_CONFLICT, slug rate_exists, where one stands under its key. */
MUST_USE err_t tax_rate_create(struct ctx *ctx, const struct tax_rate *rate,
                               struct tax_rate *ret);
/* Writes rate->id anew at rate->version, which is the one the caller saw. */
MUST_USE err_t tax_rate_change(struct ctx *ctx, const struct tax_rate *rate,
                               struct tax_rate *ret);
MUST_USE err_t tax_rate_get(struct ctx *ctx, tax_rate_id id,
                            struct tax_rate *ret);

/* tax_engine_room: services outside that compute them. */
extern const struct room tax_room, tax_engine_room;

#endif
