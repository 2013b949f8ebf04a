/* payment_store.h - rows of the payment room and what joins its files. */
#ifndef WHARF_OMS_PAYMENT_STORE_H
#define WHARF_OMS_PAYMENT_STORE_H

#include "oms/payment/payment.h"

struct json_out;
struct route_list;
struct verify_list;
struct sql_rows;

void payment_write(struct json_out *out, const struct payment *pay);
void payment_from_row(const struct sql_rows *rows, size_t row,
                      struct payment *ret);
/* Without its transactions and calls. */
MUST_USE err_t payment_row(struct ctx *ctx, payment_id id, struct payment *ret);
MUST_USE err_t payment_read_transactions(struct ctx *ctx, struct payment *pay);
/* payment_call.c */
MUST_USE err_t payment_read_calls(struct ctx *ctx, struct payment *pay);
/* payment_dispute.c; of a payment whose transactions were read. */
MUST_USE err_t payment_read_disputes(struct ctx *ctx, struct payment *pay);
MUST_USE err_t payment_insert(struct ctx *ctx, const struct payment *payment);
/* At payment->version, which it raises. */
MUST_USE err_t payment_save(struct ctx *ctx, struct payment *payment);
MUST_USE err_t payment_add_transaction(struct ctx *ctx, payment_id id,
                                       const struct payment_transaction *tx);

extern const struct route_list payment_routes;
extern const struct verify_list payment_verify;

#endif
