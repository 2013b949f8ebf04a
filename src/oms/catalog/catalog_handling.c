/* catalog_handling.c - SKUs as whoever handles their units sees them. */
#include "base/arena.h"
#include "base/json_any.h"
#include "base/str.h"
#include "oms/catalog/catalog_sql.h"
#include "oms/catalog/catalog_store.h"
#include "store/sql.h"

err_t sku_list_barcode(struct ctx *ctx, str barcode, struct sku **ret,
                       size_t *ret_count)
{
    struct sku_filter filter = {.barcode = barcode, .limit = LIMIT_PAGE};
    struct sku_row *rows;
    ASSERT(barcode.len > 0);
    TRY(sku_row_page(ctx, &filter, &rows, ret_count));
    *ret = arena_array(ctx->arena, struct sku, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = rows[i].sku;
    return OK;
}

static bool is_made_to_order(struct ctx *ctx, str attrs)
{
    json_any doc;
    if (json_any_parse(ctx, &attrs, &doc) != OK) {
        err_clear(ctx);
        return false;
    }
    bool is = json_any_is_true(doc, "made_to_order");
    json_any_close(doc);
    return is;
}

err_t sku_list_handling(struct ctx *ctx, const sku_id *ids, size_t count,
                        struct sku_handling **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_SKU_HANDLING, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct sku_handling, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct sku_handling){
            .id = {sql_int(&rows, i, 0)},
            .barcode = sql_str(&rows, i, 1),
            .is_made_to_order = is_made_to_order(ctx, sql_str(&rows, i, 2)),
        };
    return OK;
}
