/* inventory_rules.h - names and pure checks of stock. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_RULES_H
#define WHARF_OMS_INVENTORY_RULES_H

#include "oms/inventory/inventory_command.h"

struct machine;

/* Index + 1 is the value. */
extern const char *const location_type_names[5];
/* Index is the value. */
extern const char *const stock_bucket_names[7];
extern const char *const movement_type_names[16];
/* The buckets people move units between: index into open_buckets. */
enum { OPEN_BUCKETS = 4 };
extern const char *const open_bucket_names[OPEN_BUCKETS];
extern const enum stock_bucket open_buckets[OPEN_BUCKETS];

/* What happens to a reservation. */
enum reservation_event {
    RESERVATION_EVENT_HOLD = 1, /* A soft hold is made. */
    RESERVATION_EVENT_COMMIT,   /* Units are promised to their owner. */
    RESERVATION_EVENT_RELEASE,  /* All of its units go back. */
    RESERVATION_EVENT_EXPIRE,
    RESERVATION_EVENT_CONSUME, /* Its units leave the house. */
    RESERVATION_EVENT_MOVE     /* A successor takes over what is left. */
};
extern const struct machine reservation_machine;
/* The next state, or 0 where the move is forbidden; from 0: a new row. */
enum reservation_state reservation_next(enum reservation_state from,
                                        enum reservation_event event);
const char *reservation_state_name(enum reservation_state state);

MUST_USE err_t location_check(struct ctx *ctx, const struct location_cmd *cmd);
MUST_USE err_t adjust_check(struct ctx *ctx, const struct adjust_item *item);
/* The buckets an adjustment moves units between, and how many. */
void adjust_route(const struct adjust_item *item, enum stock_bucket *ret_from,
                  enum stock_bucket *ret_to, int64_t *ret_qty);

#endif
