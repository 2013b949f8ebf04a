/* inventory_wait_int.h - what joins the files about waiting. Private. */
#ifndef WHARF_OMS_INVENTORY_WAIT_INT_H
#define WHARF_OMS_INVENTORY_WAIT_INT_H

#include "oms/inventory/inventory_wait.h"

/* Asks for turns, in the order of their SKUs; sorts them. One of a SKU that
 * repeats begins where the first of them does. */
MUST_USE err_t wait_wake(struct ctx *ctx, struct wait_turn *turns,
                         size_t count);
/* Supply was announced, moved, came or will not come. */
MUST_USE err_t supply_tell_moved(struct ctx *ctx, const struct supply *rows,
                                 size_t count);

/* Supply as pegging sees it. */
struct peg_supply {
    supply_id id;
    location_id location;
    int64_t left; /* Not pegged yet. */
    utc_ms at;
};
/* Pure: gives lines, in their order, units of supply, the earliest first that
 * serves them. ret has room for lines + supplies; lines get their promise.
 * Supply 0 serves components of kits alone. */
size_t peg_match(struct wait_line *lines, size_t count,
                 struct peg_supply *supplies, size_t supply_count,
                 const struct peg_rule *rule, struct peg *ret);

#endif
