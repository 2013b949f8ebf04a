/* order_held.h - what of orders is on hold, so that nothing of it leaves.
 *
 * Holds are made and ended by the room change, but for those of an order that
 * is over. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_HELD_H
#define WHARF_OMS_ORDER_HELD_H

#include "base/base.h"
#include "oms/ids.h"

struct order_held {
    bool is_whole;
    const int64_t *lines; /* Beside that; by n. */
    size_t count;
};
/* ret[i] is of ids[i]; ids are distinct. */
MUST_USE err_t order_held_many(struct ctx *ctx, const order_id *ids,
                               size_t count, struct order_held *ret);
bool order_is_held(const struct order_held *held, int64_t n);

/* Stored as numbers: append, never renumber. */
enum order_hold_reason {
    ORDER_HOLD_FRAUD = 1,
    ORDER_HOLD_ADDRESS,
    ORDER_HOLD_PAYMENT,
    ORDER_HOLD_CUSTOMER,
    ORDER_HOLD_STOCK,
    ORDER_HOLD_OTHER
};
extern const char *const order_hold_reasons[ORDER_HOLD_OTHER];

struct order;
/* Of an order that is completed or cancelled, in its lock: nothing is left to
 * hold. Its holds expire, and say because of what. */
MUST_USE err_t order_held_end(struct ctx *ctx, const struct order *order);

#endif
