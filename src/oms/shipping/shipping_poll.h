/* shipping_poll.h - parcels that are asked after. Private to the room.
 *
 * A label that is bought begins a call of CARRIER_TRACK where its account is to
 * be asked. After each answer, also a no, the same call waits for its next
 * turn; it ends when the parcel arrived, the label is void, or 60 days after.
 * What is told is parked, as of a webhook (shipping_hook.h).
 */
#ifndef WHARF_OMS_SHIPPING_POLL_H
#define WHARF_OMS_SHIPPING_POLL_H

#include "oms/shipping/shipping_label.h"

MUST_USE err_t poll_begin(struct ctx *ctx, const struct label *label);
MUST_USE err_t poll_is_over(struct ctx *ctx, const struct call *call,
                            const struct account *account, bool *ret);
/* It answered, or refused to. */
MUST_USE err_t poll_outcome(struct ctx *ctx, struct call *call,
                            const struct carrier_outcome *outcome);

#endif
