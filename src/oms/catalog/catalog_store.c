/* catalog_store.c - rows of SKUs. */
#include "oms/catalog/catalog_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/catalog/catalog_attr.h"
#include "oms/catalog/catalog_sql.h"
#include "store/sql.h"

enum { SKU_ADD_PARAMS = 16, IS_DROP = 6 };

void sku_read(const struct sql_rows *rows, size_t i, struct sku *ret)
{
    *ret = (struct sku){
        .id = {sql_int(rows, i, 0)},
        .code = sql_str(rows, i, 1),
        .title = sql_str(rows, i, 2),
        .is_tracked = sql_int(rows, i, 3) != 0,
        .version = sql_int(rows, i, 4),
        .is_kit = sql_int(rows, i, 5) != 0,
    };
}

static struct sku *read_skus(struct ctx *ctx, const struct sql_rows *rows)
{
    struct sku *skus = arena_array(ctx->arena, struct sku, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        sku_read(rows, i, &skus[i]);
    for (size_t i = 0; rows->columns > IS_DROP && i < rows->count; i++)
        skus[i].is_drop = sql_int(rows, i, IS_DROP) != 0;
    return skus;
}

err_t sku_list_codes(struct ctx *ctx, const str *codes, size_t count,
                     struct sku **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_s(codes[i]);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_SKU_BY_CODE, keys, count, &rows));
    *ret = read_skus(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t sku_list_ids(struct ctx *ctx, const sku_id *ids, size_t count,
                   struct sku **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_SKU_BY_ID, keys, count, &rows));
    *ret = read_skus(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t sku_attr_list(struct ctx *ctx, str key, const sku_id *ids, size_t count,
                    struct sku_attr **ret, size_t *ret_count)
{
    enum { PARAMS = 2 };
    struct sql_rows rows;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_s(key);
        args[i * PARAMS + 1] = sql_i(ids[i].v);
    }
    TRY(sql_list_many(ctx, SQL_SKU_ATTRS, args, PARAMS, count, &rows));
    *ret = arena_array(ctx->arena, struct sku_attr, rows.count);
    *ret_count = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (!sql_is_null(&rows, i, 1))
            (*ret)[(*ret_count)++] =
                (struct sku_attr){{sql_int(&rows, i, 0)}, sql_str(&rows, i, 1)};
    return OK;
}

err_t sku_flag_drop(struct ctx *ctx, sku_id id)
{
    struct sql_arg args[] = {sql_i(id.v)};
    return sql_run(ctx, SQL_SKU_SAVE_DROP, args, COUNT_OF(args), NULL);
}

err_t sku_find(struct ctx *ctx, str code, struct sku *ret, bool *found)
{
    struct sku *skus;
    size_t count;
    TRY(sku_list_codes(ctx, &code, 1, &skus, &count));
    *found = count == 1;
    if (*found)
        *ret = skus[0];
    return OK;
}

