/* payment_handlers.h - the endpoints of the room, for its table of routes. */
#ifndef WHARF_OMS_PAYMENT_HANDLERS_H
#define WHARF_OMS_PAYMENT_HANDLERS_H

#include "base/base.h"

struct request;
struct route_list;
struct timer_list;
struct verify_list;

MUST_USE err_t api_list_gateways(struct ctx *ctx, struct request *req);
MUST_USE err_t api_create_gateway_account(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_gateway_accounts(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_gateway_account(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_gateway_account(struct ctx *ctx, struct request *req);
MUST_USE err_t api_judge_gateway_hook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_take_gateway_hook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_gateway_events(struct ctx *ctx, struct request *req);
MUST_USE err_t api_retry_gateway_event(struct ctx *ctx, struct request *req);

extern const struct route_list gateway_routes;
extern const struct timer_list gateway_timers;
extern const struct verify_list gateway_verify;

#endif
