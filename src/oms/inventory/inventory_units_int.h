/* inventory_units_int.h - what inventory_units.c and inventory_units_check.c
 * share: the units of a command in memory. Private to these two. */
#ifndef WHARF_OMS_INVENTORY_UNITS_INT_H
#define WHARF_OMS_INVENTORY_UNITS_INT_H

#include "base/map.h"
#include "oms/inventory/inventory_units.h"

/* Where a unit is, as stored. The buckets that can be told apart keep their
 * numbers; loose stands for the three that cannot. */
enum unit_place {
    PLACE_GONE = STOCK_OUTSIDE,
    PLACE_LOOSE = STOCK_AVAILABLE,
    PLACE_DAMAGED = STOCK_DAMAGED,
    PLACE_QUALITY_CONTROL = STOCK_QUALITY_CONTROL,
    PLACE_HELD = STOCK_HELD,
    PLACE_IN_TRANSIT = 7
};
enum unit_place unit_place_of(enum stock_bucket bucket);

struct lot_level {
    struct lot_level *next;
    const struct lot *lot;
    location_id location;
    int64_t on_hand, damaged, quality_control, held;
    int64_t expired_at; /* 0: not told yet. */
    bool is_touched;
};
/* Units of the lot in that place. */
int64_t lot_level_qty(const struct lot_level *level, enum unit_place place);

struct serial {
    struct serial *next;
    sku_id sku;
    str code;
    lot_id lot;
    location_id location; /* 0: not at any. */
    enum unit_place place;
    int64_t transit_id, movement_id;
    bool is_touched;
};

struct lot_row {
    struct lot lot;
    struct lot_row *next;
};
struct lot_movement {
    struct lot_movement *next;
    lot_id lot;
    int64_t movement_id;
};

struct units {
    struct arena *arena;
    struct map *policies; /* By SKU: struct unit_policy. */
    struct map *lots;     /* By (SKU, code): struct lot. */
    struct map *levels;   /* By (lot, location): struct lot_level. */
    struct map *serials;  /* By (SKU, code): struct serial. */
    struct map *today;    /* By location: int64_t, where a lot is asked for. */
    struct lot_level *level_list;
    struct serial *serial_list;
    struct lot_row *fresh; /* Lots to be added. */
    struct lot_movement *movements;
};

#endif
