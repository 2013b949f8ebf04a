/* inventory_command.h - the commands of people and systems on stock.
 *
 * A second public header of the room, apart from the hot face.
 */
#ifndef WHARF_OMS_INVENTORY_COMMAND_H
#define WHARF_OMS_INVENTORY_COMMAND_H

#include "oms/inventory/inventory.h"

/* ---- locations ---- */

struct location_cmd {
    str code, name; /* The code never changes. */
    enum location_type type;
    str address; /* JSON object. */
    bool has_point;
    int64_t lat_e6, lon_e6; /* Millionths of a degree. */
    str tz;
    bool is_shipping, is_pickup;
    str attrs; /* JSON object. */
};
/* ERR_CONFLICT (code_taken) where the code exists. */
MUST_USE err_t location_create(struct ctx *ctx, const struct location_cmd *cmd,
                               location_id *ret);

struct json_in;
/* "address" of a body as JSON of our own making; "{}" where there is none. */
MUST_USE err_t address_read(struct ctx *ctx, struct json_in *in, str *ret);

/* A location with what routing wants to know of it. */
struct location_place {
    struct location location;
    bool is_pickup, has_point;
    int64_t lat_e6, lon_e6;
    str tz, country, postal_code; /* Of its address; empty: not known. */
};
/* All of them, in order of id. Changes write a new stamp into routing_stamps,
 * so that what is made from this can be kept. */
MUST_USE err_t location_place_list(struct ctx *ctx, struct location_place **ret,
                                   size_t *ret_count);

/* What a change may name; what is NULL stays. */
struct location_change {
    int64_t version; /* The one the caller saw. */
    const str *name, *address, *tz, *attrs;
    const enum location_type *type;
    const int64_t *lat_e6, *lon_e6; /* Both or neither. */
    bool clears_point;              /* Neither, and there is none any more. */
    const bool *is_active, *is_shipping, *is_pickup;
};
/* ERR_STALE where the version is not the current one. */
MUST_USE err_t location_change(struct ctx *ctx, location_id id,
                               const struct location_change *change);

/* ---- stock ---- */

/* Which units a command means; empty for a SKU that asks for nothing. */
struct unit_names {
    str lot; /* Code. */
    bool has_expiry;
    int64_t expires_on; /* Day; good until its end at the location. */
    const str *serials;
    size_t serial_count;
};

/* One adjustment. With from and to: moves delta (over 0) units between two of
 * available, damaged, quality_control and held. Without: changes what is on
 * hand by delta, in `bucket`. */
struct adjust_item {
    str sku, location; /* Codes. */
    int64_t delta;     /* Not 0. */
    bool is_move;
    enum stock_bucket from, to; /* Of a move. */
    enum stock_bucket bucket;   /* Else; one of the four. */
    struct unit_names names;    /* For a SKU whose units are told apart. */
};
struct adjust_result {
    bool is_ok;
    struct stock_level level; /* As after all items, where it is ok. */
    int64_t event_id;
    struct err_detail err; /* Else why not; field is within the item. */
};
/* Adjusts in one go: each item as a whole or not at all, in the given order,
 * so that two on one level see each other. Makes levels where units come in.
 * A refused item (unknown SKU or location, fewer units there than taken) has
 * changed nothing and does not stop the others. */
MUST_USE err_t inventory_adjust(struct ctx *ctx, str reason,
                                const struct adjust_item *items, size_t count,
                                struct adjust_result *results);

/* Sets what is on hand, compared with what the caller saw. */
struct set_cmd {
    str sku, location; /* Codes. */
    int64_t on_hand;
    bool has_safety_stock; /* Else it stays. */
    int64_t safety_stock;
    bool by_version;  /* Compare the version, else on_hand. */
    int64_t expected; /* A level that is not there has 0 of both. */
    str reason;
};
/* ERR_STALE, with the current version, where the comparison fails; ERR_STATE
 * (units_claimed) where more is committed, held or blocked than on_hand, or
 * (units_told_apart) where the SKU's units have lots or serial numbers, which
 * a mere number cannot name: adjust them. */
MUST_USE err_t inventory_set(struct ctx *ctx, const struct set_cmd *cmd,
                             struct stock_level *ret);

/* Whether units of the SKU are on hand or on their way anywhere; locks its
 * levels. */
MUST_USE err_t inventory_is_stocked(struct ctx *ctx, sku_id sku, bool *ret);

/* ---- policies ---- */

/* Of a level, or of a channel on it: then of safety stock alone. */
struct policy_item {
    str sku, location;
    str channel;                          /* Empty: of the level. */
    bool has_safety_stock, has_low_stock; /* Else it stays. */
    bool clears_safety_stock; /* The channel goes by the level's again. */
    int64_t safety_stock;
    int64_t low_stock; /* LOW_NEVER: none. */
    /* What the caller saw; of a channel that has none it is 0. */
    bool has_version;
    int64_t version;
};
struct policy_result {
    bool is_ok;
    struct stock_level level;      /* As after all items, where it is ok. */
    int64_t safety_stock, version; /* Of the channel; version 0: none. */
    int64_t event_id;              /* 0: it was so before. */
    struct err_detail err;
};
/* Sets policies in the given order, each item alone, as inventory_adjust.
 * Makes levels that are not there. */
MUST_USE err_t inventory_set_policies(struct ctx *ctx,
                                      const struct policy_item *items,
                                      size_t count,
                                      struct policy_result *results);

const char *location_type_name(enum location_type type);
const char *stock_bucket_name(enum stock_bucket bucket);
const char *movement_type_name(enum movement_type type);

#endif
