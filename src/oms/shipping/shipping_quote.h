/* shipping_quote.h - what a parcel costs with whom. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_QUOTE_H
#define WHARF_OMS_SHIPPING_QUOTE_H

#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_rate.h"

struct quote { /* A choice; without one there is only why. */
    bool is_chosen;
    struct account account;
    str service;
    bool has_price;
    char currency[4];
    struct rate_price price;
    str choice; /* How it came about, JSON object. */
};
/* Prices that carriers told for this parcel. */
struct live_rate {
    carrier_account_id account;
    str service; /* Empty: it refused to say. */
    money price;
    int64_t days; /* -1: not known. */
};
struct live_rates {
    const struct live_rate *rates;
    size_t count;
};
/* Among the accounts and services that the command allows, by what routing's
 * tables, or `live` (may be NULL), say they cost and how long they take: the
 * cheapest (fastest, best in the balance) that keeps the promise. */
MUST_USE err_t quote_choose(struct ctx *ctx, const struct package *package,
                            const struct label_cmd *cmd,
                            const struct live_rates *live, struct quote *ret);
/* The same, where one must be found, for a parcel whose addresses are good for
 * it; ERR_INVALID names the field. */
MUST_USE err_t label_quote(struct ctx *ctx, const struct package *package,
                           const struct label_cmd *cmd,
                           const struct live_rates *live, struct quote *ret);
/* Asks the carrier that was chosen; the caller saves the parcel. */
MUST_USE err_t label_buy(struct ctx *ctx, const struct label *label,
                         struct package *package, const struct quote *quote);
void quote_put(struct package *package, const struct quote *quote);

#endif
