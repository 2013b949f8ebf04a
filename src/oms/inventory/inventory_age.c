/* inventory_age.c - see inventory_age.h. */
#include "oms/inventory/inventory_age.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/sql.h"

static struct map_key key_of(int64_t sku, int64_t location)
{
    return (struct map_key){.a = sku, .b = location};
}

err_t stock_ages_read(struct ctx *ctx, struct stock *stock)
{
    enum { PARAMS = 2 };
    struct sql_rows rows;
    if (stock->ages)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, stock->count * PARAMS);
    for (size_t i = 0; i < stock->count; i++) {
        args[i * PARAMS] = sql_i(stock->shelves[i]->sku.v);
        args[i * PARAMS + 1] = sql_i(ctx->now / DAY_MS);
    }
    TRY(sql_list_many(ctx, SQL_LOT_AGES, args, PARAMS, stock->count, &rows));
    stock->ages = map_open(stock->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct stock_age *age = arena_new(stock->arena, struct stock_age);
        *age = (struct stock_age){.expires_on = sql_int(&rows, i, 2),
                                  .came_on = sql_int(&rows, i, 3) / DAY_MS};
        map_set(stock->ages, key_of(sql_int(&rows, i, 0), sql_int(&rows, i, 1)),
                age);
    }
    return OK;
}

const struct stock_age *stock_age_of(const struct stock *stock,
                                     const struct stock_level *level)
{
    return stock->ages
               ? map_find(stock->ages, key_of(level->sku.v, level->location.v))
               : NULL;
}
