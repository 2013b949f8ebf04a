/* order_types.h - the named numbers of the order room, as stored. */
#ifndef WHARF_OMS_ORDER_TYPES_H
#define WHARF_OMS_ORDER_TYPES_H

#include "base/base.h"

/* Stored as numbers: append, never renumber. */
enum order_status {
    ORDER_STATUS_NONE = 0, /* Not there yet; also "no such move". */
    ORDER_DRAFT = 1,
    ORDER_PENDING = 2,   /* Placed; payment or review is open. */
    ORDER_CONFIRMED = 3, /* Accepted; may be fulfilled. */
    ORDER_COMPLETED = 4, /* Nothing is left to do. */
    ORDER_CANCELLED = 5, /* Ended before any unit was shipped. */
    ORDER_EXPIRED = 6,   /* Pending for too long. */
    ORDER_DISCARDED = 7  /* A draft that was thrown away. */
};
enum order_event {
    ORDER_EVENT_DRAFT = 1,
    ORDER_EVENT_PLACE,
    ORDER_EVENT_CONFIRM,
    ORDER_EVENT_COMPLETE,
    ORDER_EVENT_REOPEN,
    ORDER_EVENT_CANCEL,
    ORDER_EVENT_EXPIRE,
    ORDER_EVENT_DISCARD,
    ORDER_EVENT_RECORD /* Done elsewhere before: see order_history.h. */
};
enum order_method { ORDER_SHIPPED = 1, ORDER_PICKUP = 2, ORDER_DIGITAL = 3 };
/* Derived from facts, never set: order_payment_of(). Kept in the list. */
enum order_payment {
    ORDER_PAY_NOT_REQUIRED = 1,
    ORDER_PAY_UNPAID = 2,
    ORDER_PAY_PENDING = 3,
    ORDER_PAY_PARTIALLY_AUTHORIZED = 4,
    ORDER_PAY_AUTHORIZED = 5,
    ORDER_PAY_PARTIALLY_PAID = 6,
    ORDER_PAY_PAID = 7,
    ORDER_PAY_OVERPAID = 8,
    ORDER_PAY_PARTIALLY_REFUNDED = 9,
    ORDER_PAY_REFUNDED = 10,
    ORDER_PAY_VOIDED = 11,
    ORDER_PAY_DISPUTED = 12
};
/* What is known of an order's payments, in its minor units. */
struct order_pay {
    int64_t pending;    /* Asked for, not answered yet. */
    int64_t authorized; /* Promised, open: neither captured nor given up. */
    int64_t captured, refunded;
    int64_t disputed; /* Charged back and not given back again. */
};
/* A discount of a line; its share of one on the whole order is one, too. */
struct order_discount {
    str title;
    int64_t rate_ppm, amount; /* 0: not a percentage; -1: not sent. */
};
struct order_tax {
    str name;
    int64_t rate_ppm, amount;
    str jurisdiction, reason; /* Where it is due; why not. May be empty. */
};
enum order_fee { /* What a fee is for, where that matters; stored by name. */
                 FEE_OTHER = 0,
                 FEE_DUTY,
                 FEE_IMPORT_TAX
};
struct order_charge { /* Shipping or a fee. */
    str title, tax_class;
    enum order_fee kind;
    int64_t price, discount;
    const struct order_tax *taxes;
    size_t tax_count;
};
enum order_origin { ORDER_ORIGIN_API = 1, ORDER_ORIGIN_IMPORT = 2 };

#endif
