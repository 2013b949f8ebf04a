/* change.h - the change room: what is altered after an order was placed.
 *
 * It stands on top of order and inventory because its commands move states,
 * stock and quantities in one transaction or not at all. What was placed is
 * never rewritten: cancelled quantities are kept beside the ordered ones.
 */
#ifndef WHARF_OMS_CHANGE_H
#define WHARF_OMS_CHANGE_H

#include "base/base.h"
#include "oms/ids.h"

struct room;
struct order;

struct cancel_line {
    int64_t n;   /* The line, from 1. */
    int64_t qty; /* Units to cancel. */
};
struct cancel_cmd {
    order_id id;
    int64_t version; /* The version the caller saw. */
    str reason;      /* 1 to LIMIT_REASON_BYTES bytes. */
    const struct cancel_line *lines;
    size_t count; /* 0: everything that is not shipped. */
};

/* Cancels units that were not shipped and frees their stock: backordered ones
 * first, then allocated ones, latest reservation first. When nothing is left
 * the order is cancelled, or completed where units had been shipped.
 *
 * On success *ret is the order as stored, in ctx->arena. Fails with
 * ERR_INVALID, ERR_NOT_FOUND, ERR_STALE or ERR_STATE; *ret is then untouched
 * and nothing was written. */
MUST_USE err_t change_cancel(struct ctx *ctx, const struct cancel_cmd *cmd,
                             struct order *ret);

struct tag_cmd {
    order_id id;
    int64_t version; /* Of the order, as the caller saw it. */
    const str *add, *remove;
    size_t add_count, remove_count;
};
/* Puts tags on an order and takes others off it, whatever its status. What is
 * so already changes nothing. ERR_INVALID too_many_tags. */
MUST_USE err_t change_tag(struct ctx *ctx, const struct tag_cmd *cmd,
                          struct order *ret);

/* Makes a SKU a kit of components, or ends that. Fails as kit_set() does, and
 * with ERR_STATE where the SKU has stock (sku_has_stock) or lines of orders
 * wait for it (sku_is_awaited). */
struct kit_cmd;
MUST_USE err_t change_kit(struct ctx *ctx, sku_id id,
                          const struct kit_cmd *cmd);

extern const struct room change_room;
/* Further doors: orders changed after they were placed, orders before, orders
 * on hold, orders scored or written about, goods that come back for others,
 * goods that are sent once more. */
extern const struct room blanket_room, quote_room, edit_room, draft_room,
    order_hold_room, score_room, remark_room, exchange_room, replace_room;

#endif
