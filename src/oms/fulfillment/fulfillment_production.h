/* fulfillment_production.h - lines that must be made before they are picked.
 * Private to the room.
 *
 * A line is made to order where its own attributes or those of its SKU say
 * "made_to_order": true. It waits from the moment its fulfillment order is
 * there; until it is made no unit of it can be picked.
 */
#ifndef WHARF_OMS_FULFILLMENT_PRODUCTION_H
#define WHARF_OMS_FULFILLMENT_PRODUCTION_H

#include "oms/fulfillment/fulfillment_pick.h"

struct machine;

/* Stored as numbers: append, never renumber. docs/states/production.md */
enum production_status {
    PRODUCTION_WAITING = 1,
    PRODUCTION_IN_PROGRESS,
    PRODUCTION_MADE
};
enum production_event {
    PRODUCTION_EVENT_OPEN = 1,
    PRODUCTION_EVENT_START,
    PRODUCTION_EVENT_MAKE,
    PRODUCTION_EVENT_REOPEN /* Stopped, or made badly. */
};
extern const struct machine production_machine;
enum production_status production_next(enum production_status from,
                                       enum production_event event);
const char *production_status_name(enum production_status status);

struct production {
    order_id order;
    int64_t n; /* The line. */
    sku_id sku;
    location_id location;
    enum production_status status;
    int64_t version;
    utc_ms created_at, updated_at;
};

/* A line somewhere: it gets a row where it is made to order and has none. */
struct production_line {
    order_id order;
    int64_t n;
    location_id location;
};
MUST_USE err_t production_open(struct ctx *ctx,
                               const struct production_line *lines,
                               size_t count);
/* Of many lines; those that are not made to order are left out. */
MUST_USE err_t production_list(struct ctx *ctx,
                               const struct production_line *lines,
                               size_t count, struct production **ret,
                               size_t *ret_count);
struct production_filter {
    enum production_status status; /* 0: all that are not made. */
    struct production_line after;  /* location is not looked at. */
    size_t limit;
};
/* By (order, line). */
MUST_USE err_t production_page(struct ctx *ctx,
                               const struct production_filter *filter,
                               struct production **ret, size_t *ret_count);
/* Moves it to that status at its version. ERR_STATE (units_picked) where what
 * was made is on its way already. */
MUST_USE err_t production_set(struct ctx *ctx,
                              const struct production_line *line,
                              int64_t version, enum production_status status,
                              struct production *ret);
/* ERR_STATE (not_made_yet) unless its units may be picked. */
MUST_USE err_t production_check_made(struct ctx *ctx,
                                     const struct pick_line *line);

#endif
