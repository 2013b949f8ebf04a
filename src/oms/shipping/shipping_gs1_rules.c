/* shipping_gs1_rules.c - SSCC-18: extension digit, company prefix, serial
 * reference, check digit. */
#include "oms/shipping/shipping_gs1.h"

#include "base/check.h"
#include "base/str.h"

bool gs1_prefix_is_good(str prefix)
{
    return prefix.len >= GS1_PREFIX_MIN && prefix.len <= GS1_PREFIX_MAX &&
           str_is_digits(prefix);
}

int64_t sscc_space(str prefix)
{
    ASSERT(gs1_prefix_is_good(prefix));
    int64_t space = 1;
    for (size_t i = prefix.len; i < SSCC_DIGITS - 1; i++)
        space *= 10;
    return space;
}

void sscc_make(str prefix, int64_t serial, char ret[SSCC_DIGITS])
{
    enum { BODY = SSCC_DIGITS - 1 };
    ASSERT(serial >= 0 && serial < sscc_space(prefix));
    for (size_t i = BODY - 1; i > prefix.len; i--) {
        ret[i] = (char)('0' + serial % 10);
        serial /= 10;
    }
    memcpy(ret + 1, prefix.ptr, prefix.len);
    ret[0] = (char)('0' + serial);
    ret[BODY] = gs1_check_digit((str){ret, BODY});
}
