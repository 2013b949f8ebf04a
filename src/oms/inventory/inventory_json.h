/* inventory_json.h - bodies to commands and rows to replies. Private. */
#ifndef WHARF_OMS_INVENTORY_JSON_H
#define WHARF_OMS_INVENTORY_JSON_H

#include "base/json.h"
#include "oms/inventory/inventory_command.h"

struct location_row;

/* Where the values of a change live. */
struct location_patch {
    struct location_change change;
    str name, address, tz, attrs;
    enum location_type type;
    int64_t lat_e6, lon_e6;
    bool is_active, is_shipping, is_pickup;
};
struct adjust_cmd {
    str reason;
    struct adjust_item *items;
    size_t count;
};
MUST_USE err_t location_read(struct ctx *ctx, struct json_in *in,
                             struct location_cmd *ret);
MUST_USE err_t location_read_change(struct ctx *ctx, struct json_in *in,
                                    struct location_patch *ret);
MUST_USE err_t adjust_read(struct ctx *ctx, struct json_in *in,
                           struct adjust_cmd *ret);
MUST_USE err_t set_read(struct json_in *in, struct set_cmd *ret);

/* Of PUT /v1/stock/policies. */
MUST_USE err_t safety_read(struct ctx *ctx, struct json_in *in,
                           struct policy_item **ret, size_t *ret_count);

void location_write(struct json_out *out, const struct location_row *row);
/* The codes of a level, with all its numbers; what a channel may sell of it,
 * or NULL. */
void level_write(struct json_out *out, const char *key,
                 const struct stock_level *level, str sku_code,
                 str location_code, const int64_t *sellable);

/* A level as it was, without what only the present has. */
void level_write_past(struct json_out *out, const struct stock_level *level,
                      str sku_code, str location_code, utc_ms at);

#endif
