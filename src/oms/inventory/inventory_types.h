/* inventory_types.h - the named numbers of the inventory room, as stored. */
#ifndef WHARF_OMS_INVENTORY_TYPES_H
#define WHARF_OMS_INVENTORY_TYPES_H

/* Stored as numbers: append, never renumber. */
enum location_type {
    LOCATION_WAREHOUSE = 1,
    LOCATION_STORE = 2,
    LOCATION_3PL = 3,
    LOCATION_DROPSHIP = 4,
    LOCATION_VIRTUAL = 5
};

/* Where units of a movement come from or go to. */
enum stock_bucket {
    STOCK_OUTSIDE = 0, /* The world: received, lost, shipped. */
    STOCK_AVAILABLE = 1,
    STOCK_COMMITTED = 2,
    STOCK_RESERVED = 3,
    STOCK_DAMAGED = 4,
    STOCK_QUALITY_CONTROL = 5,
    STOCK_HELD = 6
};

enum movement_type {
    MOVEMENT_ADJUST = 1,
    MOVEMENT_SET = 2,
    MOVEMENT_COMMIT = 3,  /* available -> committed, for an order line. */
    MOVEMENT_RELEASE = 4, /* committed -> available. */
    MOVEMENT_MOVE = 5,    /* Between other buckets, by hand. */
    MOVEMENT_HOLD = 6,    /* available -> reserved, for a hold or transfer. */
    MOVEMENT_UNHOLD = 7,  /* reserved -> available: let go or run out. */
    MOVEMENT_CONFIRM = 8, /* reserved -> committed: a hold became an order. */
    MOVEMENT_RECEIVE = 9, /* outside -> a bucket: goods came in. */
    MOVEMENT_TRANSFER_OUT = 10, /* reserved -> outside: on its way. */
    MOVEMENT_TRANSFER_IN = 11,  /* outside -> a bucket: arrived. */
    MOVEMENT_COUNT = 12,        /* What a cycle count found. */
    MOVEMENT_SHIP = 13,         /* committed -> outside: left for the buyer. */
    MOVEMENT_SHORT = 14,        /* committed -> held: not found when picked. */
    MOVEMENT_RETURN = 15        /* A buyer brought it back; and then. */
};

enum reservation_kind { RESERVATION_HOLD = 1, RESERVATION_COMMIT = 2 };
enum reservation_state {
    RESERVATION_HELD = 1,
    RESERVATION_COMMITTED = 2,
    RESERVATION_CONSUMED = 3,
    RESERVATION_RELEASED = 4,
    RESERVATION_EXPIRED = 5,
    RESERVATION_MOVED = 6
};
enum owner_kind { OWNER_ORDER_LINE = 1, OWNER_HOLD = 2, OWNER_TRANSFER = 3 };
enum ref_kind {
    REF_NONE = 0,
    REF_ORDER = 1,
    REF_HOLD = 2,
    REF_TRANSFER = 3,
    REF_RECEIPT = 4,
    REF_COUNT = 5,
    REF_RETURN = 6
};

#endif
