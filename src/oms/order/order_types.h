/* order_types.h - the named numbers of the order room, as stored. */
#ifndef WHARF_OMS_ORDER_TYPES_H
#define WHARF_OMS_ORDER_TYPES_H

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
enum order_origin { ORDER_ORIGIN_API = 1, ORDER_ORIGIN_IMPORT = 2 };

#endif
