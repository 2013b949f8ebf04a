/* returns_store.h - rows of returns and what joins the files of the room.
 * Private to it. */
#ifndef WHARF_OMS_RETURNS_STORE_H
#define WHARF_OMS_RETURNS_STORE_H

#include "oms/order/order.h"
#include "oms/returns/returns_rules.h"

/* A parcel in which goods come. Stored as numbers. */
enum parcel_state {
    PARCEL_AWAITED = 1,
    PARCEL_MOVING = 2,
    PARCEL_ARRIVED = 3,
    PARCEL_LOST = 4,
    PARCEL_VOIDED = 5
};
struct return_parcel {
    package_id package;
    return_id rma;
    enum parcel_state state;
};
const char *parcel_state_name(enum parcel_state state);
MUST_USE err_t return_parcel_add(struct ctx *ctx, return_id id,
                                 const package_id *packages, size_t count);
/* Of all these returns, by package. */
MUST_USE err_t return_parcel_list(struct ctx *ctx, const struct rma *rmas,
                                  size_t count, struct return_parcel **ret,
                                  size_t *ret_count);
/* Those of many packages; others are left out. */
MUST_USE err_t return_parcel_find(struct ctx *ctx, const package_id *packages,
                                  size_t count, struct return_parcel **ret,
                                  size_t *ret_count);
MUST_USE err_t return_parcel_save(struct ctx *ctx,
                                  const struct return_parcel *parcel);

struct event_list;
struct route_list;
struct timer_list;
struct verify_list;

struct return_filter {
    order_id order;          /* 0: all; then no other filter. */
    location_id location;    /* 0: all; else with a state. */
    enum return_state state; /* 0: any. */
    return_id after;
    size_t limit;
};
/* With lines and units, by id. */
MUST_USE err_t return_page(struct ctx *ctx, const struct return_filter *filter,
                           struct rma **ret, size_t *ret_count);
/* Without lines and units. */
MUST_USE err_t return_head(struct ctx *ctx, return_id id, struct rma *ret);
MUST_USE err_t return_add(struct ctx *ctx, const struct rma *rma);
/* At its version, which it raises; with lines and units. */
MUST_USE err_t return_save(struct ctx *ctx, struct rma *rma);
MUST_USE err_t return_list_due(struct ctx *ctx, size_t limit, return_id **ret,
                               size_t *ret_count);
MUST_USE err_t return_next_due(struct ctx *ctx, utc_ms *ret);
/* A row of a walk over all, without lines and units; then these. */
struct sql_rows;
void return_from_row(const struct sql_rows *rows, size_t row, struct rma *ret);
MUST_USE err_t return_fill(struct ctx *ctx, struct rma *rmas, size_t count);

extern const struct event_list returns_events;
extern const struct route_list returns_routes;
extern const struct timer_list returns_timers;
extern const struct verify_list returns_verify;

#endif
