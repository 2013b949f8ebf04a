/* inventory_transfer_work.h - a transfer while a command is at it. Private to
 * inventory_transfer*.c. */
#ifndef WHARF_OMS_INVENTORY_TRANSFER_WORK_H
#define WHARF_OMS_INVENTORY_TRANSFER_WORK_H

#include "oms/inventory/inventory_transfer_store.h"
#include "oms/inventory/inventory_units.h"

struct transfer_work {
    struct transfer transfer;
    struct transfer_line *lines; /* By n. */
    size_t count;
    struct stock *stock;
    struct stock_held *held; /* What waits at the source. */
    size_t held_count;
    int64_t event_id; /* Of this command; movements name it. */
};

/* Locks the transfer, compares the version, asks the machine and reads the
 * lines. */
MUST_USE err_t transfer_open(struct ctx *ctx, transfer_id id, int64_t version,
                             enum transfer_event event,
                             struct transfer_work *ret);
/* Locks levels of all its SKUs, those at the other end made where `makes`;
 * reads what waits at the source. */
MUST_USE err_t transfer_lock_stock(struct ctx *ctx, bool makes,
                                   struct transfer_work *work);
/* Saves transfer, lines and stock and tells what happened. */
MUST_USE err_t transfer_finish(struct ctx *ctx, enum transfer_event event,
                               struct transfer_work *work);
/* The live row of a line, or NULL. */
struct stock_held *transfer_held_of(struct transfer_work *work, int64_t n);

#endif
