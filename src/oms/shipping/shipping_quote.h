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
/* Among the accounts and services that the command allows, by what routing's
 * tables say they cost and how long they take: the cheapest (fastest, best in
 * the balance) that keeps the promise. */
MUST_USE err_t quote_choose(struct ctx *ctx, const struct package *package,
                            const struct label_cmd *cmd, struct quote *ret);
void quote_put(struct package *package, const struct quote *quote);

#endif
