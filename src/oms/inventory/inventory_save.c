/* inventory_save.c - locks the stock of a batch and writes it back in sets. */
#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "store/memo.h"
#include "store/sql.h"

enum {
    TAKE_PARAMS = 7,
    HOLD_PARAMS = 8,
    END_PARAMS = 6,
    CHANGE_PARAMS = 16,
    MOVEMENT_PARAMS = 14,
    RESERVATION_PARAMS = 11
};

static int by_key(int64_t a, int64_t b)
{
    int order = id_bucket(a) - id_bucket(b);
    if (order != 0)
        return order;
    return a < b ? -1 : a > b;
}

static int compare_skus(const void *a, const void *b)
{
    const sku_id *x = a, *y = b;
    return by_key(x->v, y->v);
}

static int compare_touched(const void *a, const void *b)
{
    const struct stock_level *x = ((const struct stock_touched *)a)->level;
    const struct stock_level *y = ((const struct stock_touched *)b)->level;
    int order = by_key(x->sku.v, y->sku.v);
    if (order != 0)
        return order;
    return x->location.v < y->location.v ? -1 : x->location.v > y->location.v;
}

static size_t distinct(sku_id *skus, size_t count)
{
    size_t n = 0;
    qsort(skus, count, sizeof *skus, compare_skus);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || skus[n - 1].v != skus[i].v)
            skus[n++] = skus[i];
    return n;
}

static err_t lock(struct ctx *ctx, const sku_id *skus, size_t count,
                  const struct shelf_near *near, struct stock **ret)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock = arena_new(ctx->arena, struct stock);
    stock->arena = ctx->arena;
    if (count > 0) {
        sku_id *keys = arena_array(ctx->arena, sku_id, count);
        memcpy(keys, skus, count * sizeof *keys);
        stock->count = distinct(keys, count);
        TRY(shelf_lock(ctx, keys, stock->count, near, &stock->shelves));
    }
    TRY(safety_list_shelves(ctx, stock->shelves, stock->count,
                            &stock->policies));
    *ret = stock;
    return OK;
}

err_t stock_lock(struct ctx *ctx, const sku_id *skus, size_t count,
                 struct stock **ret)
{
    struct shelf_near everywhere = {.count = 0};
    return lock(ctx, skus, count, &everywhere, ret);
}

err_t stock_lock_near(struct ctx *ctx, const sku_id *skus, size_t count,
                      const location_id *near, size_t near_count,
                      struct stock **ret)
{
    struct shelf_near places = {near, near_count};
    return lock(ctx, skus, count, &places, ret);
}

bool stock_is_withheld(const struct stock *stock)
{
    bool ret = false;
    for (size_t i = 0; i < stock->count; i++)
        ret |= stock->shelves[i]->is_withheld;
    return ret;
}

/* The narrowest statement that writes what changed. */
enum level_write { LEVEL_TAKE = 1, LEVEL_HOLD, LEVEL_CHANGE };

/* Orders change the committed units alone, holds the reserved ones too. The
 * guards of these know the level's own safety stock only. */
static enum level_write write_of(const struct stock_touched *at)
{
    const struct stock_level *level = at->level;
    const struct stock_memo *memo = at->memo;
    if (level->delta_on_hand != 0 || level->delta_damaged != 0 ||
        level->delta_quality_control != 0 || level->delta_held != 0 ||
        level->delta_incoming != 0 ||
        level->safety_stock != memo->safety_stock ||
        level->low_stock != memo->low_stock ||
        (level->channel_policies | memo->channel_policies) != 0)
        return LEVEL_CHANGE;
    return level->delta_reserved == 0 ? LEVEL_TAKE : LEVEL_HOLD;
}

static void put_take(const struct stock_touched *at, struct sql_arg *ret)
{
    const struct stock_level *level = at->level;
    /* Units that come back need no room. */
    int64_t taken =
        level->delta_committed > 0 ? level->delta_committed : INT64_MIN;
    ret[0] = sql_i(level->delta_committed);
    ret[1] = sql_i(level->last_movement_id);
    ret[2] = sql_i(id_bucket(level->sku.v));
    ret[3] = sql_i(level->sku.v);
    ret[4] = sql_i(level->location.v);
    ret[5] = sql_i(at->memo->movement_id);
    ret[6] = sql_i(taken);
}

