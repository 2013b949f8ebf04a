/* manual.h - the gateway "manual": what a person sees to at the till, the
 * terminal or the bank. It answers itself: what is asked of it counts as done,
 * and what happened otherwise a person records. */
#ifndef WHARF_CONNECT_GATEWAY_MANUAL_H
#define WHARF_CONNECT_GATEWAY_MANUAL_H

#include "oms/payment/gateway.h"

extern const struct gateway manual_gateway;

#endif
