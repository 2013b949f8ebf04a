/* order_exists.h - whether there is an order, without reading it. A public
 * header of the room. */
#ifndef WHARF_OMS_ORDER_EXISTS_H
#define WHARF_OMS_ORDER_EXISTS_H

#include "base/base.h"
#include "oms/ids.h"

/* Fails with ERR_NOT_FOUND where there is no such order. */
MUST_USE err_t order_check_exists(struct ctx *ctx, order_id id);

#endif
