/* order_wait.h - orders whose units wait: served, pegged, told. Private.
 *
 * The consumer of order_backorder.c puts lines into the queues of
 * inventory_wait.h; the timer "waiting" walks them. docs/waiting.md tells the
 * whole of it.
 */
#ifndef WHARF_OMS_ORDER_WAIT_H
#define WHARF_OMS_ORDER_WAIT_H

#include "oms/inventory/inventory_wait.h"
#include "oms/order/order.h"

struct request;
struct timer_list;

/* Gives free units to who waits first; a bounded part. */
MUST_USE err_t order_serve_turn(struct ctx *ctx, bool *ret_is_more);
/* Pegs queues anew where supply or lines have changed; a bounded part. */
MUST_USE err_t order_peg_turn(struct ctx *ctx, bool *ret_is_more);
/* Tells orders whose promise is another now, and those whose promise was
 * broken, each once; a bounded part. */
MUST_USE err_t order_promise_turn(struct ctx *ctx, bool *ret_is_more);
/* When the next promise is due, or now where anything is left to do. */
MUST_USE err_t order_wait_next_at(struct ctx *ctx, utc_ms *ret);

/* Brings queues and sums up to what these orders wait for now; the consumer
 * does so for every event, who serves orders at once. */
MUST_USE err_t order_backorder_follow(struct ctx *ctx, const order_id *orders,
                                      size_t count);
/* What they were told is to be looked at again: of all that wait, and of
 * others that did. */
MUST_USE err_t order_wait_touch(struct ctx *ctx, const order_id *waiting,
                                size_t waiting_count, const order_id *others,
                                size_t other_count);

/* When all that an order waits for is expected; 0: unknown. */
utc_ms order_promise_of(const struct wait_line *lines, size_t count);
/* A promise as it is shown: null where nobody knows more. */
void order_promise_put(struct json_out *out, const char *key, utc_ms at);

struct order_wait {
    int64_t priority;
    utc_ms promise_at; /* As it was told; 0: unknown. */
};
/* All zero where nothing is kept of it. */
MUST_USE err_t order_wait_get(struct ctx *ctx, order_id id,
                              struct order_wait *ret);
/* The member "waiting" of an order: what of it waits, for what, until when. */
MUST_USE err_t order_wait_write(struct ctx *ctx, const struct order *order,
                                struct json_out *out);

struct order_priority_cmd {
    order_id id;
    int64_t version, priority;
};
/* Serves the order before others of less priority, whatever their age. */
MUST_USE err_t order_set_priority(struct ctx *ctx,
                                  const struct order_priority_cmd *cmd,
                                  struct order *ret);

MUST_USE err_t order_api_backorders(struct ctx *ctx, struct request *req);
MUST_USE err_t order_api_priority(struct ctx *ctx, struct request *req);

extern const struct timer_list order_timers;

#endif
