/* payment_account.h - accounts with gateways. Private to the room. */
#ifndef WHARF_OMS_PAYMENT_ACCOUNT_H
#define WHARF_OMS_PAYMENT_ACCOUNT_H

#include "oms/ids.h"
#include "oms/payment/gateway.h"

enum { RENEW_HOURS_MAX = 720, RENEW_HOURS = 24 };
struct pay_account {
    gateway_account_id id;
    str code, name;
    const struct gateway *gateway;
    str settings; /* JSON object. */
    str sealed;   /* The secret as stored; empty: none. */
    bool is_active;
    int64_t renew_hours; /* So long before it ends a promise is renewed; 0:
                            never. */
    int64_t version;
    utc_ms created_at, updated_at;
};
MUST_USE err_t pay_account_get(struct ctx *ctx, gateway_account_id id,
                               struct pay_account *ret);
MUST_USE err_t pay_account_page(struct ctx *ctx, gateway_account_id after,
                                size_t limit, struct pay_account **ret,
                                size_t *ret_count);
/* By code, active; ERR_INVALID (account_unknown) where there is none. */
MUST_USE err_t pay_account_by_code(struct ctx *ctx, str code,
                                   struct pay_account *ret);
/* A new one where its id is 0, else at its version, which it raises. secret: a
 * new one to be sealed, or STR_NONE: it stays. */
MUST_USE err_t pay_account_save(struct ctx *ctx, struct pay_account *account,
                                str secret);
/* As its gateway's functions want it, its secret opened. */
MUST_USE err_t pay_account_open(struct ctx *ctx,
                                const struct pay_account *account,
                                struct gateway_account *ret);

#endif
