/* fulfillment_pick_page.h - pick tasks with what their ids stand for. Private
 * to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_PAGE_H
#define WHARF_OMS_FULFILLMENT_PICK_PAGE_H

#include "base/map.h"
#include "oms/catalog/catalog.h"
#include "oms/fulfillment/fulfillment_pick_work.h"
#include "oms/fulfillment/fulfillment_production.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_pick.h"
#include "oms/order/order_pick.h"

/* The day of a lot that does not expire. */
#define NO_EXPIRY ((int64_t)4000000)

/* Tasks with what their ids stand for. */
struct pick_page {
    const struct pick_task *tasks;
    size_t count;
    struct pick_line *lines;
    size_t line_count;
    struct pick_unit *units;
    size_t unit_count, next_unit;
    struct codes codes;
    struct map *texts;     /* By (order, line): struct order_line_text. */
    struct map *handling;  /* By SKU: struct sku_handling. */
    struct map *lots;      /* By id: struct lot_name. */
    struct map *making;    /* By (order, line): struct production. */
    struct map *deadlines; /* By task: utc_ms. */
};
/* When what a task walks for has to be gone, the first of it; 0: no time. */
utc_ms pick_deadline_of(const struct pick_page *page, pick_task_id task);
/* Reads lines, codes of locations and deadlines, with tasks and count given. */
MUST_USE err_t pick_page_read_heads(struct ctx *ctx, struct pick_page *page);
/* The same and the rest. */
MUST_USE err_t pick_page_read(struct ctx *ctx, struct pick_page *page);

#endif
