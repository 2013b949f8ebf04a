/* fulfillment_pick_handlers.h - the endpoints of picking, as the table of
 * routes lists them. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_HANDLERS_H
#define WHARF_OMS_FULFILLMENT_PICK_HANDLERS_H

#include "base/base.h"

struct request;

MUST_USE err_t api_set_bins(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_bins(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_location_work(struct ctx *ctx, struct request *req);
MUST_USE err_t api_set_location_work(struct ctx *ctx, struct request *req);

MUST_USE err_t api_make_pick_tasks(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_pick_tasks(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_pick_list(struct ctx *ctx, struct request *req);
MUST_USE err_t api_assign_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_start_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_scan_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_short_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_complete_pick_task(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_pick_task(struct ctx *ctx, struct request *req);

MUST_USE err_t api_list_production(struct ctx *ctx, struct request *req);
MUST_USE err_t api_set_production(struct ctx *ctx, struct request *req);

MUST_USE err_t api_list_pickups(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_pickup(struct ctx *ctx, struct request *req);
MUST_USE err_t api_ready_pickup(struct ctx *ctx, struct request *req);
MUST_USE err_t api_extend_pickup(struct ctx *ctx, struct request *req);
MUST_USE err_t api_new_pickup_code(struct ctx *ctx, struct request *req);
MUST_USE err_t api_collect_pickup(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_pickup(struct ctx *ctx, struct request *req);

#endif
