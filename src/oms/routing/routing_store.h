/* routing_store.h - rows of the routing room and what joins its files. */
#ifndef WHARF_OMS_ROUTING_STORE_H
#define WHARF_OMS_ROUTING_STORE_H

#include "oms/routing/routing.h"
#include "oms/routing/routing_told.h"

struct route_list;
struct timer_list;
struct verify_list;

/* The ranking as it was set, locations that do not count now included. */
struct routing_ranking {
    int64_t version; /* 0: none was ever made. */
    location_id *locations;
    size_t count;
    str doc;   /* {"scenarios": …}; empty: the plain list. */
    str brand; /* Whose it is; empty: the channel's. */
};
MUST_USE err_t routing_ranking_get(struct ctx *ctx, channel_id channel,
                                   struct routing_ranking *ret);
/* A brand's, with the ids in its document, too; version 0 where there is none.
 */
MUST_USE err_t routing_brand_get(struct ctx *ctx, str brand,
                                 struct routing_ranking *ret);
/* What a channel that ranks nothing itself goes by: its brand's, or nothing. */
MUST_USE err_t routing_brand_of(struct ctx *ctx, channel_id channel,
                                struct routing_ranking *ret);
/* By brand, those after it. */
MUST_USE err_t routing_brand_page(struct ctx *ctx, str after, size_t limit,
                                  struct routing_ranking **ret,
                                  size_t *ret_count);
/* Whether some channel is of the brand. */
MUST_USE err_t routing_brand_is_known(struct ctx *ctx, str brand, bool *ret);
/* Writes the brand's strategy of cmd under the version after cmd->version. */
MUST_USE err_t routing_brand_save(struct ctx *ctx,
                                  const struct routing_cmd *cmd);
/* Whether it says anything: places or scenarios. */
bool routing_ranking_is_set(const struct routing_ranking *ranking);
/* The version alone, locked for change; 0 where there is none. */
MUST_USE err_t routing_version_lock(struct ctx *ctx, channel_id channel,
                                    int64_t *ret);
/* Writes the ranking of cmd under the version after cmd->version. */
MUST_USE err_t routing_ranking_save(struct ctx *ctx,
                                    const struct routing_cmd *cmd);

/* What is kept in memory is made anew by whoever routes next. */
MUST_USE err_t routing_stamp(struct ctx *ctx);

/* The decisions about an order, oldest first. */
MUST_USE err_t routing_decision_list(struct ctx *ctx, order_id order,
                                     struct routing_record **ret,
                                     size_t *ret_count);

/* "whole_order": stable names in the stored decision. */
const char *routing_rule_name(enum routing_rule rule);
/* A sentence for the rule of that name. */
const char *routing_rule_why(str name);
/* By the number it is stored as; "unknown" for one of a later version. */
const char *routing_outcome_of(int64_t stored);

extern const struct route_list routing_routes;
extern const struct verify_list routing_verify;
extern const struct timer_list routing_timers;

#endif
