/* relay.h - the carrier "relay": a small JSON service of the merchant's own
 * that stands before any carrier Wharf has no part for. docs/shipping.md has
 * what it is asked and what it answers. */
#ifndef WHARF_CONNECT_CARRIER_RELAY_H
#define WHARF_CONNECT_CARRIER_RELAY_H

#include "oms/shipping/carrier.h"

extern const struct carrier relay_carrier;

#endif
