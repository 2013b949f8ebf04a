/* inventory_peg.c - pegs a part of a queue to what is on its way. */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_live_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_wait_int.h"
#include "oms/inventory/inventory_wait_sql.h"
#include "store/sql.h"

enum { SLICE_LINES = 200, SLICE_SUPPLIES = 1000 };

/* A part of a queue, and what there is for it. */
struct slice {
    const struct wait_turn *turn;
    struct wait_key to; /* Its last place; of the last part beyond any line. */
    struct wait_line *lines;
    size_t count;
    bool is_last;
    struct peg_supply *supplies;
    size_t supply_count;
    struct peg *pegs, *old;
    size_t peg_count, old_count;
};

static const struct wait_key beyond = {
    .rank = WAIT_PRIORITY_MAX, .order = {INT64_MAX}, .n = INT64_MAX};

err_t peg_list(struct ctx *ctx, sku_id sku, const struct wait_key *from,
               const struct wait_key *to, struct peg **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(sku.v),         sql_i(from->rank),
                             sql_i(from->order.v), sql_i(from->n),
                             sql_i(to->rank),      sql_i(to->order.v),
                             sql_i(to->n)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_PEG_RANGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct peg, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct peg){
            .key = {.rank = sql_int(&rows, i, 0),
                    .order = {sql_int(&rows, i, 1)},
                    .n = sql_int(&rows, i, 2)},
            .supply = {sql_int(&rows,    i,    3)   },
            .qty = sql_int(&rows, i, 4),
            .location = {sql_int(&rows,         i,      5)  },
            .expected_at = sql_int(&rows, i, 6),
            .reference = sql_str(&rows, i, 7),
        };
    return OK;
}

/* Units that lie about unclaimed: for components of kits, which wait though
 * they are there. */
static err_t read_shelf(struct ctx *ctx, sku_id sku, int64_t *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(sku.v)), sql_i(sku.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_LEVEL_LIVE, args, COUNT_OF(args), &rows));
    *ret = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct stock_level level;
        level_read(&rows, i, &level);
        int64_t free = stock_available(&level);
        *ret += free > 0 ? free : 0;
    }
    return OK;
}

/* All supply, less what lines before this part have. */
static err_t read_supplies(struct ctx *ctx, struct slice *slice)
{
    const struct wait_turn *turn = slice->turn;
    struct sql_arg open[] = {sql_i(turn->sku.v), sql_i(SLICE_SUPPLIES)};
    struct sql_arg args[] = {sql_i(turn->sku.v), sql_i(turn->from.rank),
                             sql_i(turn->from.order.v), sql_i(turn->from.n)};
    struct sql_rows rows, before;
    TRY(sql_list(ctx, SQL_PEG_SUPPLIES, open, COUNT_OF(open), &rows));
    TRY(sql_list(ctx, SQL_PEG_BEFORE, args, COUNT_OF(args), &before));
    slice->supply_count = rows.count + 1;
    slice->supplies =
        arena_array(ctx->arena, struct peg_supply, slice->supply_count);
    struct map *by_id = map_open(ctx->arena, slice->supply_count);
    map_set(by_id, (struct map_key){.a = 0}, &slice->supplies[0]);
    TRY(read_shelf(ctx, turn->sku, &slice->supplies[0].left));
    for (size_t i = 0; i < rows.count; i++) {
        struct peg_supply *supply = &slice->supplies[i + 1];
        *supply = (struct peg_supply){{sql_int(&rows, i, 0)},
                                      {sql_int(&rows, i, 1)},
                                      sql_int(&rows, i, 2),
                                      sql_int(&rows, i, 3)};
        map_set(by_id, (struct map_key){.a = supply->id.v}, supply);
    }
    for (size_t i = 0; i < before.count; i++) {
        struct peg_supply *supply =
            map_find(by_id, (struct map_key){.a = sql_int(&before, i, 0)});
        if (supply)
            supply->left -= sql_int(&before, i, 1);
    }
    return OK;
}

static err_t read_slice(struct ctx *ctx, struct slice *slice)
{
    const struct wait_turn *turn = slice->turn;
    TRY(wait_queue(ctx, turn->sku, &turn->from, SLICE_LINES, &slice->lines,
                   &slice->count));
    slice->is_last = slice->count < SLICE_LINES;
    slice->to = slice->is_last ? beyond : slice->lines[slice->count - 1].key;
    TRY(peg_list(ctx, turn->sku, &turn->from, &slice->to, &slice->old,
                 &slice->old_count));
    return read_supplies(ctx, slice);
}