static void put_hold(const struct stock_touched *at, struct sql_arg *ret)
{
    const struct stock_level *level = at->level;
    int64_t taken = level->delta_committed + level->delta_reserved;
    ret[0] = sql_i(level->delta_committed);
    ret[1] = sql_i(level->delta_reserved);
    ret[2] = sql_i(level->last_movement_id);
    ret[3] = sql_i(id_bucket(level->sku.v));
    ret[4] = sql_i(level->sku.v);
    ret[5] = sql_i(level->location.v);
    ret[6] = sql_i(at->memo->movement_id);
    ret[7] = sql_i(taken > 0 ? taken : INT64_MIN);
}

static void put_change(const struct stock_touched *at, struct sql_arg *ret)
{
    const struct stock_level *level = at->level;
    ret[0] = sql_i(level->delta_on_hand);
    ret[1] = sql_i(level->delta_committed);
    ret[2] = sql_i(level->delta_reserved);
    ret[3] = sql_i(level->delta_damaged);
    ret[4] = sql_i(level->delta_quality_control);
    ret[5] = sql_i(level->delta_held);
    ret[6] = sql_i(level->safety_stock);
    ret[7] =
        level->low_stock == LOW_NEVER ? sql_null() : sql_i(level->low_stock);
    ret[8] = sql_i(level->channel_policies);
    ret[9] = sql_i(level->last_movement_id);
    ret[10] = sql_i(level->delta_incoming);
    ret[11] = sql_i(id_bucket(level->sku.v));
    ret[12] = sql_i(level->sku.v);
    ret[13] = sql_i(level->location.v);
    ret[14] = sql_i(at->memo->movement_id);
    ret[15] = sql_i(level->version);
}

static err_t run_guarded(struct ctx *ctx, int stmt, const struct sql_arg *args,
                         size_t params, size_t rows)
{
    if (rows == 0)
        return OK;
    int64_t changed;
    TRY(sql_run_many(ctx, stmt, args, params, rows, &changed));
    return changed == (int64_t)rows ? OK : ERR_RETRY;
}

/* The parameter rows of one statement. */
struct level_rows {
    struct sql_arg *args;
    size_t count;
};

static struct sql_arg *next_row(struct ctx *ctx, const struct stock *stock,
                                struct level_rows *rows, size_t params)
{
    if (!rows->args)
        rows->args = arena_array(ctx->arena, struct sql_arg,
                                 stock->touched_count * params);
    return &rows->args[rows->count++ * params];
}

/* One guarded UPDATE per touched level. */
static err_t save_levels(struct ctx *ctx, const struct stock *stock)
{
    struct level_rows takes = {0}, holds = {0}, changes = {0};
    for (size_t i = 0; i < stock->touched_count; i++) {
        const struct stock_touched *at = &stock->touched[i];
        switch (write_of(at)) {
        case LEVEL_TAKE:
            put_take(at, next_row(ctx, stock, &takes, TAKE_PARAMS));
            break;
        case LEVEL_HOLD:
            put_hold(at, next_row(ctx, stock, &holds, HOLD_PARAMS));
            break;
        case LEVEL_CHANGE:
            put_change(at, next_row(ctx, stock, &changes, CHANGE_PARAMS));
            break;
        }
    }
    TRY(run_guarded(ctx, SQL_LEVEL_TAKE, takes.args, TAKE_PARAMS, takes.count));
    TRY(run_guarded(ctx, SQL_LEVEL_HOLD, holds.args, HOLD_PARAMS, holds.count));
    return run_guarded(ctx, SQL_LEVEL_CHANGE, changes.args, CHANGE_PARAMS,
                       changes.count);
}

static err_t save_movements(struct ctx *ctx, const struct stock *stock)
{
    size_t n = stock->movement_count;
    if (n == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, n * MOVEMENT_PARAMS);
    for (size_t i = 0; i < n; i++) {
        const struct stock_movement *m = &stock->movements[i];
        struct sql_arg *row = &args[i * MOVEMENT_PARAMS];
        row[0] = sql_i(m->id);
        row[1] = sql_i(id_bucket(m->level->sku.v));
        row[2] = sql_i(m->level->sku.v);
        row[3] = sql_i(m->level->location.v);
        row[4] = sql_i(m->prev_id);
        row[5] = sql_i(m->type);
        row[6] = sql_i(m->from);
        row[7] = sql_i(m->to);
        row[8] = sql_i(m->qty);
        row[9] = sql_s_or_null(m->reason);
        row[10] = sql_i(m->ref_kind);
        row[11] = sql_i(m->ref_id);
        row[12] = sql_i(m->event_id);
        row[13] = sql_i(m->at);
    }
    return sql_run_many(ctx, SQL_MOVEMENT_ADD, args, MOVEMENT_PARAMS, n, NULL);
}

