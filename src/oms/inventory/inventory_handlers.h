/* inventory_handlers.h - endpoints of this room that stand in a file of their
 * own. Private to it. */
#ifndef WHARF_OMS_INVENTORY_HANDLERS_H
#define WHARF_OMS_INVENTORY_HANDLERS_H

#include "base/base.h"

struct request;

MUST_USE err_t api_create_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_locations(struct ctx *ctx, struct request *req);

#endif
