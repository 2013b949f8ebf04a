/* shipping_quote.h - what a parcel costs with whom. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_QUOTE_H
#define WHARF_OMS_SHIPPING_QUOTE_H

#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_rate.h"

struct quote { /* A choice. */
    struct account account;
    str service;
    bool has_price;
    char currency[4];
    struct rate_price price;
    str choice; /* How it came about, JSON object. */
};
/* The account and service the command names; where it names none, the best of
 * all by command or by the default way (cheapest that keeps the promise). */
MUST_USE err_t quote_choose(struct ctx *ctx, const struct package *package,
                            const struct label_cmd *cmd, struct quote *ret);
void quote_put(struct package *package, const struct quote *quote);

#endif
