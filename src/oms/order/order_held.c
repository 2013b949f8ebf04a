/* order_held.c - see order_held.h. */
#include "oms/order/order_held.h"

#include "base/arena.h"
#include "base/map.h"
#include "oms/order/order_held_sql.h"
#include "store/sql.h"

err_t order_held_many(struct ctx *ctx, const order_id *ids, size_t count,
                      struct order_held *ret)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    struct map *by_id = map_open(ctx->arena, count);
    struct sql_rows rows;
    if (count == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        args[i] = sql_i(ids[i].v);
        ret[i] = (struct order_held){.is_whole = false};
        map_set(by_id, (struct map_key){.a = ids[i].v}, &ret[i]);
    }
    TRY(sql_list_many(ctx, SQL_ORDER_HELD_ROWS, args, 1, count, &rows));
    int64_t *lines = arena_array(ctx->arena, int64_t, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct order_held *held =
            map_find(by_id, (struct map_key){.a = sql_int(&rows, i, 0)});
        lines[i] = sql_int(&rows, i, 1);
        held->is_whole |= lines[i] == 0;
        if (lines[i] != 0 && held->count++ == 0)
            held->lines = &lines[i];
    }
    return OK;
}

bool order_is_held(const struct order_held *held, int64_t n)
{
    for (size_t i = 0; i < held->count; i++)
        if (held->lines[i] == n)
            return true;
    return held->is_whole;
}
