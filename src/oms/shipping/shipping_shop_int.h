/* shipping_shop_int.h - prices told by carriers, for the rest of the room.
 * Private. */
#ifndef WHARF_OMS_SHIPPING_SHOP_INT_H
#define WHARF_OMS_SHIPPING_SHOP_INT_H

#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_quote.h"
#include "oms/shipping/shipping_shop.h"

/* The accounts that quote themselves, of those the command allows; none where
 * it names both account and service. */
MUST_USE err_t shop_live(struct ctx *ctx, const struct label_cmd *cmd,
                         struct account **ret, size_t *ret_count);
/* Stores the wish and asks them; the label is there already. */
MUST_USE err_t shop_begin(struct ctx *ctx, const struct label_cmd *cmd,
                          label_id id, const struct account *live,
                          size_t count);
/* One of them answered or refused. */
MUST_USE err_t shop_outcome(struct ctx *ctx, const struct call *call,
                            const struct carrier_outcome *outcome);
/* Nobody waits for prices of that label any more. */
MUST_USE err_t shop_is_over(struct ctx *ctx, label_id id, bool *ret);
/* It is withdrawn: nothing is to be taken. */
MUST_USE err_t shop_drop(struct ctx *ctx, label_id id);
/* When the next one's time is over; 0: none waits. */
MUST_USE err_t shop_next_at(struct ctx *ctx, utc_ms *ret);
/* The account quotes prices itself. */
bool shop_is_live(struct ctx *ctx, const struct account *account);

#endif
