/* change_edit_stock.h - between the commands of changes and what becomes of
 * units. Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_EDIT_STOCK_H
#define WHARF_OMS_CHANGE_EDIT_STOCK_H

#include "oms/change/change_edit.h"

/* On the locked order of look->work; ERR_STATE order_not_changeable. */
MUST_USE err_t edit_work_out(struct ctx *ctx, struct edit *edit,
                             struct edit_outlook *look);
/* ERR_STATE units_in_work: somebody has units that are to be given up. */
MUST_USE err_t edit_check_hands(struct ctx *ctx, const struct edit_plan *plan);
/* Saves what was worked out. ERR_STATE units_in_work; ERR_CONFLICT
 * out_of_stock. */
MUST_USE err_t edit_carry_out(struct ctx *ctx, struct edit_outlook *look,
                              const struct order_note *note);

#endif
