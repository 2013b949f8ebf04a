/* inventory_age.h - how old stock is and how soon it expires, for who routes.
 *
 * Known of units in lots: a level is as old as the first of its lots came, and
 * expires as its first lot does. Expired lots and units that are damaged, held
 * or looked at do not count.
 */
#ifndef WHARF_OMS_INVENTORY_AGE_H
#define WHARF_OMS_INVENTORY_AGE_H

#include "oms/inventory/inventory.h"

struct stock_age {
    int64_t came_on;    /* Day since 1970. */
    int64_t expires_on; /* Day; LOT_NEVER: it never does. */
};
/* Reads it for all SKUs that were locked; once, however often it is called. */
MUST_USE err_t stock_ages_read(struct ctx *ctx, struct stock *stock);
/* NULL: no lot of it is there, or nobody asked for ages. */
const struct stock_age *stock_age_of(const struct stock *stock,
                                     const struct stock_level *level);

#endif
