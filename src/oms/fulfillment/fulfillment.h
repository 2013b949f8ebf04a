/* fulfillment.h - the fulfillment room: what leaves which location, and how
 * far it is.
 *
 * A fulfillment order (FO) is what of an order leaves one location in one way.
 * The consumer "fulfillment" opens them for the allocated units of confirmed
 * orders. Whoever changes one has locked its order, which guards all of them;
 * the note functions tell it what happened to units and move the units of the
 * order with it, in the caller's transaction.
 */
#ifndef WHARF_OMS_FULFILLMENT_H
#define WHARF_OMS_FULFILLMENT_H

#include "oms/fulfillment/fulfillment_types.h"
#include "oms/inventory/inventory_fulfil.h"
#include "oms/order/order_fulfil.h"

struct json_out;
struct room;

const char *fulfillment_status_name(enum fulfillment_status status);

/* Cumulative: qty >= picked >= packed >= shipped. Of a kit they count kits. */
struct fulfillment_line {
    int64_t n; /* The order's line. */
    sku_id sku;
    int64_t qty, picked, packed, shipped;
};
struct fulfillment {
    fulfillment_order_id id;
    order_id order;
    channel_id channel;
    location_id location;
    enum order_method method;
    enum fulfillment_status status;
    enum fulfillment_request_status request_status;
    str hold_reason;                           /* Empty: not on hold. */
    utc_ms fulfil_at, deadline_at, promise_at; /* 0: none; docs/promise.md. */
    bool is_sticky; /* A person put it there: no rule moves it. */
    str request;    /* JSON object: what who keeps the stock says of it. */
    int64_t version;
    utc_ms created_at, updated_at, closed_at;
    struct fulfillment_line *lines; /* By n. */
    size_t line_count, line_room;   /* Room 0: as many as there are. */
    const char *told;       /* Changed by this command: its event; else NULL. */
    bool is_new, is_routed; /* Made by it; units came: promised anew. */
};

/* With its lines, or ERR_NOT_FOUND. */
MUST_USE err_t fulfillment_get(struct ctx *ctx, fulfillment_order_id id,
                               struct fulfillment *ret);
/* All of an order, by id; many by id, missing ones left out. */
MUST_USE err_t fulfillment_list_order(struct ctx *ctx, order_id order,
                                      struct fulfillment **ret,
                                      size_t *ret_count);
MUST_USE err_t fulfillment_list_ids(struct ctx *ctx,
                                    const fulfillment_order_id *ids,
                                    size_t count, struct fulfillment **ret,
                                    size_t *ret_count);

/* An FO, its order and the other FOs of that, locked for one command. */
struct fulfillment_work {
    struct order order, before;
    struct fulfillment *fo;   /* The one asked for. */
    struct fulfillment **all; /* Of the order, by id. */
    size_t count, room;
};
MUST_USE err_t fulfillment_lock(struct ctx *ctx, fulfillment_order_id id,
                                struct fulfillment_work *ret);
/* ERR_STATE unless units of it may be picked now: it is open or in progress,
 * and here (nobody else was asked to do it). */
MUST_USE err_t fulfillment_check_pickable(struct ctx *ctx,
                                          const struct fulfillment *fo);
struct fulfillment_line *fulfillment_line_of(const struct fulfillment *fo,
                                             int64_t n);

/* Particular units of a line: of a kit its components. */
struct fulfillment_piece {
    sku_id sku;
    int64_t qty;
    struct unit_names names;
};
struct fulfillment_units {
    int64_t n, qty; /* Line, and units of it (kits). */
    const struct fulfillment_piece *pieces;
    size_t piece_count;
};
/* What happened to units. `write` (or NULL) adds members to the events. */
struct fulfillment_note {
    const struct fulfillment_units *units; /* Each line once. */
    size_t count;
    void (*write)(struct json_out *out, const void *arg);
    const void *arg;
};
/* Each changes the locked FO and its order, saves both and adds their events.
 * They may follow each other on one work. More than there is: ERR_INVALID
 * (over_picked, over_packed, over_shipped, ...) with the limit; what the state
 * forbids: ERR_STATE.
 * Started: somebody is at it; stopped: nobody any more, and nothing is picked.
 */
MUST_USE err_t fulfillment_note_started(struct ctx *ctx,
                                        struct fulfillment_work *work);
MUST_USE err_t fulfillment_note_stopped(struct ctx *ctx,
                                        struct fulfillment_work *work);
/* Found and in a hand; put back on its shelf; in a parcel; out of it. */
MUST_USE err_t fulfillment_note_picked(struct ctx *ctx,
                                       struct fulfillment_work *work,
                                       const struct fulfillment_note *note);
MUST_USE err_t fulfillment_note_unpicked(struct ctx *ctx,
                                         struct fulfillment_work *work,
                                         const struct fulfillment_note *note);
MUST_USE err_t fulfillment_note_packed(struct ctx *ctx,
                                       struct fulfillment_work *work,
                                       const struct fulfillment_note *note);
MUST_USE err_t fulfillment_note_unpacked(struct ctx *ctx,
                                         struct fulfillment_work *work,
                                         const struct fulfillment_note *note);
/* Not found: the pieces (without any: all of the line) are held until counted,
 * other components are free again, and the units go elsewhere or wait. */
MUST_USE err_t fulfillment_note_short(struct ctx *ctx,
                                      struct fulfillment_work *work,
                                      const struct fulfillment_note *note);
/* They left: pieces name lots and numbers where the SKU asks for them. Closes
 * the FO when nothing is left, and completes the order likewise. */
MUST_USE err_t fulfillment_note_shipped(struct ctx *ctx,
                                        struct fulfillment_work *work,
                                        const struct fulfillment_note *note);
/* Shipped units arrived, or a parcel of the order is in trouble or out of it:
 * the order's business alone (order.delivered, order.delivery_changed). */
MUST_USE err_t fulfillment_note_delivered(struct ctx *ctx,
                                          struct fulfillment_work *work,
                                          const struct fulfillment_note *note,
                                          bool has_trouble);

/* Units cut off lines of a locked order not changed yet. Takes them off its
 * FOs, latest first, says where from (*ret by line), and saves those. ERR_STATE
 * (units_in_work) where too many are picked, or somebody else's work. */
struct fulfillment_cut {
    int64_t n, qty;
    location_id location; /* Of the result. */
};
MUST_USE err_t fulfillment_withdraw(struct ctx *ctx, struct order *order,
                                    const struct fulfillment_cut *cuts,
                                    size_t count, struct fulfillment_cut **ret,
                                    size_t *ret_count);

extern const struct room fulfillment_room;
/* The second door: pick tasks, bins, pickups, production. */
extern const struct room picking_room;

#endif
