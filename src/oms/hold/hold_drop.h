/* hold_drop.h - drops: a SKU sold for a while, so many to each customer.
 *
 * What a customer may hold and buy of a drop is checked in the batch that
 * places holds or orders: the drops of its SKUs are locked, what each customer
 * has is read once, and each command is decided in memory. A second public
 * header of the room, for those who take units: orders.
 */
#ifndef WHARF_OMS_HOLD_DROP_H
#define WHARF_OMS_HOLD_DROP_H

#include "oms/hold/hold.h"

/* A command's wish for units of a SKU that is flagged as a drop's. */
struct drop_want {
    sku_id sku;
    channel_id channel;
    str customer;  /* As the caller names him; empty: not at all. */
    int64_t qty;   /* All of the command's. */
    int64_t had;   /* Of it, what the hold it confirms has. */
    int64_t free;  /* What that hold has in all: it ends with the command. */
    bool is_offer; /* The system's own, to the first in line. */
};

struct drop_batch;
/* Locks the drops of the SKUs that are not over, and reads what the customers
 * have. Before levels are locked. NULL where there is none. */
MUST_USE err_t drop_batch_open(struct ctx *ctx, const struct drop_want *wants,
                               size_t count, struct drop_batch **ret);
/* Whether a drop binds sales of that SKU now. batch may be NULL. */
bool drop_binds(const struct drop_batch *batch, sku_id sku, channel_id channel);
/* What of the wish the cap leaves: qty, or less for an offer. Fails with
 * drop_not_started, customer_missing, waiting_list or customer_cap. */
MUST_USE err_t drop_check(struct ctx *ctx, const struct drop_batch *batch,
                          const struct drop_want *want, int64_t *ret_qty);
/* Notes that the owner has the units, after it was checked. */
void drop_take(struct drop_batch *batch, const struct drop_want *want,
               enum owner_kind kind, int64_t owner_id);
/* Writes the claims. batch may be NULL. */
MUST_USE err_t drop_batch_save(struct ctx *ctx, struct drop_batch *batch);

/* Two references that people would call the same are one customer. */
int64_t drop_customer_key(struct arena *arena, str customer);

#endif
