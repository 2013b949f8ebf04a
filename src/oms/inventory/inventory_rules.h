/* inventory_rules.h - names and pure checks of stock. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_RULES_H
#define WHARF_OMS_INVENTORY_RULES_H

#include "oms/inventory/inventory_command.h"

/* Index + 1 is the value. */
extern const char *const location_type_names[5];
/* Index is the value. */
extern const char *const stock_bucket_names[7];
extern const char *const movement_type_names[6];
/* The buckets people move units between: index into open_buckets. */
enum { OPEN_BUCKETS = 4 };
extern const char *const open_bucket_names[OPEN_BUCKETS];
extern const enum stock_bucket open_buckets[OPEN_BUCKETS];

MUST_USE err_t location_check(struct ctx *ctx, const struct location_cmd *cmd);
MUST_USE err_t adjust_check(struct ctx *ctx, const struct adjust_item *item);
/* The buckets an adjustment moves units between, and how many. */
void adjust_route(const struct adjust_item *item, enum stock_bucket *ret_from,
                  enum stock_bucket *ret_to, int64_t *ret_qty);

#endif
