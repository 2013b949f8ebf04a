/* returns.h - the returns room: goods that come back, and what becomes of them.
 *
 * A return (RMA) is asked for units of one order that were shipped. Whoever
 * changes one has locked its order, which guards all returns of it. Units are
 * told apart by what happened to them: rows of alike units part as they go
 * different ways. What of a line is asked for, returned and written off stands
 * in the order's lines, by these rows alone (I11).
 */
#ifndef WHARF_OMS_RETURNS_H
#define WHARF_OMS_RETURNS_H

#include "base/base.h"
#include "oms/ids.h"
#include "oms/inventory/inventory_command.h"

struct room;

/* Stored as numbers: append, never renumber. */
enum return_state {
    RETURN_NONE = 0,
    RETURN_REQUESTED = 1, /* Asked for; somebody has to say yes. */
    RETURN_OPEN = 2,      /* The goods may come. */
    RETURN_IN_TRANSIT = 3,
    RETURN_PARTIALLY_RECEIVED = 4,
    RETURN_RECEIVED = 5, /* Nothing more is awaited. */
    RETURN_CLOSED = 6,   /* All is decided. */
    RETURN_DECLINED = 7,
    RETURN_CANCELLED = 8,
    RETURN_EXPIRED = 9
};
/* What came of units that were awaited. */
enum reception {
    RECEPTION_NONE = 0,
    RECEPTION_AWAITING = 1,
    RECEPTION_IN_TRANSIT = 2,
    RECEPTION_RECEIVED = 3,
    RECEPTION_LOST = 4,
    RECEPTION_SHORT = 5,      /* Not in the parcel they should be in. */
    RECEPTION_WRONG_ITEM = 6, /* Something else was in it. */
    RECEPTION_GIVEN_TO_CUSTOMER = 7,
    RECEPTION_EXPIRED = 8,
    RECEPTION_CANCELLED = 9
};
/* Whether they are taken back: what was paid for them is taken off. */
enum acceptance {
    ACCEPTANCE_NONE = 0,
    ACCEPTANCE_PENDING = 1,
    ACCEPTANCE_ACCEPTED = 2,
    ACCEPTANCE_REJECTED = 3,
    ACCEPTANCE_MANUAL = 4 /* Somebody with more say decides. */
};
/* Where received units go; 0: nobody said yet, they are in quality control. */
enum disposition {
    DISPOSITION_NONE = 0,
    DISPOSITION_RESTOCK = 1,
    DISPOSITION_QUALITY_CONTROL = 2,
    DISPOSITION_DAMAGED = 3,
    DISPOSITION_REFURBISH = 4, /* Damaged stock until it is mended. */
    DISPOSITION_SCRAP = 5,
    DISPOSITION_VENDOR = 6, /* Goes back to who made it. */
    DISPOSITION_KEEP = 7    /* Stays with, or goes back to, the buyer. */
};
enum return_origin { RETURN_BY_AGENT = 1, RETURN_BY_BUYER = 2 };

/* What of an order's line is asked back, and why. */
struct return_line {
    int64_t i; /* From 1. */
    int64_t n; /* The order's line. */
    int64_t qty;
    str reason; /* A code of the channel's policy. */
    str note, photo;
    int64_t returned, written_off, dropped; /* Of qty; the rest is open. */
};
/* Alike units: of a kit those of one component. */
struct return_unit {
    int64_t u; /* From 1. */
    int64_t i; /* The return's line. */
    sku_id sku;
    int64_t per; /* Units of it in one unit of the line. */
    int64_t qty;
    enum reception reception;
    enum acceptance acceptance;
    enum disposition disposition;
    location_id location; /* Where they were received; 0: nowhere yet. */
    struct unit_names names;
    package_id package; /* In which its carrier says they are; 0: nobody did. */
};
struct rma {
    return_id id;
    order_id order;
    channel_id channel;
    int64_t n; /* Of the order's returns, from 1. */
    enum return_state state;
    enum return_origin origin;
    location_id location; /* Where the goods shall go. */
    str note, why;        /* why: declined or cancelled. */
    utc_ms expires_at;    /* Unless they are on their way by then. */
    utc_ms closed_at;
    int64_t restocking_kept, shipping_kept; /* Not given back. */
    int64_t version;
    utc_ms created_at, updated_at;
    struct return_line *lines; /* By i. */
    size_t line_count;
    struct return_unit *units; /* By u. */
    size_t unit_count, unit_room;
};

const char *return_state_name(enum return_state state);
/* What may be asked of it: "receive, inspect", or "nothing"; in the arena. */
str return_allowed(struct arena *arena, enum return_state state);
/* With lines and units. Fails with ERR_NOT_FOUND. */
MUST_USE err_t return_get(struct ctx *ctx, return_id id, struct rma *ret);
/* As people name it. */
str return_number(struct arena *arena, str order_number, const struct rma *rma);

/* What is still to come of a return, for who sends other goods for it. */
struct order;
struct return_outlook {
    int64_t worth;   /* Comes off the order yet, less what is kept of it. */
    bool may_leave;  /* As its channel asks, what is sent for it may leave. */
    bool is_over;    /* Nothing of it is awaited or to be judged any more. */
    int64_t missing; /* Units that were asked for and will not be taken back. */
};
/* In memory: the order as it will be once all that is awaited or is here is
 * accepted. ERR_NOT_FOUND where it has no such return. */
MUST_USE err_t return_look_ahead(struct ctx *ctx, struct order *order,
                                 return_id id, struct return_outlook *ret);

extern const struct room returns_room;

#endif
