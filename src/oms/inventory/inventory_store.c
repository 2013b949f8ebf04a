/* inventory_store.c - rows of levels, ledgers and reservations. */
#include "oms/inventory/inventory_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_shelf.h"
#include "oms/inventory/inventory_sql.h"
#include "store/sql.h"

enum { OPEN_PARAMS = 3 };

void level_read(const struct sql_rows *rows, size_t i, struct stock_level *ret)
{
    *ret = (struct stock_level){
        .sku = {sql_int(rows, i, 0)},
        .location = {sql_int(rows, i, 1)},
        .on_hand = sql_int(rows, i, 2),
        .committed = sql_int(rows, i, 3),
        .reserved = sql_int(rows, i, 4),
        .damaged = sql_int(rows, i, 5),
        .quality_control = sql_int(rows, i, 6),
        .held = sql_int(rows, i, 7),
        .incoming = sql_int(rows, i, 8),
        .safety_stock = sql_int(rows, i, 9),
        .last_movement_id = sql_int(rows, i, 10),
        .version = sql_int(rows, i, 11),
        .low_stock =
            sql_is_null(rows, i, 12) ? LOW_NEVER : sql_int(rows, i, 12),
        .channel_policies = sql_int(rows, i, 13),
    };
}

err_t level_get(struct ctx *ctx, sku_id sku, location_id location,
                struct stock_level *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(sku.v)), sql_i(sku.v),
                             sql_i(location.v)};
    TRY(sql_list(ctx, SQL_LEVEL_GET, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "",
                    "this SKU was never stocked at this location");
    level_read(&rows, 0, ret);
    return OK;
}

err_t level_open(struct ctx *ctx, const struct level_key *keys, size_t count)
{
    if (count == 0)
        return OK;
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        skus[i] = keys[i].sku;
    TRY(kit_refuse(ctx, skus, count));
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * OPEN_PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * OPEN_PARAMS] = sql_i(id_bucket(keys[i].sku.v));
        args[i * OPEN_PARAMS + 1] = sql_i(keys[i].sku.v);
        args[i * OPEN_PARAMS + 2] = sql_i(keys[i].location.v);
    }
    for (size_t i = 0; i < count; i++)
        shelf_forget(ctx, keys[i].sku);
    return sql_run_many(ctx, SQL_LEVEL_OPEN, args, OPEN_PARAMS, count, NULL);
}

static int compare_locations(const void *a, const void *b)
{
    const location_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

err_t stock_lock_at(struct ctx *ctx, const sku_id *skus, size_t count,
                    location_id *at, size_t at_count, struct stock **ret)
{
    enum { MOST = 16 };
    size_t n = 0;
    if (at_count > 1)
        qsort(at, at_count, sizeof *at, compare_locations);
    for (size_t i = 0; i < at_count; i++)
        if (n == 0 || at[n - 1].v != at[i].v)
            at[n++] = at[i];
    return stock_lock_near(ctx, skus, count, at, n <= MOST ? n : 0, ret);
}

err_t level_lock(struct ctx *ctx, const struct level_key *keys, size_t count,
                 struct stock **ret)
{
    location_id *at = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++)
        at[i] = keys[i].location;
    return level_lock_at(ctx, keys, count, at, count, ret);
}

err_t level_lock_at(struct ctx *ctx, const struct level_key *keys, size_t count,
                    location_id *at, size_t at_count, struct stock **ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    struct level_key *fresh = arena_array(ctx->arena, struct level_key, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        skus[i] = keys[i].sku;
    TRY(stock_lock_at(ctx, skus, count, at, at_count, ret));
    for (size_t i = 0; i < count; i++)
        if (!stock_level_find(*ret, keys[i].sku, keys[i].location))
            fresh[n++] = keys[i];
    if (n == 0)
        return OK;
    TRY(level_open(ctx, fresh, n));
    return stock_lock_at(ctx, skus, count, at, at_count, ret);
}

err_t level_page(struct ctx *ctx, const struct level_filter *filter,
                 struct stock_level **ret, size_t *ret_count)
{
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg after_sku = sql_i(filter->after.sku.v);
    struct sql_arg after_location = sql_i(filter->after.location.v);
    struct sql_rows rows = {0};
    if (filter->is_policy) {
        struct sql_arg args[] = {after_sku, after_location, limit};
        TRY(sql_list(ctx, SQL_LEVEL_LIST_POLICIES, args, COUNT_OF(args),
                     &rows));
    } else if (filter->sku.v != 0 && filter->location.v != 0) {
        struct sql_arg args[] = {sql_i(id_bucket(filter->sku.v)),
                                 sql_i(filter->sku.v),
                                 sql_i(filter->location.v)};
        /* One level, which the cursor may already have passed. */
        if (filter->after.sku.v == 0)
            TRY(sql_list(ctx, SQL_LEVEL_GET, args, COUNT_OF(args), &rows));
    } else if (filter->sku.v != 0) {
        struct sql_arg args[] = {sql_i(id_bucket(filter->sku.v)),
                                 sql_i(filter->sku.v), after_location, limit};
        TRY(sql_list(ctx, SQL_LEVEL_LIST_SKU, args, COUNT_OF(args), &rows));
    } else if (filter->location.v != 0) {
        struct sql_arg args[] = {sql_i(filter->location.v), after_sku, limit};
        TRY(sql_list(ctx, SQL_LEVEL_LIST_LOCATION, args, COUNT_OF(args),
                     &rows));
    } else {
        struct sql_arg args[] = {after_sku, after_location, limit};
        TRY(sql_list(ctx, SQL_LEVEL_LIST, args, COUNT_OF(args), &rows));
    }
    *ret = arena_array(ctx->arena, struct stock_level, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        level_read(&rows, i, &(*ret)[i]);
    return OK;
}

err_t movement_walk(struct ctx *ctx, const struct level_key *key,
                    movement_id from, size_t limit, struct movement **ret,
                    size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {
        sql_i(id_bucket(key->sku.v)), sql_i(from.v),         sql_i(key->sku.v),
        sql_i(key->location.v),       sql_i((int64_t)limit),
    };
    TRY(sql_list(ctx, SQL_MOVEMENT_WALK, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct movement, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct movement){
            .id = {sql_int(&rows, i, 0)},
            .prev = {sql_int(&rows, i, 1)},
            .type = (enum movement_type)sql_int(&rows, i, 2),
            .from = (enum stock_bucket)sql_int(&rows, i, 3),
            .to = (enum stock_bucket)sql_int(&rows, i, 4),
            .qty = sql_int(&rows, i, 5),
            .reason = sql_str(&rows, i, 6),
            .ref_kind = (enum ref_kind)sql_int(&rows, i, 7),
            .ref_id = sql_int(&rows, i, 8),
            .event_id = sql_int(&rows, i, 9),
            .at = sql_int(&rows, i, 10),
        };
    return OK;
}

err_t inventory_reservations_list(struct ctx *ctx, order_id order,
                                  struct reservation **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_RESERVATION_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct reservation, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct reservation){
            .id = {sql_int(&rows, i, 0)},
            .sku = {sql_int(&rows, i, 1)},
            .location = {sql_int(&rows, i, 2)},
            .owner_n = sql_int(&rows, i, 3),
            .qty = sql_int(&rows, i, 4),
            .kind = (enum reservation_kind)sql_int(&rows, i, 5),
            .state = (enum reservation_state)sql_int(&rows, i, 6),
        };
    return OK;
}
