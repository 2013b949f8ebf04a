/* degrees.c - coordinates in and out. */
#include "base/degrees.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/str.h"

enum { TEXT_BYTES = 32 };

bool degrees_from_text(str text, int64_t max, int64_t *ret_e6)
{
    char copy[TEXT_BYTES], *end;
    if (text.len == 0 || text.len >= sizeof copy ||
        (text.ptr[0] != '-' && (text.ptr[0] < '0' || text.ptr[0] > '9')))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    double degrees = strtod(copy, &end);
    if (end != copy + text.len || !(fabs(degrees) <= (double)max))
        return false;
    *ret_e6 = llround(degrees * DEGREE);
    return true;
}

err_t json_opt_degrees(struct json_in *in, const char *key, int64_t max,
                       int64_t *ret_e6, bool *found)
{
    str text;
    *found = false;
    TRY(json_any_raw(in, key, LIMIT_CODE_BYTES, &text));
    if (text.len == 0)
        return OK;
    if (text.ptr[0] != '-' && (text.ptr[0] < '0' || text.ptr[0] > '9'))
        return json_fail(in, key, ERR_INVALID, "wrong_type",
                         "must be a number of degrees");
    if (!degrees_from_text(text, max, ret_e6))
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be -%lld to %lld degrees", (long long)max,
                         (long long)max);
    *found = true;
    return OK;
}

err_t json_opt_point(struct json_in *in, int64_t *ret_lat_e6,
                     int64_t *ret_lon_e6, bool *found)
{
    bool has_lat = false, has_lon = false;
    TRY(json_opt_degrees(in, "lat", LAT_MAX, ret_lat_e6, &has_lat));
    TRY(json_opt_degrees(in, "lon", LON_MAX, ret_lon_e6, &has_lon));
    if (has_lat != has_lon)
        return json_fail(in, has_lat ? "lon" : "lat", ERR_INVALID,
                         "missing_field", "lat and lon come together");
    *found = has_lat;
    return OK;
}

void json_put_degrees(struct json_out *out, const char *key, int64_t e6)
{
    char text[TEXT_BYTES];
    int64_t size = e6 < 0 ? -e6 : e6;
    int len = snprintf(text, sizeof text, "%s%lld.%06lld", e6 < 0 ? "-" : "",
                       (long long)(size / DEGREE), (long long)(size % DEGREE));
    while (text[len - 1] == '0' && text[len - 2] != '.')
        len--;
    json_put_raw(out, key, (str){text, (size_t)len});
}
