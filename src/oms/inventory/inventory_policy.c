/* inventory_policy.c - what a SKU asks of its units: lots, serial numbers. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory_transfer_store.h"
#include "oms/inventory/inventory_units.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/event.h"
#include "store/sql.h"

err_t policy_get(struct ctx *ctx, sku_id sku, struct unit_policy *ret)
{
    struct sku row;
    struct unit_policy *found;
    size_t count;
    TRY(sku_get(ctx, sku, &row));
    TRY(policy_list(ctx, &sku, 1, &found, &count));
    *ret = count == 1 ? *found : (struct unit_policy){.sku = sku};
    return OK;
}

/* Units that are there carry what the policy before asked for. */
static err_t check_empty(struct ctx *ctx, sku_id sku)
{
    struct stock *stock;
    struct stock_level *levels;
    TRY(stock_lock(ctx, &sku, 1, &stock));
    size_t count = stock_levels(stock, sku, &levels);
    for (size_t i = 0; i < count; i++)
        if (levels[i].on_hand > 0)
            return fail_as(ctx, ERR_STATE, "units_on_hand", "",
                           "units are on hand: their lots or serial numbers "
                           "would not be known");
    bool is_moving;
    TRY(transfer_is_moving(ctx, sku, &is_moving));
    if (is_moving)
        return fail_as(ctx, ERR_STATE, "units_in_transit", "",
                       "units are in transit: their lots or serial numbers "
                       "would not be known");
    return OK;
}

static err_t write_row(struct ctx *ctx, const struct unit_policy *policy)
{
    struct sql_arg lot = sql_i(policy->is_lot);
    struct sql_arg number = sql_i(policy->is_serial);
    struct sql_arg expiry = sql_i(policy->is_expiry_required);
    struct sql_arg sku = sql_i(policy->sku.v);
    struct sql_arg fresh[] = {sku, sql_i(id_bucket(policy->sku.v)), lot, number,
                              expiry};
    struct sql_arg change[] = {lot, number, expiry, sku,
                               sql_i(policy->version)};
    int64_t changed;
    if (policy->version == 0)
        TRY(sql_run(ctx, SQL_POLICY_ADD, fresh, COUNT_OF(fresh), &changed));
    else
        TRY(sql_run(ctx, SQL_POLICY_SAVE, change, COUNT_OF(change), &changed));
    return changed == 1 ? OK : ERR_RETRY;
}

static str policy_text(struct ctx *ctx, const struct unit_policy *policy)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_bool(&out, "is_lot_tracked", policy->is_lot);
    json_put_bool(&out, "is_serial_tracked", policy->is_serial);
    json_put_bool(&out, "is_expiry_required", policy->is_expiry_required);
    json_put_i64(&out, "version", policy->version);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t policy_set(struct ctx *ctx, struct unit_policy *policy)
{
    ASSERT(ctx->tx != NULL);
    struct unit_policy now;
    if (policy->is_expiry_required && !policy->is_lot)
        return fail_as(ctx, ERR_INVALID, "lot_not_tracked",
                       "is_expiry_required",
                       "a day of expiry belongs to a lot: track lots too");
    TRY(policy_get(ctx, policy->sku, &now));
    TRY(check_version(ctx, policy->version, now.version));
    if (now.is_lot != policy->is_lot || now.is_serial != policy->is_serial)
        TRY(check_empty(ctx, policy->sku));
    TRY(write_row(ctx, policy));
    policy->version += 1;
    return event_add(ctx, "unit_policy.set", "sku", policy->sku.v,
                     policy_text(ctx, policy), NULL);
}
