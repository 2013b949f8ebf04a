/* payment_capture.h - what a channel's rule takes of what gateways promised.
 * Private to the room. */
#ifndef WHARF_OMS_PAYMENT_CAPTURE_H
#define WHARF_OMS_PAYMENT_CAPTURE_H

#include "oms/channel/channel.h"
#include "oms/order/order.h"
#include "store/event.h"

/* What shall be taken of an order by now, of what it is worth now: by `ship`
 * the units that left and did not come back, and all with the last of them. */
int64_t capture_due(const struct order *order, enum payment_capture rule);

/* The consumer "captures". */
extern const struct event_list gateway_events;

#endif
