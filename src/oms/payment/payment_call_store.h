/* payment_call_store.h - rows of what gateways are asked. Private to the room.
 */
#ifndef WHARF_OMS_PAYMENT_CALL_STORE_H
#define WHARF_OMS_PAYMENT_CALL_STORE_H

#include "oms/payment/payment_call.h"

/* A new one, wanted now; `row` says which and gets the rest. ERR_CONFLICT where
 * that step is under way. */
MUST_USE err_t payment_call_want(struct ctx *ctx, struct payment_call *row);
MUST_USE err_t payment_call_get(struct ctx *ctx, gateway_call_id id,
                                struct payment_call *ret);
MUST_USE err_t payment_call_lock(struct ctx *ctx, gateway_call_id id,
                                 struct payment_call *ret);
/* Moves and saves; ERR_STATE where the move is refused. */
MUST_USE err_t payment_call_move(struct ctx *ctx, struct payment_call *row,
                                 enum call_event event);
MUST_USE err_t payment_call_save(struct ctx *ctx,
                                 const struct payment_call *row);
/* What may still be done for a payment is overtaken. */
MUST_USE err_t payment_call_overtake(struct ctx *ctx, payment_id id);

/* Whether it may be of that payment: in its currency, or in none. */
bool payment_is_of(const struct payment *pay, const struct gateway_fact *fact);
/* What a gateway says of a payment, each thing once. Its order is open.
 * is_all: it is all that the gateway knows, so that nothing of the time before
 * a restore is missing from then on. */
MUST_USE err_t payment_learn(struct ctx *ctx, struct payment *pay,
                             const struct gateway_fact *facts, size_t count,
                             bool is_all);

#endif
