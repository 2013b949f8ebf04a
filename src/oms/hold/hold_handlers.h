/* hold_handlers.h - the endpoints of drops, as hold_api.c lists them. Private
 * to the room. */
#ifndef WHARF_OMS_HOLD_HANDLERS_H
#define WHARF_OMS_HOLD_HANDLERS_H

#include "base/base.h"

struct request;

MUST_USE err_t api_create_drop(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_drops(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_drop(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_drop(struct ctx *ctx, struct request *req);
MUST_USE err_t api_join_drop(struct ctx *ctx, struct request *req);
MUST_USE err_t api_leave_drop(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_waiting(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_waiting(struct ctx *ctx, struct request *req);

#endif
