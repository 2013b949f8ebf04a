/* shipping_shop.h - a label whose carriers are asked for prices first. The
 * third public header of the room, for the worker (jobs/labels.h).
 *
 * Where accounts that quote prices themselves are among those a label may be
 * bought from, its wish is stored and each of them asked (CARRIER_RATE). Once
 * all have answered, or after SHOP_WAIT_MS, the best is taken: by the price
 * that was told, else by the card's, and the choice says which it was.
 */
#ifndef WHARF_OMS_SHIPPING_SHOP_H
#define WHARF_OMS_SHIPPING_SHOP_H

#include "base/base.h"
#include "oms/ids.h"

enum { SHOP_WAIT_MS = 10000, SHOP_BATCH = 50 };

/* ---- for the worker ---- */

/* Labels whose time is over. */
MUST_USE err_t shop_due(struct ctx *ctx, size_t limit, label_id **ret,
                        size_t *ret_count);
/* Takes the best of what is known; nothing where one was taken. */
MUST_USE err_t shop_end(struct ctx *ctx, label_id id);
/* That failed: later again. */
MUST_USE err_t shop_postpone(struct ctx *ctx, label_id id);

#endif
