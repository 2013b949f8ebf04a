/* shipping_sscc.h - the next SSCC of a company prefix. Private. */
#ifndef WHARF_OMS_SHIPPING_SSCC_H
#define WHARF_OMS_SHIPPING_SSCC_H

#include "base/base.h"

/* 18 digits, never given out before. */
MUST_USE err_t sscc_next(struct ctx *ctx, str prefix, str *ret);

#endif
