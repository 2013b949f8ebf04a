/* shipping_gs1_rules.c - SSCC-18: extension digit, company prefix, serial
 * reference, check digit. */
#include "oms/shipping/shipping_gs1.h"

char gs1_check_digit(const char *digits, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';
        ASSERT(digit >= 0 && digit <= 9);
        sum += i % 2 == 0 ? digit * 3 : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static bool is_digits(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

bool gs1_prefix_is_good(str prefix)
{
    return prefix.len >= GS1_PREFIX_MIN && prefix.len <= GS1_PREFIX_MAX &&
           is_digits(prefix);
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
    ret[BODY] = gs1_check_digit(ret, BODY);
}

bool sscc_is_good(str sscc)
{
    return sscc.len == SSCC_DIGITS && is_digits(sscc) &&
           gs1_check_digit(sscc.ptr, SSCC_DIGITS - 1) ==
               sscc.ptr[SSCC_DIGITS - 1];
}
