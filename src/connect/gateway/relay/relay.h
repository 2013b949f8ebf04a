/* relay.h - the gateway "relay": a small JSON service of the merchant's own
 * that stands before any gateway Wharf has no part for. docs/gateways.md has
 * what it is asked and what it answers. */
#ifndef WHARF_CONNECT_GATEWAY_RELAY_H
#define WHARF_CONNECT_GATEWAY_RELAY_H

#include "oms/payment/gateway.h"

extern const struct gateway relay_gateway;

#endif
