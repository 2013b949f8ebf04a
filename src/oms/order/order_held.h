/* order_held.h - what of orders is on hold, so that nothing of it leaves.
 *
 * Holds are made and ended by the room change. A public header of the room.
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

#endif
