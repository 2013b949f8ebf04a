/* fulfillment_handlers.h - the endpoints of this room, as fulfillment_api.c
 * lists them. Private to it. */
#ifndef WHARF_OMS_FULFILLMENT_HANDLERS_H
#define WHARF_OMS_FULFILLMENT_HANDLERS_H

#include "oms/fulfillment/fulfillment_command.h"

struct request;

MUST_USE err_t api_open_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_hold_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_release_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_move_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_split_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_merge_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_ship_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_submit_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_accept_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_reject_fulfillment(struct ctx *ctx, struct request *req);
MUST_USE err_t api_request_cancellation(struct ctx *ctx, struct request *req);
MUST_USE err_t api_accept_cancellation(struct ctx *ctx, struct request *req);
MUST_USE err_t api_reject_cancellation(struct ctx *ctx, struct request *req);

#endif
