/* inventory_expected.h - rows of what is expected to come in. Private.
 *
 * Whoever changes a row has locked the levels of its SKU before, and moves
 * `incoming` of its level by what changes in what is open.
 */
#ifndef WHARF_OMS_INVENTORY_EXPECTED_H
#define WHARF_OMS_INVENTORY_EXPECTED_H

#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_supply.h"

/* Units that are not there yet and still awaited. */
int64_t supply_open(const struct supply *supply);
/* What may still come in, with the tolerance that was declared. */
int64_t supply_room(const struct supply *supply);
/* Changes quantities and with them state and `incoming` of the level. */
void supply_apply(struct stock *stock, struct supply *supply, int64_t qty,
                  int64_t received);
void supply_end(struct stock *stock, struct supply *supply);

MUST_USE err_t supply_add(struct ctx *ctx, const struct supply *rows,
                          size_t count);
/* At their versions, which it raises. */
MUST_USE err_t supply_save(struct ctx *ctx, struct supply *rows, size_t count);

#endif
