/* inventory_live.c - the levels of many SKUs at once, for those who watch. */
#include "oms/inventory/inventory_live.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory_live_sql.h"
#include "oms/inventory/inventory_store.h"
#include "store/sql.h"

static int compare_levels(const void *a, const void *b)
{
    const struct live_level *x = a, *y = b;
    if (x->sku.v != y->sku.v)
        return x->sku.v < y->sku.v ? -1 : 1;
    if (x->location.v != y->location.v)
        return x->location.v < y->location.v ? -1 : 1;
    return 0;
}

err_t live_level_list(struct ctx *ctx, const sku_id *skus, size_t count,
                      struct live_level **ret, size_t *ret_count)
{
    enum { PARAMS = 2 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_rows rows = {0};
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id_bucket(skus[i].v));
        args[i * PARAMS + 1] = sql_i(skus[i].v);
    }
    if (count > 0)
        TRY(sql_list_many(ctx, SQL_LEVEL_LIVE, args, PARAMS, count, &rows));
    struct live_level *at =
        arena_array(ctx->arena, struct live_level, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct stock_level level;
        level_read(&rows, i, &level);
        int64_t available = stock_available(&level);
        at[i] =
            (struct live_level){level.sku, level.location,
                                available > 0 ? available : 0, level.version};
    }
    qsort(at, rows.count, sizeof *at, compare_levels);
    *ret = at;
    *ret_count = rows.count;
    return OK;
}
