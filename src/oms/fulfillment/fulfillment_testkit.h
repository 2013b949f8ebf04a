/* fulfillment_testkit.h - fulfillment orders of a shop, for tests. */
#ifndef WHARF_OMS_FULFILLMENT_TESTKIT_H
#define WHARF_OMS_FULFILLMENT_TESTKIT_H

#include "base/testing.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/shop_testkit.h"

/* All of an order, by id; how many. */
size_t shop_fulfillments(struct shop *shop, order_id id,
                         struct fulfillment **ret);

enum shop_note {
    NOTE_STARTED = 1,
    NOTE_STOPPED,
    NOTE_PICKED,
    NOTE_UNPICKED,
    NOTE_PACKED,
    NOTE_UNPACKED,
    NOTE_SHORT,
    NOTE_SHIPPED
};
/* Notes units as "line:qty ..."; the error code or "". */
const char *shop_note(struct shop *shop, fulfillment_order_id fo,
                      enum shop_note what, const char *units);
/* Hands the whole log to the consumer again. */
void shop_refulfil(struct shop *shop);

#endif
