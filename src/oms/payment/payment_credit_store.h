/* payment_credit_store.h - accounts and entries, and how payments move them.
 * Private to the room. */
#ifndef WHARF_OMS_PAYMENT_CREDIT_STORE_H
#define WHARF_OMS_PAYMENT_CREDIT_STORE_H

#include "oms/payment/payment_credit.h"

struct sql_rows;

MUST_USE err_t credit_insert(struct ctx *ctx, const struct credit *credit,
                             str code_hash);
MUST_USE err_t credit_lock(struct ctx *ctx, credit_id id, struct credit *ret);
MUST_USE err_t credit_find_code(struct ctx *ctx, str code_hash, bool *ret_found,
                                struct credit *ret);
MUST_USE err_t credit_find_customer(struct ctx *ctx, customer_id id,
                                    const char *currency, bool *ret_found,
                                    struct credit *ret);
/* What its balance would be after it; refused as credit_add would be. */
MUST_USE err_t credit_sum(struct ctx *ctx, const struct credit *credit,
                          int64_t amount, int64_t *ret);
/* An entry more of a locked account, with its event; ERR_INVALID over_balance
 * names what there is. */
MUST_USE err_t credit_add(struct ctx *ctx, struct credit *credit,
                          struct credit_entry entry);
/* Writes the event of a change that moves no money. */
MUST_USE err_t credit_tell(struct ctx *ctx, const struct credit *credit,
                           const char *what, int64_t amount, order_id order);
MUST_USE err_t credit_save_disabled(struct ctx *ctx, struct credit *credit);

/* What a transaction of a payment with credit does to its account. */
MUST_USE err_t credit_follow(struct ctx *ctx, const struct payment *pay,
                             const struct payment_transaction *tx);
/* Whether the account that it paid from may get so much again. */
MUST_USE err_t credit_check_room(struct ctx *ctx, const struct payment *pay,
                                 int64_t amount);
/* The account that a new payment debits: it must be there, of that currency,
 * and neither over nor disabled. */
MUST_USE err_t credit_for_payment(struct ctx *ctx,
                                  const struct payment_cmd *cmd,
                                  credit_id *ret);
/* What a refund gives as store credit instead. */
MUST_USE err_t credit_from_refund(struct ctx *ctx, customer_id customer,
                                  const char *currency,
                                  struct credit_entry entry);

#endif
