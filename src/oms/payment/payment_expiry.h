/* payment_expiry.h - promises that run out. Private to the room. */
#ifndef WHARF_OMS_PAYMENT_EXPIRY_H
#define WHARF_OMS_PAYMENT_EXPIRY_H

#include "base/base.h"

/* One promise that is due is asked for anew, or has lapsed; as room_timer. */
MUST_USE err_t payment_expiry_run(struct ctx *ctx, bool *ret_is_more);
MUST_USE err_t payment_expiry_next_at(struct ctx *ctx, utc_ms *ret);

#endif
