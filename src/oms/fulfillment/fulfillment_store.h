/* fulfillment_store.h - rows of fulfillment orders and what joins the files of
 * the room. Private to it. */
#ifndef WHARF_OMS_FULFILLMENT_STORE_H
#define WHARF_OMS_FULFILLMENT_STORE_H

#include "oms/fulfillment/fulfillment_rules.h"

/* Those of many orders, with lines, by order and id. */
MUST_USE err_t fulfillment_list_orders(struct ctx *ctx, const order_id *orders,
                                       size_t count, struct fulfillment **ret,
                                       size_t *ret_count);

struct fulfillment_filter {
    location_id location;           /* 0: any; else with a status. */
    enum fulfillment_status status; /* 0: any. */
    enum order_method method;       /* 0: any; with a location only. */
    fulfillment_order_id after;     /* The last that was seen; 0: none. */
    bool is_oldest_first;           /* With a status; else newest first. */
    size_t limit;
};
MUST_USE err_t fulfillment_page(struct ctx *ctx,
                                const struct fulfillment_filter *filter,
                                struct fulfillment **ret, size_t *ret_count);

/* Notes that the command changed it: its version rises once, with one event,
 * the first that was named. */
void fulfillment_touch(struct fulfillment *fo, const char *type);
/* Ends it where nothing is left of it. */
MUST_USE err_t fulfillment_settle(struct ctx *ctx, struct fulfillment *fo);

/* What events say beside the FO or order itself. */
struct fulfillment_saying {
    const char *reason; /* NULL: none. */
    void (*write)(struct json_out *out, const void *arg);
    const void *arg;
};
/* Writes touched and new ones of them with their events. */
MUST_USE err_t fulfillment_save_many(struct ctx *ctx,
                                     struct fulfillment *const *all,
                                     size_t count,
                                     const struct fulfillment_saying *saying);

/* The end of a command: saves FOs, and the order where its units moved
 * (`type` of its event, else NULL) or what FOs say of it is another. */
struct fulfillment_end {
    const char *type;
    int64_t event_id; /* 0: none yet. */
    struct fulfillment_saying saying;
};
MUST_USE err_t fulfillment_finish(struct ctx *ctx,
                                  struct fulfillment_work *work,
                                  const struct fulfillment_end *end);

/* A new one in memory, without lines but with room for those. */
struct fulfillment_key {
    order_id order;
    channel_id channel;
    location_id location;
    enum order_method method;
    utc_ms fulfil_at;
};
struct fulfillment *fulfillment_make(struct ctx *ctx,
                                     const struct fulfillment_key *key,
                                     size_t line_room);
void fulfillment_add_to(struct ctx *ctx, struct fulfillment_work *work,
                        struct fulfillment *fo);
/* Where its line n stands among its lines, or would. */
size_t fulfillment_place_of(const struct fulfillment *fo, int64_t n);
/* Opens what the locked order's live units are not covered by; fulfil_at 0: at
 * once. Its allocations must be those of now. */
MUST_USE err_t fulfillment_cover(struct ctx *ctx,
                                 struct fulfillment_work *work);

/* Sends units of lines elsewhere than `from` (fulfillment_reroute.c), or waits
 * where no location has them; the order is changed in memory, its FOs cover it
 * again. `is_here`: they stand in live rows at `from` and no FO; else they are
 * unallocated. */
struct fulfillment_route {
    const struct fulfillment_units *units;
    size_t count;
    location_id from;
    location_id to; /* A person's choice: all of them there; 0: any. */
    bool is_here;
    bool is_added; /* They are new: where it is picked up, they go there. */
    bool bars;     /* Its lines are never sent from there again. */
    const char *reason; /* Stands in the decision. */
    int64_t event_id;   /* Of the order. */
    int64_t waiting;    /* Out: units that found no place. */
};
MUST_USE err_t fulfillment_reroute(struct ctx *ctx,
                                   struct fulfillment_work *work,
                                   struct fulfillment_route *route);

/* Rows of an order's units, of a kit those of each component. */
struct fulfillment_rows {
    struct reservation *at; /* By line, oldest first. */
    size_t count;
    int64_t *left; /* Of each row. */
};
MUST_USE err_t fulfillment_rows_read(struct ctx *ctx, order_id order,
                                     struct fulfillment_rows *ret);
struct fulfillment_take {
    const struct order_line *line;
    location_id location;
    int64_t qty; /* Of the line: kits. */
    const struct fulfillment_piece *pieces;
    size_t piece_count;
    location_id to;
};
struct fulfillment_parts {
    struct stock_part *at;
    size_t count, room;
};
/* Names rows for the units; with pieces for those of them. ERR_INVALID where
 * the pieces are not the line's. */
MUST_USE err_t fulfillment_take_rows(struct ctx *ctx,
                                     struct fulfillment_rows *rows,
                                     const struct fulfillment_take *take,
                                     struct fulfillment_parts *ret);

#define FULFILLMENT_CONSUMER "fulfillment"
struct event;
/* Opens, holds and releases FOs of those orders that are confirmed, by what is
 * allocated and paid now; `events` (may be none) say whose payments changed.
 * Reuses ids. */
MUST_USE err_t fulfillment_look(struct ctx *ctx, order_id *ids, size_t id_count,
                                const struct event *events, size_t count);
extern const struct event_list fulfillment_events;
extern const struct route_list fulfillment_routes;
extern const struct verify_list fulfillment_verify;
extern const struct timer_list fulfillment_timers;

#endif
