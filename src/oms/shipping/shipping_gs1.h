/* shipping_gs1.h - SSCC-18 of a company prefix. Private, pure. */
#ifndef WHARF_OMS_SHIPPING_GS1_H
#define WHARF_OMS_SHIPPING_GS1_H

#include "base/base.h"

enum { SSCC_DIGITS = 18, GS1_PREFIX_MIN = 7, GS1_PREFIX_MAX = 10 };

/* 7 to 10 digits. */
bool gs1_prefix_is_good(str prefix);
/* How many SSCCs a company prefix has. */
int64_t sscc_space(str prefix);
/* SSCC-18 of that serial number, below sscc_space(). */
void sscc_make(str prefix, int64_t serial, char ret[SSCC_DIGITS]);

#endif
