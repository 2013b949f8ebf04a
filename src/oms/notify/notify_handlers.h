/* notify_handlers.h - the endpoints of this room, as notify_api.c lists them.
 * Private to it. */
#ifndef WHARF_OMS_NOTIFY_HANDLERS_H
#define WHARF_OMS_NOTIFY_HANDLERS_H

#include "base/base.h"

struct request;

MUST_USE err_t api_create_webhook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_webhooks(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_webhook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_webhook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_delete_webhook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_rotate_webhook_secret(struct ctx *ctx, struct request *req);
MUST_USE err_t api_ping_webhook(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_deliveries(struct ctx *ctx, struct request *req);
MUST_USE err_t api_replay_delivery(struct ctx *ctx, struct request *req);
MUST_USE err_t api_replay_webhook(struct ctx *ctx, struct request *req);

#endif
