/* routing_point.h - where a buyer is, as far as it is known.
 *
 * The address may say it; else the longest postal prefix in the merchant's
 * table; else the middle of the country's people. `point` of the destination
 * says which.
 */
#ifndef WHARF_OMS_ROUTING_POINT_H
#define WHARF_OMS_ROUTING_POINT_H

#include "oms/routing/routing.h"

enum { POSTAL_BYTES = 16 };
/* A postal code as it is compared: capitals, without blanks and hyphens. */
struct postal {
    char at[POSTAL_BYTES];
    size_t len;
};
struct postal postal_of(str code);

/* Gives points to those destinations that have none, in one read. */
MUST_USE err_t routing_point_fill(struct ctx *ctx,
                                  struct routing_destination **to,
                                  size_t count);
/* False where the country is not known. */
bool country_point(str country, int64_t *ret_lat_e6, int64_t *ret_lon_e6);

#endif
