/* inventory_pick.c - what a picker asks of stock. */
#include "oms/inventory/inventory_pick.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_count.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_units.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/sql.h"

err_t inventory_unit_rules(struct ctx *ctx, const sku_id *skus, size_t count,
                           struct unit_rule **ret, size_t *ret_count)
{
    struct unit_policy *policies;
    TRY(policy_list(ctx, skus, count, &policies, ret_count));
    *ret = arena_array(ctx->arena, struct unit_rule, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct unit_rule){.sku = policies[i].sku,
                                       .is_lot = policies[i].is_lot,
                                       .is_serial = policies[i].is_serial};
    return OK;
}

err_t inventory_fefo(struct ctx *ctx, const struct level_at *at,
                     enum fefo which, struct fefo_lot **ret, size_t *ret_count)
{
    struct lot_filter filter = {.sku = at->sku,
                                .location = at->location,
                                .is_usable = which == FEFO_GOOD,
                                .after_expires_on = INT64_MIN,
                                .limit = LIMIT_PAGE};
    struct lot_stock *lots;
    TRY(lot_list(ctx, &filter, &lots, ret_count));
    *ret = arena_array(ctx->arena, struct fefo_lot, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct fefo_lot){
            .lot = lots[i].lot,
            .code = lots[i].code,
            .expires_on = lots[i].expires_on,
            .loose = lots[i].on_hand - lots[i].damaged -
                     lots[i].quality_control - lots[i].held,
        };
    return OK;
}

err_t inventory_loose_serials(struct ctx *ctx, const struct level_at *at,
                              lot_id lot, str **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(at->sku.v), sql_i(lot.v),
                             sql_i(at->location.v), sql_i(LIMIT_SERIALS)};
    TRY(sql_list(ctx, SQL_UNIT_OF_LOT, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, str, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = sql_str(&rows, i, 0);
    return OK;
}

err_t inventory_lot_names(struct ctx *ctx, const lot_id *ids, size_t count,
                          struct lot_name **ret, size_t *ret_count)
{
    struct lot *lots;
    TRY(lot_list_ids(ctx, ids, count, &lots, ret_count));
    *ret = arena_array(ctx->arena, struct lot_name, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct lot_name){.lot = lots[i].id,
                                      .code = lots[i].code,
                                      .expires_on = lots[i].expires_on};
    return OK;
}

static err_t check_expiry(struct ctx *ctx, const struct lot *lot,
                          location_id location)
{
    struct location_row at;
    int64_t today;
    char text[DATE_TEXT_BYTES];
    TRY(location_row_get(ctx, location, &at));
    TRY(zone_date(ctx, at.tz, ctx->now, &today));
    if (lot->expires_on >= today)
        return OK;
    date_to_text(lot->expires_on, text);
    return fail_as(ctx, ERR_INVALID, "lot_expired", "lot",
                   "lot %.*s expired on %.*s", STR_ARG(lot->code),
                   DATE_TEXT_BYTES, text);
}

err_t inventory_may_take(struct ctx *ctx, const struct unit_taking *taking,
                         lot_id *ret_lot, int64_t *ret_loose)
{
    struct units *units;
    struct unit_want want = {taking->sku, taking->location, &taking->names};
    struct unit_move move = {.sku = taking->sku,
                             .location = taking->location,
                             .from = STOCK_COMMITTED,
                             .to = STOCK_OUTSIDE,
                             .qty = taking->qty,
                             .names = &taking->names};
    TRY(units_open(ctx, &want, 1, &units));
    TRY(units_check(ctx, units, &move));
    const struct lot *lot = units_lot(units, taking->sku, taking->names.lot);
    if (lot)
        TRY(check_expiry(ctx, lot, taking->location));
    *ret_lot = lot ? lot->id : (lot_id){0};
    *ret_loose =
        lot ? units_lot_loose(units, taking->location, lot->id) : INT64_MAX;
    return OK;
}

err_t inventory_ask_count(struct ctx *ctx, const struct stock_missed *missed,
                          count_id *ret)
{
    struct location at;
    struct sku *rows;
    size_t n;
    char task[ID_TEXT_BYTES];
    int len = (int)id_to_text("pkt", missed->task.v, task);
    TRY(location_get(ctx, missed->location, &at));
    TRY(sku_list_ids(ctx, missed->skus, missed->count, &rows, &n));
    str *codes = arena_array(ctx->arena, str, n);
    for (size_t i = 0; i < n; i++)
        codes[i] = rows[i].code;
    struct count_cmd cmd = {
        .location = at.code,
        .name = str_printf(ctx->arena, "short pick %.*s", len, task),
        .skus = codes,
        .count = n,
        .missed_by = missed->task};
    return count_create(ctx, &cmd, ret);
}
