/* gateways.c - the list of gateways. */
#include "connect/gateway/manual/manual.h"
#include "connect/gateway/relay/relay.h"
#include "oms/payment/gateway.h"

const struct gateway *const gateways[] = {&manual_gateway, &relay_gateway,
                                          NULL};
