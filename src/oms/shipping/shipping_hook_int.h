/* shipping_hook_int.h - parked facts, for the rest of the room. Private. */
#ifndef WHARF_OMS_SHIPPING_HOOK_INT_H
#define WHARF_OMS_SHIPPING_HOOK_INT_H

#include "oms/shipping/carrier.h"
#include "oms/shipping/shipping_hook.h"

/* What a carrier told waits for its parcels. */
MUST_USE err_t fact_park(struct ctx *ctx, carrier_account_id account,
                         const struct carrier_outcome *outcome,
                         utc_ms received_at);
/* A parcel has that number now: what is parked for it is due. */
MUST_USE err_t fact_wake(struct ctx *ctx, carrier_account_id account,
                         str tracking);
/* When facts are next due, 0: none wait. */
MUST_USE err_t fact_next_at(struct ctx *ctx, utc_ms *ret);
/* Drops what is old: messages after a week, facts nobody took after 30 days. */
MUST_USE err_t hook_sweep(struct ctx *ctx, bool *ret_is_more);

#endif
