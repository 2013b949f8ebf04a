/* inventory_transfer_store.h - rows of transfers. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_TRANSFER_STORE_H
#define WHARF_OMS_INVENTORY_TRANSFER_STORE_H

#include "oms/inventory/inventory_transfer.h"

MUST_USE err_t transfer_get(struct ctx *ctx, transfer_id id,
                            struct transfer *ret);
MUST_USE err_t transfer_lock(struct ctx *ctx, transfer_id id,
                             struct transfer *ret);
/* Newest first; state 0: any. */
MUST_USE err_t transfer_page(struct ctx *ctx, enum transfer_state state,
                             transfer_id before, size_t limit,
                             struct transfer **ret, size_t *ret_count);
MUST_USE err_t transfer_add(struct ctx *ctx, const struct transfer *row);
/* At its version, which it raises. */
MUST_USE err_t transfer_save(struct ctx *ctx, struct transfer *row);
/* Of many transfers, newest first, by n. */
MUST_USE err_t transfer_line_list(struct ctx *ctx, const transfer_id *ids,
                                  size_t count, struct transfer_line **ret,
                                  size_t *ret_count);
MUST_USE err_t transfer_line_save(struct ctx *ctx,
                                  const struct transfer_line *lines,
                                  size_t count);
/* Drops lines after number n. */
MUST_USE err_t transfer_line_drop(struct ctx *ctx, transfer_id id, int64_t n);
/* Of many transfers, newest first, by (n, lot). */
MUST_USE err_t transfer_lot_list(struct ctx *ctx, const transfer_id *ids,
                                 size_t count, struct transfer_lot **ret,
                                 size_t *ret_count);
MUST_USE err_t transfer_lot_save(struct ctx *ctx,
                                 const struct transfer_lot *lots, size_t count);
/* Numbered units of these lines that were not received are gone. */
MUST_USE err_t transfer_units_lost(struct ctx *ctx,
                                   const struct transfer_line *lines,
                                   size_t count);
/* Whether units of the SKU are in transit. */
MUST_USE err_t transfer_is_moving(struct ctx *ctx, sku_id sku, bool *ret);

#endif
