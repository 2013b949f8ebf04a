/* shipping_address.h - whether a carrier can deliver there. Private, pure. */
#ifndef WHARF_OMS_SHIPPING_ADDRESS_H
#define WHARF_OMS_SHIPPING_ADDRESS_H

#include "oms/shipping/carrier.h"

/* Fits the address to the carrier: lines longer than it takes go on in the
 * next free one, cut at blanks; blanks at the ends go. Refuses, with the field
 * under `path`, what is missing (address_incomplete), too long
 * (address_too_long) or no text (address_characters). In ctx->arena. */
MUST_USE err_t address_fit(struct ctx *ctx, const struct carrier *carrier,
                           const char *path, struct carrier_address *address);
/* Whether letters to that country bear a postal code. */
bool country_has_postal_codes(str country);
/* Characters, not bytes, of UTF-8. */
size_t text_chars(str text);

#endif
