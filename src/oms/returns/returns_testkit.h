/* returns_testkit.h - a shop whose goods come back, for tests. */
#ifndef WHARF_OMS_RETURNS_TESTKIT_H
#define WHARF_OMS_RETURNS_TESTKIT_H

#include "base/testing.h"
#include "oms/order/order_pay.h"
#include "oms/returns/returns.h"
#include "oms/shop_testkit.h"

/* Ten SHOEs at A, none at B; GIFT takes no stock. */
int rma_setup(void **state);
int rma_teardown(void **state);
#define SHOP(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rma_setup, rma_teardown)
#define LINE(qty) "{\"line\":1,\"quantity\":" #qty ",\"reason\":\"unwanted\"}"

/* Every invariant holds, those of returns too. */
void rma_sound(struct shop *shop);
/* An order of these lines, placed; units of it picked, packed and shipped. */
order_id rma_shipped(struct shop *shop, const char *key, const char *lines,
                     const char *units);
/* A route of the room; ret (may be NULL) gets the id of the return. */
err_t rma_call(struct shop *shop, const char *operation, const char *id,
               const char *body, struct rma *ret);
struct rma rma_now(struct shop *shop, return_id id);
return_id rma_ask(struct shop *shop, order_id order, const char *items);
/* At the version it has; more: members of the body, ",..." or "". */
err_t rma_step(struct shop *shop, const char *operation, return_id id,
               const char *more);
void rma_policy(struct shop *shop, int version, const char *members);
/* The order is paid in cash. */
void rma_paid(struct shop *shop, order_id order, int amount);
/* What the order is worth and gave back; and all is sound. */
void rma_expect_money(struct shop *shop, order_id id, int64_t total,
                      int64_t refunded);

#endif
