/* inventory_wait.c - queues of lines that wait, and turns to walk them. */
#include "oms/inventory/inventory_wait.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_backorder_sql.h"
#include "oms/inventory/inventory_live_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_wait_int.h"
#include "oms/inventory/inventory_wait_sql.h"
#include "store/sql.h"

int wait_key_cmp(const struct wait_key *a, const struct wait_key *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->order.v != b->order.v)
        return a->order.v < b->order.v ? -1 : 1;
    return (a->n > b->n) - (a->n < b->n);
}

static struct wait_key key_at(const struct sql_rows *rows, size_t row,
                              size_t column)
{
    return (struct wait_key){.rank = sql_int(rows, row, column),
                             .order = {sql_int(rows, row, column + 1)},
                             .n = sql_int(rows, row, column + 2)};
}

static struct wait_line *read_lines(struct ctx *ctx,
                                    const struct sql_rows *rows)
{
    struct wait_line *ret =
        arena_array(ctx->arena, struct wait_line, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        ret[i] = (struct wait_line){
            .key = key_at(rows, i, 0),
            .sku = {sql_int(rows, i, 3)},
            .channel = {sql_int(rows, i, 4)},
            .qty = sql_int(rows, i, 5),
            .promise_at = sql_int(rows, i, 6),
            .is_turning = rows->columns > 7 && sql_int(rows, i, 7) != 0,
        };
    return ret;
}

err_t wait_queue(struct ctx *ctx, sku_id sku, const struct wait_key *from,
                 size_t limit, struct wait_line **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(sku.v), sql_i(from->rank),
                             sql_i(from->order.v), sql_i(from->n),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WAIT_QUEUE, args, COUNT_OF(args), &rows));
    *ret = read_lines(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

static int by_order(const void *a, const void *b)
{
    const struct wait_line *x = a, *y = b;
    if (x->key.order.v != y->key.order.v)
        return x->key.order.v < y->key.order.v ? -1 : 1;
    return (x->key.n > y->key.n) - (x->key.n < y->key.n);
}

err_t wait_list_orders(struct ctx *ctx, const order_id *orders, size_t count,
                       struct wait_line **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i].v);
    TRY(sql_list_distinct(ctx, SQL_WAIT_LIST_ORDERS, keys, count, &rows));
    *ret = read_lines(ctx, &rows);
    *ret_count = rows.count;
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, by_order);
    return OK;
}

err_t wait_sums(struct ctx *ctx, sku_id after, size_t limit,
                struct wait_sum **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WAIT_SUMS, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct wait_sum, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct wait_sum){
            {sql_int(&rows, i, 0)}, sql_int(&rows, i, 1), sql_int(&rows, i, 2)};
    return OK;
}

/* ---- turns ---- */

static int by_sku(const void *a, const void *b)
{
    const struct wait_turn *x = a, *y = b;
    if (x->sku.v != y->sku.v)
        return x->sku.v < y->sku.v ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return wait_key_cmp(&x->from, &y->from);
}

err_t wait_wake(struct ctx *ctx, struct wait_turn *turns, size_t count)
{
    enum { PARAMS = 7 };
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    size_t n = 0;
    qsort(turns, count, sizeof *turns, by_sku);
    for (size_t i = 0; i < count; i++) {
        const struct wait_turn *turn = &turns[i];
        if (i > 0 && turns[i - 1].sku.v == turn->sku.v &&
            turns[i - 1].kind == turn->kind)
            continue;
        int bucket = id_bucket(turn->sku.v);
        struct sql_arg *at = &args[n++ * PARAMS];
        at[0] = sql_i(turn->kind);
        at[1] = sql_i(turn->sku.v);
        at[2] = sql_i(bucket);
        at[3] = sql_i(id_next(ctx->ids, ctx->now, bucket));
        at[4] = sql_i(turn->from.rank);
        at[5] = sql_i(turn->from.order.v);
        at[6] = sql_i(turn->from.n);
    }
    return sql_run_many(ctx, SQL_WAIT_TURN_ADD, args, PARAMS, n, NULL);
}

