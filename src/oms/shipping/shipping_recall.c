/* shipping_recall.c - parcels that hold units of a lot, or a numbered unit. */
#include "oms/shipping/shipping_recall.h"

#include "base/arena.h"
#include "oms/shipping/shipping_sql.h"
#include "store/sql.h"

err_t recall_list(struct ctx *ctx, const struct recall_query *query,
                  struct package_unit **ret, size_t *ret_count)
{
    struct sql_rows rows;
    bool is_lot = query->lot.len > 0;
    struct sql_arg args[] = {
        sql_i(query->sku.v),
        sql_s(is_lot ? query->lot : query->serial),
        sql_i(query->after.v),
        sql_i((int64_t)query->limit),
    };
    TRY(sql_list(ctx, is_lot ? SQL_RECALL_LOT : SQL_RECALL_NUMBER, args,
                 COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct package_unit, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct package_unit){
            .package = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = query->sku,
            .lot = sql_str(&rows, i, 2),
            .serial = sql_str(&rows, i, 3),
            .qty = sql_int(&rows, i, 4),
        };
    return OK;
}
