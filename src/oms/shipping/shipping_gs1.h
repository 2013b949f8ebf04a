/* shipping_gs1.h - numbers with check digits: SSCC-18 and our own tracking
 * numbers. Private, pure. */
#ifndef WHARF_OMS_SHIPPING_GS1_H
#define WHARF_OMS_SHIPPING_GS1_H

#include "base/base.h"

enum { SSCC_DIGITS = 18, GS1_PREFIX_MIN = 7, GS1_PREFIX_MAX = 10 };

/* The GS1 check digit (mod 10, weights 3 and 1 from the right). */
char gs1_check_digit(const char *digits, size_t count);
/* 7 to 10 digits. */
bool gs1_prefix_is_good(str prefix);
/* How many SSCCs a company prefix has. */
int64_t sscc_space(str prefix);
/* SSCC-18 of that serial number, below sscc_space(). */
void sscc_make(str prefix, int64_t serial, char ret[SSCC_DIGITS]);
bool sscc_is_good(str sscc);

#endif