err_t wait_wake_all(struct ctx *ctx)
{
    for (int kind = WAIT_SERVE; kind <= WAIT_PEG; kind++) {
        struct sql_arg args[] = {sql_i(kind),
                                 sql_i(id_next(ctx->ids, ctx->now, 0))};
        TRY(sql_run(ctx, SQL_WAIT_TURN_ADD_ALL, args, COUNT_OF(args), NULL));
    }
    return OK;
}

err_t wait_turn_list(struct ctx *ctx, enum wait_kind kind, size_t limit,
                     struct wait_turn **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(kind), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx,
                 kind == WAIT_PEG ? SQL_WAIT_TURN_LOCK : SQL_WAIT_TURN_LIST,
                 args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct wait_turn, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct wait_turn){.kind = kind,
                                       .sku = {sql_int(&rows, i, 0)},
                                       .stamp = sql_int(&rows, i, 1),
                                       .from = key_at(&rows, i, 2)};
    return OK;
}

err_t wait_is_turning(struct ctx *ctx, bool *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WAIT_TURN_ANY, NULL, 0, &rows));
    *ret = rows.count > 0;
    return OK;
}

err_t wait_turn_done(struct ctx *ctx, const struct wait_turn *turn,
                     const struct wait_key *next)
{
    if (!next) {
        struct sql_arg args[] = {sql_i(turn->kind), sql_i(turn->sku.v),
                                 sql_i(turn->stamp)};
        return sql_run(ctx, SQL_WAIT_TURN_END, args, COUNT_OF(args), NULL);
    }
    struct sql_arg args[] = {sql_i(next->rank),  sql_i(next->order.v),
                             sql_i(next->n),     sql_i(turn->kind),
                             sql_i(turn->sku.v), sql_i(turn->stamp)};
    return sql_run(ctx, SQL_WAIT_TURN_MOVE, args, COUNT_OF(args), NULL);
}

/* ---- who leaves turns behind ---- */

static const struct wait_key first = {.rank = -WAIT_PRIORITY_MAX};

/* What lies free of it rose, or what channels may take of it changed. */
static bool is_freer(const struct stock_touched *at)
{
    const struct stock_level *level = at->level;
    const struct stock_memo *memo = at->memo;
    int64_t claimed = level->delta_committed + level->delta_reserved +
                      level->delta_damaged + level->delta_quality_control +
                      level->delta_held;
    return level->delta_on_hand > claimed ||
           level->safety_stock < memo->safety_stock ||
           (memo->moves == 0 && level->delta_incoming == 0);
}

err_t stock_tell_free(struct ctx *ctx, const struct stock *stock)
{
    struct sql_arg *keys = NULL;
    size_t n = 0;
    for (size_t i = 0; i < stock->touched_count; i++) {
        if (!is_freer(&stock->touched[i]))
            continue;
        if (!keys)
            keys =
                arena_array(ctx->arena, struct sql_arg, stock->touched_count);
        keys[n++] = sql_i(stock->touched[i].level->sku.v);
    }
    if (n == 0)
        return OK;
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_BACKORDER_GET, keys, n, &rows));
    struct wait_turn *turns =
        arena_array(ctx->arena, struct wait_turn, rows.count);
    n = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (sql_int(&rows, i, 1) > 0)
            turns[n++] = (struct wait_turn){
                WAIT_SERVE, {sql_int(&rows, i, 0)}, 0, first};
    return wait_wake(ctx, turns, n);
}

/* Always, whether or not anybody waits: who begins to wait just now is not
 * seen from here. */
