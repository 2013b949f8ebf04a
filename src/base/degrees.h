/* degrees.h - coordinates: decimal degrees outside, millionths inside. */
#ifndef WHARF_BASE_DEGREES_H
#define WHARF_BASE_DEGREES_H

#include "base/base.h"

struct json_in;
struct json_out;

enum { DEGREE = 1000000, LAT_MAX = 90, LON_MAX = 180 };

/* "52.52"; false if it is not, or over max degrees. */
bool degrees_from_text(str text, int64_t max, int64_t *ret_e6);
/* A number; *found tells whether it is there. */
MUST_USE err_t json_opt_degrees(struct json_in *in, const char *key,
                                int64_t max, int64_t *ret_e6, bool *found);
/* lat and lon, which come together. */
MUST_USE err_t json_opt_point(struct json_in *in, int64_t *ret_lat_e6,
                              int64_t *ret_lon_e6, bool *found);
void json_put_degrees(struct json_out *out, const char *key, int64_t e6);

#endif
