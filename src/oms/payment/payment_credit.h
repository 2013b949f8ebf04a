/* payment_credit.h - gift cards and store credit: money of buyers that Wharf
 * keeps.
 *
 * An account's balance is the sum of its entries, which are only added, and is
 * never below 0. A payment with it debits at once. A public header of the room.
 */
#ifndef WHARF_OMS_PAYMENT_CREDIT_H
#define WHARF_OMS_PAYMENT_CREDIT_H

#include "oms/payment/payment.h"

enum credit_kind { CREDIT_GIFT_CARD = 1, CREDIT_STORE = 2 };
enum credit_entry_kind { /* Stored as numbers: append, never renumber. */
                         CREDIT_ISSUED = 1,
                         CREDIT_ADJUSTED = 2,
                         CREDIT_PAID = 3, /* An order was paid with it. */
                         CREDIT_GIVEN_BACK =
                             4, /* What was paid with it came back. */
                         CREDIT_REFUNDED =
                             5 /* What was paid with another tender. */
};
enum { CREDIT_CODE_BYTES = 19, LIMIT_CREDIT_ENTRIES = 100 /* Shown. */ };

struct credit_entry {
    int64_t n;
    enum credit_entry_kind kind;
    int64_t amount; /* Below 0: taken. */
    order_id order; /* 0: none, as the next two. */
    payment_id payment;
    refund_id refund;
    str reference;
    utc_ms at;
};
struct credit {
    credit_id id;
    enum credit_kind kind;
    char currency[4];
    int64_t balance;
    str code_end;                   /* The last digits of a gift card's code. */
    customer_id customer;           /* Of store credit. */
    utc_ms expires_at, disabled_at; /* 0: not. */
    int64_t version;
    utc_ms created_at, updated_at;
};

struct gift_card_cmd {
    int64_t amount;
    char currency[4];
    utc_ms expires_at; /* 0: never. */
    str reference;
};
/* *ret_code is the only place where the code is known: "7k3m-…". */
MUST_USE err_t gift_card_issue(struct ctx *ctx, const struct gift_card_cmd *cmd,
                               struct credit *ret, str *ret_code);
/* By its code, however it is written; ERR_NOT_FOUND. */
MUST_USE err_t gift_card_find(struct ctx *ctx, str code, struct credit *ret);
/* No payment takes it from then on; money may still come back to it. */
MUST_USE err_t gift_card_disable(struct ctx *ctx, credit_id id, int64_t version,
                                 struct credit *ret);
MUST_USE err_t credit_get(struct ctx *ctx, credit_id id, struct credit *ret);
/* The latest entries, newest first. */
MUST_USE err_t credit_entries(struct ctx *ctx, credit_id id,
                              struct credit_entry **ret, size_t *ret_count);

struct credit_adjust {
    credit_id id;
    int64_t version;
    int64_t amount; /* Below 0: taken; over_balance names the limit. */
    char currency[4];
    str reference;
};
MUST_USE err_t credit_adjust(struct ctx *ctx, const struct credit_adjust *cmd,
                             struct credit *ret);
/* The store credit of a customer, one account per currency. */
MUST_USE err_t store_credit_list(struct ctx *ctx, customer_id id,
                                 struct credit **ret, size_t *ret_count);
/* Gives, or takes back; the account is made with its first money. */
struct store_credit_cmd {
    customer_id customer;
    int64_t amount;
    char currency[4];
    str reference;
};
MUST_USE err_t store_credit_give(struct ctx *ctx,
                                 const struct store_credit_cmd *cmd,
                                 struct credit *ret);

#endif
