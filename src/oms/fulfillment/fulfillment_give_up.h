/* fulfillment_give_up.h - a fulfillment order ends without having left. Private
 * to the room. */
#ifndef WHARF_OMS_FULFILLMENT_GIVE_UP_H
#define WHARF_OMS_FULFILLMENT_GIVE_UP_H

#include "oms/fulfillment/fulfillment.h"

/* What of a locked one is not picked goes back to stock: its reservations are
 * released and the order's units unallocated; no rule sends them elsewhere. */
MUST_USE err_t fulfillment_give_up(struct ctx *ctx,
                                   struct fulfillment_work *work,
                                   const char *reason);

#endif
