/* channel_rules.h - what a channel must be. Private to the room. */
#ifndef WHARF_OMS_CHANNEL_RULES_H
#define WHARF_OMS_CHANNEL_RULES_H

#include "oms/channel/channel.h"

enum { CHANNEL_PREFIX_BYTES = 16, CHANNEL_POSTAL_BYTES = 16 };

/* The names of each enum; index + 1 is the value. */
extern const char *const channel_type_names[6];
extern const char *const tax_mode_names[2];
extern const char *const rounding_names[3];
extern const char *const stock_policy_names[2];
extern const char *const payment_release_names[3];
extern const char *const payment_capture_names[3];
extern const char *const tax_source_names[2];
extern const char *const tax_round_names[2];

MUST_USE err_t channel_check(struct ctx *ctx, const struct channel *channel);
/* What is told of the shop in attributes. */
MUST_USE err_t channel_check_shop(struct ctx *ctx, str attrs);

#endif