err_t sku_get(struct ctx *ctx, sku_id id, struct sku *ret)
{
    struct sku *skus;
    size_t count;
    TRY(sku_list_ids(ctx, &id, 1, &skus, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such SKU");
    *ret = skus[0];
    return OK;
}

static void read_row(const struct sql_rows *rows, size_t i, struct sku_row *ret)
{
    *ret = (struct sku_row){
        .product = {sql_int(rows, i, 6)},
        .product_code = sql_str(rows, i, 7),
        .barcode = sql_str(rows, i, 8),
        .weight_g = sql_int(rows, i, 9),
        .length_mm = sql_int(rows, i, 10),
        .width_mm = sql_int(rows, i, 11),
        .height_mm = sql_int(rows, i, 12),
        .hs_code = sql_str(rows, i, 13),
        .origin = sql_str(rows, i, 14),
        .attrs = sql_str(rows, i, 15),
        .created_at = sql_int(rows, i, 16),
        .tax_class = sql_str(rows, i, 17),
    };
    sku_read(rows, i, &ret->sku);
}

static err_t row_one(struct ctx *ctx, int stmt, sku_id id, struct sku_row *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "SKU", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

/* Gives each kit of a page its components. */
static err_t add_parts(struct ctx *ctx, struct sku_row *rows, size_t count)
{
    sku_id *kits = arena_array(ctx->arena, sku_id, count);
    struct kit_part *parts;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].sku.is_kit)
            kits[n++] = rows[i].sku.id;
    if (n == 0)
        return OK;
    TRY(kit_part_list(ctx, kits, n, &parts, &n));
    for (size_t i = 0; i < count; i++)
        rows[i].part_count =
            kit_parts_of(parts, n, rows[i].sku.id, &rows[i].parts);
    return OK;
}

err_t sku_row_get(struct ctx *ctx, sku_id id, struct sku_row *ret)
{
    TRY(row_one(ctx, SQL_SKU_ROW, id, ret));
    return add_parts(ctx, ret, 1);
}

err_t sku_row_lock(struct ctx *ctx, sku_id id, struct sku_row *ret)
{
    return row_one(ctx, SQL_SKU_LOCK, id, ret);
}

err_t sku_row_page(struct ctx *ctx, const struct sku_filter *filter,
                   struct sku_row **ret, size_t *ret_count)
{
    struct sql_arg after = sql_i(filter->after);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_rows rows;
    if (filter->code.len > 0) {
        struct sql_arg args[] = {sql_s(filter->code), after, limit};
        TRY(sql_list(ctx, SQL_SKU_PAGE_CODE, args, 3, &rows));
    } else if (filter->barcode.len > 0) {
        struct sql_arg args[] = {sql_s(filter->barcode), after, limit};
        TRY(sql_list(ctx, SQL_SKU_PAGE_BARCODE, args, 3, &rows));
    } else if (filter->product.v != 0) {
        struct sql_arg args[] = {sql_i(filter->product.v), after, limit};
        TRY(sql_list(ctx, SQL_SKU_PAGE_PRODUCT, args, 3, &rows));
    } else {
        struct sql_arg args[] = {after, limit};
        TRY(sql_list(ctx, SQL_SKU_PAGE, args, 2, &rows));
    }
    *ret = arena_array(ctx->arena, struct sku_row, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return add_parts(ctx, *ret, rows.count);
}

err_t sku_row_add(struct ctx *ctx, const struct sku_row *rows, size_t count,
                  int64_t *ret_added)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SKU_ADD_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct sku_row *row = &rows[i];
        const struct sql_arg own[SKU_ADD_PARAMS] = {
            sql_i(row->sku.id.v),          sql_i(id_bucket(row->sku.id.v)),
            sql_s(row->sku.code),          sql_i_or_null(row->product.v),
            sql_s(row->sku.title),         sql_s_or_null(row->barcode),
            sql_i(row->sku.is_tracked),    sql_i_or_null(row->weight_g),
            sql_i_or_null(row->length_mm), sql_i_or_null(row->width_mm),
            sql_i_or_null(row->height_mm), sql_s_or_null(row->hs_code),
            sql_s_or_null(row->origin),    sql_s(row->attrs),
            sql_i(row->created_at),        sql_s_or_null(row->tax_class),
        };
        memcpy(&args[i * SKU_ADD_PARAMS], own, sizeof own);
    }
    return sql_run_many(ctx, SQL_SKU_ADD, args, SKU_ADD_PARAMS, count,
                        ret_added);
}

err_t sku_row_save(struct ctx *ctx, struct sku_row *row)
{
    const struct sql_arg args[] = {
        sql_i_or_null(row->product.v),
        sql_s(row->sku.title),
        sql_s_or_null(row->barcode),
        sql_i(row->sku.is_tracked),
        sql_i_or_null(row->weight_g),
        sql_i_or_null(row->length_mm),
        sql_i_or_null(row->width_mm),
        sql_i_or_null(row->height_mm),
        sql_s_or_null(row->hs_code),
        sql_s_or_null(row->origin),
        sql_s(row->attrs),
        sql_s_or_null(row->tax_class),
        sql_i(row->sku.id.v),
        sql_i(row->sku.version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_SKU_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    row->sku.version += 1;
    return OK;
}