static bool is_same(const struct slice *slice)
{
    if (slice->peg_count != slice->old_count)
        return false;
    for (size_t i = 0; i < slice->peg_count; i++) {
        const struct peg *a = &slice->pegs[i], *b = &slice->old[i];
        if (wait_key_cmp(&a->key, &b->key) != 0 || a->supply.v != b->supply.v ||
            a->qty != b->qty)
            return false;
    }
    return true;
}

static err_t save_pegs(struct ctx *ctx, const struct slice *slice)
{
    enum { PARAMS = 7 };
    const struct wait_turn *turn = slice->turn;
    const struct wait_key *from = &turn->from, *to = &slice->to;
    struct sql_arg drop[] = {sql_i(turn->sku.v),   sql_i(from->rank),
                             sql_i(from->order.v), sql_i(from->n),
                             sql_i(to->rank),      sql_i(to->order.v),
                             sql_i(to->n)};
    if (is_same(slice))
        return OK;
    if (slice->old_count > 0)
        TRY(sql_run(ctx, SQL_PEG_DROP, drop, COUNT_OF(drop), NULL));
    if (slice->peg_count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, slice->peg_count * PARAMS);
    for (size_t i = 0; i < slice->peg_count; i++) {
        const struct peg *peg = &slice->pegs[i];
        struct sql_arg *at = &args[i * PARAMS];
        at[0] = sql_i(turn->sku.v);
        at[1] = sql_i(peg->key.rank);
        at[2] = sql_i(peg->key.order.v);
        at[3] = sql_i(peg->key.n);
        at[4] = sql_i(peg->supply.v);
        at[5] = sql_i(id_bucket(turn->sku.v));
        at[6] = sql_i(peg->qty);
    }
    return sql_run_many(ctx, SQL_PEG_ADD, args, PARAMS, slice->peg_count, NULL);
}

/* The lines whose promise is another now. */
static err_t save_promises(struct ctx *ctx, const struct slice *slice,
                           const utc_ms *were, order_id *ret, size_t *ret_count)
{
    enum { PARAMS = 3 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, slice->count * PARAMS);
    size_t n = 0;
    for (size_t i = 0; i < slice->count; i++) {
        const struct wait_line *line = &slice->lines[i];
        if (line->promise_at == were[i])
            continue;
        args[n * PARAMS] = sql_i(line->promise_at);
        args[n * PARAMS + 1] = sql_i(line->key.order.v);
        args[n * PARAMS + 2] = sql_i(line->key.n);
        ret[n++] = line->key.order;
    }
    *ret_count = n;
    return n > 0
               ? sql_run_many(ctx, SQL_WAIT_PROMISE_SAVE, args, PARAMS, n, NULL)
               : OK;
}

/* Beyond this part nobody has anything and nothing is left to give. */
static err_t is_over(struct ctx *ctx, const struct slice *slice, bool *ret)
{
    *ret = slice->is_last;
    for (size_t i = 0; i < slice->supply_count; i++)
        if (slice->supplies[i].left > 0)
            return OK;
    struct sql_arg args[] = {sql_i(slice->turn->sku.v), sql_i(slice->to.rank),
                             sql_i(slice->to.order.v), sql_i(slice->to.n)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_PEG_BEYOND, args, COUNT_OF(args), &rows));
    *ret |= rows.count == 0;
    return OK;
}

err_t peg_slice(struct ctx *ctx, const struct wait_turn *turn,
                const struct peg_rule *rule, order_id **ret, size_t *ret_count)
{
    ASSERT(ctx->tx != NULL && turn->kind == WAIT_PEG);
    struct slice slice = {.turn = turn};
    bool over;
    TRY(read_slice(ctx, &slice));
    utc_ms *were = arena_array(ctx->arena, utc_ms, slice.count);
    for (size_t i = 0; i < slice.count; i++)
        were[i] = slice.lines[i].promise_at;
    slice.pegs =
        arena_array(ctx->arena, struct peg, slice.count + slice.supply_count);
    slice.peg_count = peg_match(slice.lines, slice.count, slice.supplies,
                                slice.supply_count, rule, slice.pegs);
    TRY(save_pegs(ctx, &slice));
    *ret = arena_array(ctx->arena, order_id, slice.count);
    TRY(save_promises(ctx, &slice, were, *ret, ret_count));
    TRY(is_over(ctx, &slice, &over));
    struct wait_key next = slice.to;
    next.n += over ? 0 : 1;
    return wait_turn_done(ctx, turn, over ? NULL : &next);
}