err_t supply_tell_moved(struct ctx *ctx, const struct supply *rows,
                        size_t count)
{
    struct wait_turn *turns = arena_array(ctx->arena, struct wait_turn, count);
    for (size_t i = 0; i < count; i++)
        turns[i] = (struct wait_turn){WAIT_PEG, rows[i].sku, 0, first};
    return wait_wake(ctx, turns, count);
}

err_t wait_has_free(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(sku.v)), sql_i(sku.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_LEVEL_LIVE, args, COUNT_OF(args), &rows));
    *ret = false;
    for (size_t i = 0; i < rows.count; i++) {
        struct stock_level level;
        level_read(&rows, i, &level);
        *ret |= stock_bucket_qty(&level, STOCK_AVAILABLE) > 0;
    }
    return OK;
}

/* Where the most lies free first, of the places that the channel ships from
 * (0: of all): which units the queue will take is not known here, only how many
 * at most. */
static void withhold(struct stock *stock, const struct peg_rule *rule,
                     const struct wait_line *line)
{
    struct stock_shelf *shelf = stock_shelf_find(stock, line->sku);
    size_t count = shelf ? shelf->count : 0;
    for (int64_t qty = line->qty; qty > 0;) {
        struct stock_level *most = NULL;
        int64_t free = 0;
        for (size_t i = 0; i < count; i++) {
            struct stock_level *level = &shelf->levels[i];
            int64_t left =
                stock_bucket_qty(level, STOCK_AVAILABLE) - level->withheld;
            if (left > free &&
                (line->channel.v == 0 ||
                 rule->serves(rule->arg, line->channel, level->location))) {
                most = level;
                free = left;
            }
        }
        if (!most)
            return;
        shelf->is_withheld = true;
        most->withheld += free < qty ? free : qty;
        qty -= free < qty ? free : qty;
    }
}

/* A queue that is to be served, and what of it was looked at. */
struct front {
    struct wait_line rest; /* Waits in all, less what was looked at. */
    size_t count;
};

static err_t read_fronts(struct ctx *ctx, const struct stock *stock,
                         struct map *fronts, struct wait_line **ret,
                         size_t *ret_count)
{
    enum { PARAMS = 5 };
    struct sql_rows rows;
    size_t n = 0;
    TRY(sql_list(ctx, SQL_WAIT_WITHHELD, NULL, 0, &rows));
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, rows.count * PARAMS);
    struct front *at = arena_array(ctx->arena, struct front, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        sku_id sku = {sql_int(&rows, i, 0)};
        if (!stock_shelf_find(stock, sku))
            continue;
        at[i].rest =
            (struct wait_line){.sku = sku, .qty = sql_int(&rows, i, 1)};
        map_set(fronts, (struct map_key){.a = sku.v}, &at[i]);
        struct sql_arg *key = &keys[n++ * PARAMS];
        key[0] = sql_i(sku.v);
        for (int j = 1; j <= 3; j++)
            key[j] = sql_i(sql_int(&rows, i, (size_t)j + 1));
        key[4] = sql_i(WAIT_FRONT);
    }
    *ret_count = 0;
    if (n == 0)
        return OK;
    TRY(sql_list_many(ctx, SQL_WAIT_FRONT, keys, PARAMS, n, &rows));
    *ret = read_lines(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t wait_withhold(struct ctx *ctx, struct stock *stock,
                    const struct peg_rule *rule)
{
    struct wait_line *lines;
    size_t count;
    if (stock->count == 0)
        return OK;
    struct map *fronts = map_open(ctx->arena, 4);
    TRY(read_fronts(ctx, stock, fronts, &lines, &count));
    for (size_t i = 0; i < count; i++) {
        struct front *front =
            map_find(fronts, (struct map_key){.a = lines[i].sku.v});
        withhold(stock, rule, &lines[i]);
        front->rest.qty -= lines[i].qty;
        /* Beyond that nobody looks for whom it is. */
        if (++front->count == WAIT_FRONT)
            withhold(stock, rule, &front->rest);
    }
    return OK;
}
