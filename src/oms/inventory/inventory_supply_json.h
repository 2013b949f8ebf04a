/* inventory_supply_json.h - bodies about supply to commands, and rows to
 * replies. Private to the room. */
#ifndef WHARF_OMS_INVENTORY_SUPPLY_JSON_H
#define WHARF_OMS_INVENTORY_SUPPLY_JSON_H

#include "base/json.h"
#include "oms/inventory/inventory_count.h"
#include "oms/inventory/inventory_lot.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/inventory/inventory_transfer.h"

/* A calendar day "2026-11-22"; *ret_is_there tells whether it was given. */
MUST_USE err_t date_read(struct json_in *in, const char *key, int64_t *ret,
                         bool *ret_is_there);
/* LOT_NEVER is null. */
void date_put(struct json_out *out, const char *key, int64_t day);

MUST_USE err_t policy_read(struct json_in *in, struct unit_policy *ret);
MUST_USE err_t receipt_read(struct ctx *ctx, struct json_in *in,
                            struct receipt_cmd *ret);

MUST_USE err_t supply_read(struct json_in *in, struct supply_cmd *ret);
MUST_USE err_t supplies_read(struct ctx *ctx, struct json_in *in,
                             struct supply_cmd **ret, size_t *ret_count);
/* Where the values of a change live. */
struct supply_patch {
    struct supply_change change;
    int64_t qty, over_percent;
    utc_ms expected_at;
    str reference;
};
MUST_USE err_t supply_read_change(struct json_in *in, struct supply_patch *ret);

/* A body of nothing but a version. */
MUST_USE err_t version_read(struct json_in *in, int64_t *ret);
MUST_USE err_t transfer_read(struct ctx *ctx, struct json_in *in,
                             struct transfer_cmd *ret);
struct transfer_patch {
    struct transfer_edit edit;
    str reference;
    utc_ms expected_at;
};
MUST_USE err_t transfer_read_edit(struct ctx *ctx, struct json_in *in,
                                  struct transfer_patch *ret);
MUST_USE err_t transfer_read_step(struct ctx *ctx, struct json_in *in,
                                  bool is_shipping, struct transfer_step *ret);

MUST_USE err_t count_read(struct ctx *ctx, struct json_in *in,
                          struct count_cmd *ret);
MUST_USE err_t entries_read(struct ctx *ctx, struct json_in *in,
                            struct count_entry **ret, size_t *ret_count);

#endif
