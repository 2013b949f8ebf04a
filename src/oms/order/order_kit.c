/* order_kit.c - rows of the components that lines of kits were sold with. */
#include "oms/order/order_kit.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "store/sql.h"

err_t order_is_awaited(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct sql_arg args[] = {sql_i(sku.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_AWAITED, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

static size_t count_parts(const struct order *const *orders, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < orders[i]->line_count; j++)
            n += orders[i]->lines[j].part_count;
    return n;
}

static struct sql_arg *put_parts(struct sql_arg *at, const struct order *order,
                                 const struct order_line *line)
{
    for (size_t i = 0; i < line->part_count; i++) {
        const struct order_part *part = &line->parts[i];
        *at++ = sql_i(order->id.v);
        *at++ = sql_i(line->n);
        *at++ = sql_i((int64_t)i + 1);
        *at++ = sql_i(id_bucket(order->id.v));
        *at++ = sql_i(part->sku.v);
        *at++ = sql_s(part->code);
        *at++ = sql_i(part->quantity);
    }
    return at;
}

err_t order_part_insert_many(struct ctx *ctx, const struct order *const *orders,
                             size_t count)
{
    enum { PARAMS = 7 };
    size_t parts = count_parts(orders, count);
    if (parts == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, parts * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < orders[i]->line_count; j++)
            at = put_parts(at, orders[i], &orders[i]->lines[j]);
    ASSERT(at == args + parts * PARAMS);
    return sql_run_many(ctx, SQL_ORDER_PART_INSERT, args, PARAMS, parts, NULL);
}

err_t order_part_read(struct ctx *ctx, struct order *order)
{
    struct sql_arg args[] = {sql_i(id_bucket(order->id.v)), sql_i(order->id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_PART_LIST, args, COUNT_OF(args), &rows));
    struct order_part *parts =
        arena_array(ctx->arena, struct order_part, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        int64_t n = sql_int(&rows, i, 0);
        ASSERT(n >= 1 && n <= (int64_t)order->line_count);
        struct order_line *line = &order->lines[n - 1];
        parts[i] = (struct order_part){
            {sql_int(&rows, i, 1)}, sql_str(&rows, i, 2), sql_int(&rows, i, 3)};
        if (line->part_count == 0)
            line->parts = &parts[i];
        line->part_count++;
    }
    return OK;
}
