/* routing_handlers.h - handlers that routing_api.c lists. Private. */
#ifndef WHARF_OMS_ROUTING_HANDLERS_H
#define WHARF_OMS_ROUTING_HANDLERS_H

#include "base/base.h"

struct request;

err_t api_get_channel(struct ctx *ctx, struct request *req);
err_t api_set_channel(struct ctx *ctx, struct request *req);
err_t api_list_brands(struct ctx *ctx, struct request *req);
err_t api_get_brand(struct ctx *ctx, struct request *req);
err_t api_set_brand(struct ctx *ctx, struct request *req);
err_t api_get_site(struct ctx *ctx, struct request *req);
err_t api_set_site(struct ctx *ctx, struct request *req);
err_t api_list_sites(struct ctx *ctx, struct request *req);
err_t api_get_markets(struct ctx *ctx, struct request *req);
err_t api_set_markets(struct ctx *ctx, struct request *req);
err_t api_get_zones(struct ctx *ctx, struct request *req);
err_t api_set_zones(struct ctx *ctx, struct request *req);
err_t api_get_services(struct ctx *ctx, struct request *req);
err_t api_set_services(struct ctx *ctx, struct request *req);
err_t api_get_transit(struct ctx *ctx, struct request *req);
err_t api_set_transit(struct ctx *ctx, struct request *req);
err_t api_get_rates(struct ctx *ctx, struct request *req);
err_t api_set_rates(struct ctx *ctx, struct request *req);
err_t api_list_points(struct ctx *ctx, struct request *req);
err_t api_set_points(struct ctx *ctx, struct request *req);

#endif