static err_t save_reservations(struct ctx *ctx, const struct stock *stock)
{
    size_t n = stock->reservation_count;
    if (n == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, n * RESERVATION_PARAMS);
    for (size_t i = 0; i < n; i++) {
        const struct stock_reservation *r = &stock->reservations[i];
        struct sql_arg *row = &args[i * RESERVATION_PARAMS];
        row[0] = sql_i(r->owner_id);
        row[1] = sql_i(r->id.v);
        row[2] = sql_i(id_bucket(r->level->sku.v));
        row[3] = sql_i(r->owner_kind);
        row[4] = sql_i(r->owner_n);
        row[5] = sql_i(r->level->sku.v);
        row[6] = sql_i(r->level->location.v);
        row[7] = sql_i(r->qty);
        bool is_commit = r->owner_kind == OWNER_ORDER_LINE;
        row[8] = sql_i(is_commit ? RESERVATION_COMMIT : RESERVATION_HOLD);
        row[9] = sql_i(is_commit ? RESERVATION_COMMITTED : RESERVATION_HELD);
        row[10] = sql_i(1);
    }
    return sql_run_many(ctx, SQL_RESERVATION_ADD, args, RESERVATION_PARAMS, n,
                        NULL);
}

/* Ends held rows; each must still be live. */
static err_t save_ends(struct ctx *ctx, const struct stock *stock)
{
    size_t n = stock->end_count;
    if (n == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, n * END_PARAMS);
    for (size_t i = 0; i < n; i++) {
        const struct stock_held *held = stock->ends[i].held;
        struct sql_arg *row = &args[i * END_PARAMS];
        row[0] = sql_i(stock->ends[i].state);
        row[1] = sql_i_or_null(held->successor.v);
        row[2] = sql_i(held->owner.id);
        row[3] = sql_i(held->id.v);
        row[4] = sql_i(id_bucket(held->sku.v));
        row[5] = sql_i(held->qty);
    }
    return run_guarded(ctx, SQL_RESERVATION_UNHOLD, args, END_PARAMS, n);
}

/* What was saved is what is stored now: the stock can be used again. */
static void fold(struct ctx *ctx, struct stock *stock)
{
    for (size_t i = 0; i < stock->touched_count; i++) {
        struct stock_shelf *shelf = stock->touched[i].shelf;
        struct stock_level *level = stock->touched[i].level;
        level->on_hand += level->delta_on_hand;
        level->committed += level->delta_committed;
        level->reserved += level->delta_reserved;
        level->damaged += level->delta_damaged;
        level->quality_control += level->delta_quality_control;
        level->held += level->delta_held;
        level->incoming += level->delta_incoming;
        level->delta_on_hand = level->delta_committed = 0;
        level->delta_reserved = level->delta_damaged = 0;
        level->delta_quality_control = level->delta_held = 0;
        level->delta_incoming = 0;
        level->version += 1;
        shelf_note(stock->touched[i].memo, level);
        shelf->has_policies |= level->channel_policies > 0;
        shelf_saved(ctx, shelf);
        ASSERT(level->on_hand >= 0);
        ASSERT(stock_bucket_qty(level, STOCK_AVAILABLE) >= 0);
    }
    stock->touched_count = 0;
    stock->movement_count = 0;
    stock->reservation_count = 0;
    stock->end_count = 0;
}

err_t stock_save(struct ctx *ctx, struct stock *stock)
{
    ASSERT(ctx->tx != NULL);
    if (stock->touched_count > 1)
        qsort(stock->touched, stock->touched_count, sizeof *stock->touched,
              compare_touched);
    TRY(save_levels(ctx, stock));
    TRY(save_ends(ctx, stock));
    TRY(save_reservations(ctx, stock));
    TRY(save_movements(ctx, stock));
    TRY(stock_tell_low(ctx, stock));
    TRY(stock_tell_free(ctx, stock));
    TRY(stock_mark(ctx, stock));
    fold(ctx, stock);
    return OK;
}
