/* change_hold.h - orders and lines of them on hold: nothing of them leaves.
 *
 * docs/order-holds.md, docs/states/order_hold.md. A public
 * header of the room, for jobs over many orders.
 */
#ifndef WHARF_OMS_CHANGE_HOLD_H
#define WHARF_OMS_CHANGE_HOLD_H

#include "oms/change/change.h"
#include "oms/order/order.h"
#include "oms/order/order_held.h"

struct machine;
/* Stored as numbers: append, never renumber. */
enum order_hold_state {
    ORDER_HOLD_ACTIVE = 1,
    ORDER_HOLD_RELEASED = 2,
    ORDER_HOLD_EXPIRED = 3
};
enum order_hold_event {
    ORDER_HOLD_EVENT_PLACE = 1,
    ORDER_HOLD_EVENT_RELEASE,
    ORDER_HOLD_EVENT_EXPIRE
};
extern const struct machine order_hold_machine;

struct order_hold {
    order_hold_id id;
    order_id order;
    int64_t line; /* 0: the whole order. */
    enum order_hold_state state;
    enum order_hold_reason reason;
    str note;     /* May be empty. */
    utc_ms until; /* 0: until somebody releases it. */
    int64_t version;
    utc_ms created_at, updated_at;
    struct actor actor; /* Who placed it. */
    int64_t score;      /* Not kept: it is placed by rule; 0: by a person. */
};

MUST_USE err_t order_hold_get(struct ctx *ctx, order_hold_id id,
                              struct order_hold *ret);
MUST_USE err_t order_hold_list(struct ctx *ctx, order_id id,
                               struct order_hold **ret, size_t *ret_count);
struct order_hold_query {
    enum order_hold_state state;
    order_hold_id after;
    size_t limit;
};
MUST_USE err_t order_hold_page(struct ctx *ctx,
                               const struct order_hold_query *query,
                               struct order_hold **ret, size_t *ret_count);
MUST_USE err_t order_hold_insert(struct ctx *ctx,
                                 const struct order_hold *hold);
MUST_USE err_t order_hold_update(struct ctx *ctx, struct order_hold *hold);
MUST_USE err_t order_hold_due(struct ctx *ctx, size_t limit,
                              order_hold_id **ret, size_t *ret_count);
MUST_USE err_t order_hold_next_due(struct ctx *ctx, utc_ms *ret);

MUST_USE err_t order_hold_from_json(struct ctx *ctx, struct json_in *in,
                                    struct order_hold *ret);
enum { ORDER_HOLD_ANY_VERSION = 0 };
/* `version` is the order's, as the caller saw it. ERR_STATE order_over,
 * ERR_INVALID line_unknown. */
MUST_USE err_t order_hold_place(struct ctx *ctx, int64_t version,
                                struct order_hold *hold);
/* `version` is the hold's. */
MUST_USE err_t order_hold_end(struct ctx *ctx, order_hold_id id,
                              int64_t version, enum order_hold_event event,
                              struct order_hold *ret);
void order_hold_write(const struct order_hold *hold, struct json_out *out);

extern const struct route_list order_hold_routes;
extern const struct timer_list order_hold_timers;
extern const struct verify_list order_hold_verify;

#endif
