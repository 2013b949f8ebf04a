/* carriers.c - the list of carriers. */
#include "connect/carrier/own/own.h"
#include "connect/carrier/relay/relay.h"
#include "oms/shipping/carrier.h"

const struct carrier *const carriers[] = {&own_carrier, &relay_carrier, NULL};
