/* catalog_product.c - products: their rows and the commands that write them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/catalog/catalog_rules.h"
#include "oms/catalog/catalog_sql.h"
#include "oms/catalog/catalog_store.h"
#include "store/event.h"
#include "store/sql.h"

static void read_product(const struct sql_rows *rows, size_t i,
                         struct product *ret)
{
    *ret = (struct product){
        .id = {sql_int(rows, i, 0)},
        .code = sql_str(rows, i, 1),
        .title = sql_str(rows, i, 2),
        .attrs = sql_str(rows, i, 3),
        .version = sql_int(rows, i, 4),
        .created_at = sql_int(rows, i, 5),
    };
}

static struct product *read_products(struct ctx *ctx,
                                     const struct sql_rows *rows)
{
    struct product *products =
        arena_array(ctx->arena, struct product, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_product(rows, i, &products[i]);
    return products;
}

static err_t row_one(struct ctx *ctx, int stmt, product_id id,
                     struct product *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "product", &rows));
    read_product(&rows, 0, ret);
    return OK;
}

err_t product_get(struct ctx *ctx, product_id id, struct product *ret)
{
    return row_one(ctx, SQL_PRODUCT_ROW, id, ret);
}

err_t product_row_lock(struct ctx *ctx, product_id id, struct product *ret)
{
    return row_one(ctx, SQL_PRODUCT_LOCK, id, ret);
}

err_t product_list_codes(struct ctx *ctx, const str *codes, size_t count,
                         struct product **ret, size_t *ret_count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = sql_s(codes[i]);
    *ret = NULL;
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_PRODUCT_BY_CODE, args, 1, count, &rows));
    *ret = read_products(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t product_find(struct ctx *ctx, str code, struct product *ret, bool *found)
{
    struct product *products;
    size_t count;
    TRY(product_list_codes(ctx, &code, 1, &products, &count));
    *found = count == 1;
    if (*found)
        *ret = products[0];
    return OK;
}

err_t product_row_page(struct ctx *ctx, str code, int64_t after, size_t limit,
                       struct product **ret, size_t *ret_count)
{
    if (code.len > 0) {
        TRY(product_list_codes(ctx, &code, 1, ret, ret_count));
        /* One at most, which the cursor may have passed. */
        if (*ret_count == 1 && (*ret)[0].id.v <= after)
            *ret_count = 0;
        return OK;
    }
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_PRODUCT_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_products(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t product_row_add(struct ctx *ctx, const struct product *product,
                      int64_t *ret_added)
{
    struct sql_arg args[] = {
        sql_i(product->id.v),       sql_s(product->code),
        sql_s(product->title),      sql_s(product->attrs),
        sql_i(product->created_at),
    };
    return sql_run(ctx, SQL_PRODUCT_ADD, args, COUNT_OF(args), ret_added);
}

err_t product_row_save(struct ctx *ctx, struct product *product)
{
    struct sql_arg args[] = {
        sql_s(product->title),
        sql_s(product->attrs),
        sql_i(product->id.v),
        sql_i(product->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PRODUCT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    product->version += 1;
    return OK;
}

static err_t tell(struct ctx *ctx, const char *type,
                  const struct product *product)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", product->code);
    json_put_i64(&out, "version", product->version);
    json_end_object(&out);
    return event_add(ctx, type, "product", product->id.v, buf_str(&buf), NULL);
}

err_t product_create(struct ctx *ctx, const struct product_cmd *cmd,
                     struct product *ret)
{
    ASSERT(ctx->tx != NULL);
    struct product product;
    bool found;
    TRY(product_check(ctx, cmd));
    TRY(product_find(ctx, cmd->code, &product, &found));
    if (found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a product with this code");
    product = (struct product){
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .code = cmd->code,
        .title = cmd->title,
        .attrs = cmd->attrs.len > 0 ? cmd->attrs : STR("{}"),
        .version = 1,
        .created_at = ctx->now,
    };
    int64_t added;
    TRY(product_row_add(ctx, &product, &added));
    if (added != 1)
        return ERR_RETRY; /* Another writer was faster: look again. */
    TRY(tell(ctx, "product.created", &product));
    *ret = product;
    return OK;
}

err_t product_change(struct ctx *ctx, product_id id,
                     const struct product_change *change, struct product *ret)
{
    ASSERT(ctx->tx != NULL);
    struct product product = {0};
    TRY(product_row_lock(ctx, id, &product));
    TRY(check_version(ctx, change->version, product.version));
    struct product_cmd cmd = {product.code, product.title, product.attrs};
    if (change->title)
        cmd.title = *change->title;
    if (change->attrs)
        cmd.attrs = *change->attrs;
    TRY(product_check(ctx, &cmd));
    product.title = cmd.title;
    product.attrs = cmd.attrs;
    TRY(product_row_save(ctx, &product));
    TRY(tell(ctx, "product.changed", &product));
    *ret = product;
    return OK;
}
