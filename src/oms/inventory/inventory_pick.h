/* inventory_pick.h - what a picker asks of stock: which lots to take, whether
 * these very units may be taken, who counts what was not there.
 *
 * A public header of the room. Nothing here moves a unit.
 */
#ifndef WHARF_OMS_INVENTORY_PICK_H
#define WHARF_OMS_INVENTORY_PICK_H

#include "oms/inventory/inventory_command.h"

struct level_at {
    sku_id sku;
    location_id location;
};

/* What a SKU asks of its units. */
struct unit_rule {
    sku_id sku;
    bool is_lot, is_serial;
};
/* Of many SKUs; those that ask for nothing are left out. */
MUST_USE err_t inventory_unit_rules(struct ctx *ctx, const sku_id *skus,
                                    size_t count, struct unit_rule **ret,
                                    size_t *ret_count);

/* A lot with units at a location. */
struct fefo_lot {
    lot_id lot;
    str code;
    int64_t expires_on; /* A day; 4000000: never. */
    int64_t loose;
};
enum fefo { FEFO_GOOD = 1, FEFO_ANY };
/* First expired first; lots of one day by age. FEFO_GOOD: those with loose
 * units that are not expired there. */
MUST_USE err_t inventory_fefo(struct ctx *ctx, const struct level_at *at,
                              enum fefo which, struct fefo_lot **ret,
                              size_t *ret_count);
/* Numbers of loose units of the lot (0: none) there. */
MUST_USE err_t inventory_loose_serials(struct ctx *ctx,
                                       const struct level_at *at, lot_id lot,
                                       str **ret, size_t *ret_count);
struct lot_name {
    lot_id lot;
    str code;
    int64_t expires_on;
};
/* Of many lots; 0 is left out. */
MUST_USE err_t inventory_lot_names(struct ctx *ctx, const lot_id *ids,
                                   size_t count, struct lot_name **ret,
                                   size_t *ret_count);

/* Units somebody holds in the hand. */
struct unit_taking {
    sku_id sku;
    location_id location;
    int64_t qty;
    struct unit_names names;
};
/* Whether they may leave there: lot and serial numbers named as the SKU asks,
 * there, loose and of no expired lot. *ret_lot (0: none) and how many units of
 * it are loose there. Fails with field "lot" or "serials". */
MUST_USE err_t inventory_may_take(struct ctx *ctx,
                                  const struct unit_taking *taking,
                                  lot_id *ret_lot, int64_t *ret_loose);

/* Opens a cycle count of tracked SKUs that a pick task did not find. */
struct stock_missed {
    pick_task_id task;
    location_id location;
    const sku_id *skus;
    size_t count;
};
MUST_USE err_t inventory_ask_count(struct ctx *ctx,
                                   const struct stock_missed *missed,
                                   count_id *ret);

#endif
