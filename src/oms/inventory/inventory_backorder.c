/* inventory_backorder.c - keeps the sum of units that orders wait for.
 *
 * Called by the consumer that follows orders. What an order waits for is
 * compared with what the sum holds of it, and the sum moves by the difference.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_backorder_sql.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/inventory/inventory_wait_int.h"
#include "store/sql.h"

enum { SAVE_PARAMS = 6 };

struct line {
    int64_t order, n, sku, was, now;
    int64_t old_sku, old_rank, rank, channel;
};
struct sum {
    int64_t sku, by, qty;
};

struct changing {
    struct line *lines;
    size_t count;
    struct map *by_key; /* (order, n): struct line. */
    struct sum *sums;
    size_t sum_count;
    struct map *by_sku;
};

static struct line *line_of(struct changing *c, int64_t order, int64_t n)
{
    struct map_key key = {.a = order, .b = n};
    struct line *line = map_find(c->by_key, key);
    if (!line) {
        line = &c->lines[c->count++];
        *line = (struct line){.order = order, .n = n};
        map_set(c->by_key, key, line);
    }
    return line;
}

static void add_to(struct changing *c, int64_t sku, int64_t by)
{
    struct sum *sum = map_find(c->by_sku, (struct map_key){.a = sku});
    if (!sum) {
        sum = &c->sums[c->sum_count++];
        *sum = (struct sum){.sku = sku};
        map_set(c->by_sku, (struct map_key){.a = sku}, sum);
    }
    sum->by += by;
}

static err_t read_old(struct ctx *ctx, struct changing *c,
                      const order_id *orders, size_t order_count,
                      size_t line_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, order_count);
    for (size_t i = 0; i < order_count; i++)
        keys[i] = sql_i(orders[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_BACKORDER_LINE_LIST, keys, order_count,
                          &rows));
    size_t most = rows.count + line_count;
    c->lines = arena_array(ctx->arena, struct line, most);
    c->by_key = map_open(ctx->arena, most);
    c->sums = arena_array(ctx->arena, struct sum, most);
    c->by_sku = map_open(ctx->arena, most);
    for (size_t i = 0; i < rows.count; i++) {
        struct line *line =
            line_of(c, sql_int(&rows, i, 0), sql_int(&rows, i, 1));
        line->sku = line->old_sku = sql_int(&rows, i, 2);
        line->was = sql_int(&rows, i, 3);
        line->rank = line->old_rank = sql_int(&rows, i, 4);
    }
    return OK;
}

static bool is_changed(const struct line *line)
{
    return line->now != line->was || line->sku != line->old_sku ||
           line->rank != line->old_rank;
}

static struct wait_turn turn_of(const struct line *line, enum wait_kind kind,
                                int64_t sku, int64_t rank)
{
    return (struct wait_turn){kind, {sku}, 0, {rank, {line->order}, line->n}};
}

/* Every queue that changed is walked again from there on: pegged, and served
 * where more is wanted. Before the lines are written: who walks a queue holds
 * its turn and then writes lines. */
static err_t wake(struct ctx *ctx, const struct changing *c)
{
    struct wait_turn *turns =
        arena_array(ctx->arena, struct wait_turn, c->count * 3);
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct line *line = &c->lines[i];
        if (!is_changed(line))
            continue;
        if (line->old_sku)
            turns[n++] = turn_of(line, WAIT_PEG, line->old_sku, line->old_rank);
        if (line->now == 0)
            continue;
        turns[n++] = turn_of(line, WAIT_PEG, line->sku, line->rank);
        if (line->now > line->was || line->rank != line->old_rank)
            turns[n++] = turn_of(line, WAIT_SERVE, line->sku, line->rank);
    }
    return wait_wake(ctx, turns, n);
}

static err_t save_lines(struct ctx *ctx, const struct changing *c)
{
    struct sql_arg *saves =
        arena_array(ctx->arena, struct sql_arg, c->count * SAVE_PARAMS);
    struct sql_arg *drops =
        arena_array(ctx->arena, struct sql_arg, c->count * 2);
    size_t save_count = 0, drop_count = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct line *line = &c->lines[i];
        if (!is_changed(line))
            continue;
        if (line->now == 0) {
            struct sql_arg *at = &drops[drop_count++ * 2];
            at[0] = sql_i(line->order);
            at[1] = sql_i(line->n);
            continue;
        }
        struct sql_arg *at = &saves[save_count++ * SAVE_PARAMS];
        at[0] = sql_i(line->order);
        at[1] = sql_i(line->n);
        at[2] = sql_i(line->sku);
        at[3] = sql_i(line->now);
        at[4] = sql_i(line->rank);
        at[5] = sql_i(line->channel);
    }
    if (save_count > 0)
        TRY(sql_run_many(ctx, SQL_BACKORDER_LINE_SAVE, saves, SAVE_PARAMS,
                         save_count, NULL));
    if (drop_count > 0)
        TRY(sql_run_many(ctx, SQL_BACKORDER_LINE_DROP, drops, 2, drop_count,
                         NULL));
    return OK;
}

static err_t read_sums(struct ctx *ctx, struct changing *c)
{
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, c->sum_count);
    for (size_t i = 0; i < c->sum_count; i++)
        keys[i] = sql_i(c->sums[i].sku);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_BACKORDER_GET, keys, c->sum_count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct sum *sum =
            map_find(c->by_sku, (struct map_key){.a = sql_int(&rows, i, 0)});
        ASSERT(sum != NULL);
        sum->qty = sql_int(&rows, i, 1);
    }
    return OK;
}

static err_t save_sums(struct ctx *ctx, struct changing *c)
{
    TRY(read_sums(ctx, c));
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, c->sum_count * 3);
    for (size_t i = 0; i < c->sum_count; i++) {
        struct sql_arg *at = &args[i * 3];
        at[0] = sql_i(c->sums[i].sku);
        at[1] = sql_i(id_bucket(c->sums[i].sku));
        at[2] = sql_i(c->sums[i].qty + c->sums[i].by);
    }
    if (c->sum_count == 0)
        return OK;
    return sql_run_many(ctx, SQL_BACKORDER_SAVE, args, 3, c->sum_count, NULL);
}

err_t backorder_follow(struct ctx *ctx, const order_id *orders,
                       size_t order_count, const struct backorder *lines,
                       size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct changing c = {0};
    if (order_count == 0)
        return OK;
    TRY(read_old(ctx, &c, orders, order_count, count));
    for (size_t i = 0; i < count; i++) {
        struct line *line = line_of(&c, lines[i].order.v, lines[i].n);
        if (line->was > 0 && line->sku != lines[i].sku.v) {
            add_to(&c, line->sku, -line->was);
            line->was = 0;
        }
        line->sku = lines[i].sku.v;
        line->now = lines[i].qty;
        line->rank = lines[i].rank;
        line->channel = lines[i].channel.v;
    }
    for (size_t i = 0; i < c.count; i++)
        if (c.lines[i].now != c.lines[i].was)
            add_to(&c, c.lines[i].sku, c.lines[i].now - c.lines[i].was);
    TRY(wake(ctx, &c));
    TRY(save_lines(ctx, &c));
    return save_sums(ctx, &c);
}

err_t backorder_get(struct ctx *ctx, sku_id sku, int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(sku.v)};
    TRY(sql_list(ctx, SQL_BACKORDER_GET, args, COUNT_OF(args), &rows));
    *ret = rows.count == 1 ? sql_int(&rows, 0, 1) : 0;
    return OK;
}
