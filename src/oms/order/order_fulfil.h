/* order_fulfil.h - units of an order on their way: allocated, picked, shipped.
 *
 * What the rooms above do with units they do on a locked order in memory;
 * order_note saves it with its event. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_FULFIL_H
#define WHARF_OMS_ORDER_FULFIL_H

#include "oms/order/order.h"
#include "oms/routing/routing_request.h"

enum order_fulfil_move {
    ORDER_ALLOCATE = 1, /* unallocated, then backordered -> allocated. */
    ORDER_UNALLOCATE,   /* allocated -> unallocated. */
    ORDER_BACKORDER,    /* unallocated -> backordered. */
    ORDER_PICK,         /* allocated -> picked. */
    ORDER_UNPICK,       /* picked -> allocated. */
    ORDER_SHIP,         /* picked -> shipped. */
    ORDER_SERVE         /* backordered -> allocated. */
};
/* Moves units of line n in memory; reservations are the caller's. ERR_STATE
 * (order_not_open) unless the order is confirmed, ERR_INVALID line_unknown, or
 * over_picked, over_shipped, ... naming how many there are. */
MUST_USE err_t order_fulfil(struct ctx *ctx, struct order *order,
                            enum order_fulfil_move move, int64_t n,
                            int64_t qty);
/* Shipped units of line n arrived, in memory; also of a completed order.
 * ERR_INVALID line_unknown, over_delivered. */
MUST_USE err_t order_deliver(struct ctx *ctx, struct order *order, int64_t n,
                             int64_t qty);
/* What its parcels say of it, handed down for its status: one of them is in
 * trouble, on its way back, or lost. */
enum { ORDER_DELIVERY_TROUBLE = 1 };

/* What its fulfillment orders say of it, handed down for its status. */
enum {
    ORDER_FULFIL_ON_HOLD = 1,   /* One of them is on hold. */
    ORDER_FULFIL_SCHEDULED = 2, /* One waits for its time. */
    ORDER_FULFIL_STARTED = 4    /* One is in progress elsewhere (3PL). */
};

/* Where its live units are, as their reservations say now. */
MUST_USE err_t order_allocations_read(struct ctx *ctx, struct order *order);
/* The end of a command on a locked order: completes it where no unit is left
 * to do, reads its allocations again, raises the version, saves, and adds the
 * event, which says version, status and what the order was. */
struct order_note {
    const char *type; /* "order.picked" */
    int64_t event_id; /* From event_id(); movements name it. */
    void (*write)(struct json_out *out, const void *arg); /* More; or NULL. */
    const void *arg;
};
MUST_USE err_t order_note(struct ctx *ctx, const struct order *before,
                          struct order *order, const struct order_note *note);

/* What routing and shipping need of an order; strings in the arena. */
struct order_route_facts {
    str country, region, city, postal_code; /* Empty: not known. */
    bool has_point;
    int64_t lat_e6, lon_e6; /* Millionths of a degree. */
    str service;            /* That the buyer chose; empty: none. */
    str incoterm;           /* Who pays duties; empty: not said. */
    str pickup_location;    /* Its code; empty: none is named. */
    enum order_method method;
    utc_ms fulfil_at; /* Not before; 0: at once. */
};
enum order_method order_method_of(str name); /* Else ORDER_SHIPPED. */
const char *order_method_name(enum order_method method);
MUST_USE err_t order_destination(struct ctx *ctx, const struct order *order,
                                 struct order_route_facts *ret);
/* Before when a line does not leave: its own day, else `of_order`, the order's.
 */
MUST_USE err_t order_line_day(struct ctx *ctx, const struct order_line *line,
                              utc_ms of_order, utc_ms *ret);

/* A line that is not sent from there again: its units were not found, or who
 * keeps them said no. A person may lift that. */
struct order_bar {
    order_id order;
    int64_t n;
    location_id location;
};
MUST_USE err_t order_bar_add(struct ctx *ctx, const struct order_bar *bars,
                             size_t count);
MUST_USE err_t order_bar_drop(struct ctx *ctx, order_id order,
                              location_id location);
MUST_USE err_t order_bar_list(struct ctx *ctx, const order_id *orders,
                              size_t count, struct order_bar **ret,
                              size_t *ret_count);

/* Lines from `first` on do not leave until their gate is lifted; which do not.
 * Their units are reserved all the same. */
MUST_USE err_t order_gate_add(struct ctx *ctx, order_id order, int64_t first,
                              int64_t count);
MUST_USE err_t order_gate_drop(struct ctx *ctx, order_id order, int64_t first,
                               int64_t count);
MUST_USE err_t order_gate_list(struct ctx *ctx, order_id order, int64_t **ret,
                               size_t *ret_count);

/* What the router is told of a stored order that is routed again: as when it
 * was placed, but for lines, stock and loads. */
struct order_ask {
    struct routing_request request;
    bool is_pinned; /* It is picked up: */
    location_id at; /* there; 0: at a place that is no more. */
};
MUST_USE err_t order_route_ask(struct ctx *ctx, const struct order *order,
                               const struct routing_strategy *strategy,
                               struct order_ask *ret);
/* Gives lines what the strategy's filters ask of their SKUs. */
MUST_USE err_t order_route_ask_lines(struct ctx *ctx,
                                     const struct routing_strategy *strategy,
                                     struct routing_line *lines, size_t count);

/* Once its units ship from elsewhere: takes capacity where there are more of
 * them and gives it back where there are fewer, and promises anew. order_note
 * does it for order.allocated and order.unallocated. */
MUST_USE err_t order_route_follow(struct ctx *ctx, const struct order *before,
                                  const struct order *after);
/* Gives back the capacity of locations that `after` takes fewer units from
 * than `before` (cancelled or routed elsewhere, not shipped). */
MUST_USE err_t order_give_back(struct ctx *ctx, const struct order *before,
                               const struct order *after);

/* May its units leave? It is confirmed; where the channel asks for it, the
 * money that is promised or taken covers what is left of it. */
bool order_is_releasable(enum order_status status, int64_t total_now,
                         const struct order_pay *pay,
                         enum payment_release rule);
MUST_USE err_t order_may_leave(struct ctx *ctx, const struct order *order,
                               bool *ret);

#endif
