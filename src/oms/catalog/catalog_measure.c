/* catalog_measure.c - sizes, weights and customs facts of many SKUs. */
#include "oms/catalog/catalog_measure.h"

#include "base/arena.h"
#include "oms/catalog/catalog_sql.h"
#include "store/sql.h"

err_t sku_list_measures(struct ctx *ctx, const sku_id *ids, size_t count,
                        struct sku_measure **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_SKU_MEASURE, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct sku_measure, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct sku_measure){
            .id = {sql_int(&rows, i, 0)},
            .code = sql_str(&rows, i, 1),
            .title = sql_str(&rows, i, 2),
            .barcode = sql_str(&rows, i, 3),
            .hs_code = sql_str(&rows, i, 4),
            .origin = sql_str(&rows, i, 5),
            .weight_g = sql_int(&rows, i, 6),
            .length_mm = sql_int(&rows, i, 7),
            .width_mm = sql_int(&rows, i, 8),
            .height_mm = sql_int(&rows, i, 9),
        };
    return OK;
}

err_t sku_list_taxes(struct ctx *ctx, const str *codes, size_t count,
                     struct sku_tax **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_s(codes[i]);
    TRY(sql_list_distinct(ctx, SQL_SKU_TAX, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct sku_tax, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct sku_tax){sql_str(&rows, i, 0), sql_str(&rows, i, 1)};
    return OK;
}
