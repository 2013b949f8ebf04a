/* own.h - the carrier "own": the merchant's own vans, or any carrier whose
 * labels we may print ourselves. It needs no call: everything it answers
 * follows from the request. */
#ifndef WHARF_CONNECT_CARRIER_OWN_H
#define WHARF_CONNECT_CARRIER_OWN_H

#include "oms/shipping/carrier.h"

extern const struct carrier own_carrier;

/* Digits of a tracking number, the last one a check digit (mod 10). */
enum { OWN_TRACKING_DIGITS = 20 };
bool own_tracking_is_good(str tracking);

#endif
