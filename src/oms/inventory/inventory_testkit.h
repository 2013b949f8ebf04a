/* inventory_testkit.h - a small stall for tests of stock. */
#ifndef WHARF_OMS_INVENTORY_TESTKIT_H
#define WHARF_OMS_INVENTORY_TESTKIT_H

#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory.h"
#include "oms/room_testkit.h"

/* A store with the SKU "TEA" (10 units at "here", none at "there") and the
 * untracked SKU "WRAP". */
struct stall {
    struct testkit *kit;
    struct sku sku, untracked;
    location_id here, there;
};

struct stall stall_open(void);
/* Closes a store in which every invariant must hold (ASSERT). */
void stall_close(struct stall *stall);
/* The level of TEA there (ASSERT). */
struct stock_level stall_level(struct stall *stall, location_id at);

struct stall_take {
    struct stall *stall;
    int64_t order, each;
    int times;
};
/* A testkit_fn: commits `each` units of TEA at "here" `times` times for one
 * order, all in one batch, or fails with ERR_STATE where they do not fit. */
err_t stall_take(struct ctx *ctx, void *arg);
/* An event for what a test does below the commands. */
err_t stall_event(struct ctx *ctx, int64_t *ret);

#endif
