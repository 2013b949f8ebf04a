/* order_then.h - an order as it was known at an instant.
 *
 * Each event that changes an order carries what it was before, in the member
 * "was": so the log read backwards from the order as it is gives every state
 * it had. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_THEN_H
#define WHARF_OMS_ORDER_THEN_H

#include "oms/order/order.h"

/* A copy whose lines a command may not touch, to be told by order_put_was. */
struct order order_keep(struct arena *arena, const struct order *order);
/* Writes "was" into the event of a change: version, status, and each line
 * whose quantities are others now. */
void order_put_was(struct json_out *out, const struct order *before,
                   const struct order *after);
/* The order after its last event that is not younger than `at`. What no event
 * changes, and who is named in it, is as it is now. ERR_NOT_FOUND, slug
 * not_known_yet, before the first; ERR_STATE, slug past_too_large, where its
 * events are more than LIMIT_EVENTS_BYTES. */
MUST_USE err_t order_get_at(struct ctx *ctx, order_id id, utc_ms at,
                            struct order *ret);

#endif
