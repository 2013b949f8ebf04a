/* inventory_tell.h - the events that tell of moved units. Private. */
#ifndef WHARF_OMS_INVENTORY_TELL_H
#define WHARF_OMS_INVENTORY_TELL_H

#include "oms/inventory/inventory_stock.h"
#include "store/event.h"

/* The event of one move of a level, about its SKU; its id is the move's. */
struct event stock_event(struct ctx *ctx, const char *type,
                         const struct stock_level *level,
                         const struct stock_move *move);
/* "rcp_…" of what a movement refers to; empty for REF_NONE. In the arena. */
str ref_text(struct arena *arena, enum ref_kind kind, int64_t id);

#endif
