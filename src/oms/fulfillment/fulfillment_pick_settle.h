/* fulfillment_pick_settle.h - what a walk that ends means for one line of a
 * fulfillment order. Pure. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_SETTLE_H
#define WHARF_OMS_FULFILLMENT_PICK_SETTLE_H

#include "base/base.h"
#include "oms/ids.h"

/* A component of the line; a line that is no kit has one, of which one makes
 * one. */
struct pick_part {
    sku_id sku;
    int64_t per;
    int64_t found;   /* In the hands of all walks that are done, and this. */
    int64_t missing; /* What this walk did not find. */
    int64_t held;    /* In the hands of others who still walk. */
};
struct pick_settled {
    int64_t picked; /* Whole units of the line more than before. */
    int64_t lost;   /* Of the others, those that cannot be made any more. */
};
/* qty and picked are those of the line until now. */
struct pick_settled pick_settle(const struct pick_part *parts, size_t count,
                                int64_t qty, int64_t picked);

#endif
