/* inventory_shelf.c - shelves: read, kept, given up.
 *
 * Kept ones stand in a table of sets, each SKU in one of a few places; the one
 * used longest ago makes room. What is given up stays readable until the next
 * transaction, since the command that has it still goes on.
 */
#include "oms/inventory/inventory_shelf.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_store.h"
#include "store/memo.h"
#include "store/sql.h"

enum { SETS = 2048, WAYS = 4, PARTS = 8 };
enum { LOCK_PARAMS = 2, NEAR_PARAMS = 3 };

/* Debug builds read what is kept again and compare. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_COMPARED = 1 };
#else
enum { IS_COMPARED = 0 };
#endif

struct keep {
    struct stock_shelf *at[SETS][WAYS];
    size_t bytes, most; /* Of all of them. */
    size_t hand;        /* The set that makes room next. */
    struct stock_shelf *old;
    int64_t begun; /* The transaction that gave up the old ones. */
};

/* ---- kept ---- */

static void free_old(struct keep *keep)
{
    while (keep->old) {
        struct stock_shelf *next = keep->old->next;
        mem_free(keep->old);
        keep->old = next;
    }
}

static void give_up(struct keep *keep, struct stock_shelf **slot)
{
    struct stock_shelf *shelf = *slot;
    shelf->is_kept = false;
    shelf->next = keep->old;
    keep->old = shelf;
    keep->bytes -= shelf->bytes;
    *slot = NULL;
}

static void give_up_since(struct keep *keep, int64_t since)
{
    for (size_t i = 0; i < SETS; i++)
        for (size_t j = 0; j < WAYS; j++)
            if (keep->at[i][j] && keep->at[i][j]->mark >= since)
                give_up(keep, &keep->at[i][j]);
}

static void keep_undone(void *data, int64_t since)
{
    give_up_since(data, since);
}

static void keep_drop(void *data)
{
    struct keep *keep = data;
    give_up_since(keep, 0);
    free_old(keep);
    mem_free(keep);
}

/* NULL: this connection keeps nothing. */
static struct keep *keep_of(struct ctx *ctx)
{
    if (!store_memo_holds(ctx))
        return NULL;
    struct store_memo *memo = store_memo(ctx, MEMO_STOCK);
    if (!memo->data)
        *memo = (struct store_memo){mem_new(sizeof(struct keep)), keep_drop,
                                    keep_undone};
    struct keep *keep = memo->data;
    keep->most = store_memo_bytes(ctx);
    if (keep->begun != store_mark_begun(ctx)) {
        free_old(keep);
        keep->begun = store_mark_begun(ctx);
    }
    return keep;
}

static struct stock_shelf **set_of(struct keep *keep, sku_id sku)
{
    uint64_t hash = (uint64_t)sku.v * UINT64_C(0x9e3779b97f4a7c15);
    return keep->at[hash >> 53];
}

static struct stock_shelf **slot_of(struct keep *keep, sku_id sku)
{
    struct stock_shelf **set = set_of(keep, sku);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i] && set[i]->sku.v == sku.v)
            return &set[i];
    return NULL;
}

/* An empty place for the SKU; NULL where it would take too much. */
static struct stock_shelf **place_for(struct keep *keep, sku_id sku,
                                      size_t bytes)
{
    struct stock_shelf **set = set_of(keep, sku), **ret = &set[0];
    if (bytes > keep->most / PARTS)
        return NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (!set[i]) {
            ret = &set[i];
            break;
        }
        if (set[i]->mark < (*ret)->mark)
            ret = &set[i];
    }
    if (*ret)
        give_up(keep, ret);
    for (; keep->bytes + bytes > keep->most; keep->hand++)
        for (size_t i = 0; i < WAYS; i++)
            if (keep->at[keep->hand % SETS][i])
                give_up(keep, &keep->at[keep->hand % SETS][i]);
    return ret;
}

/* What a command before has left there. */
static struct stock_shelf *find_kept(struct ctx *ctx, struct keep *keep,
                                     sku_id sku)
{
    struct stock_shelf **slot = slot_of(keep, sku);
    if (!slot)
        return NULL;
    struct stock_shelf *shelf = *slot;
    if (shelf->is_dirty || shelf->mark == store_mark(ctx)) {
        give_up(keep, slot);
        return NULL;
    }
    for (size_t i = 0; shelf->is_withheld && i < shelf->count; i++)
        shelf->levels[i].withheld = 0;
    shelf->is_withheld = false;
    shelf->mark = store_mark(ctx);
    return shelf;
}

/* ---- read ---- */

void shelf_note(struct stock_memo *memo, const struct stock_level *level)
{
    *memo = (struct stock_memo){
        .movement_id = level->last_movement_id,
        .safety_stock = level->safety_stock,
        .low_stock = level->low_stock,
        .channel_policies = level->channel_policies,
    };
}

/* In one block of memory: of the connection where it is kept. */
static struct stock_shelf *shelf_new(struct ctx *ctx, struct keep *keep,
                                     sku_id sku, size_t count)
{
    size_t levels = count * sizeof(struct stock_level);
    size_t size =
        sizeof(struct stock_shelf) + levels + count * sizeof(struct stock_memo);
    struct stock_shelf **place = keep ? place_for(keep, sku, size) : NULL;
    char *block =
        place ? mem_new(size) : arena_alloc_array(ctx->arena, size, 1);
    struct stock_shelf *ret = (void *)block;
    _Static_assert(sizeof(struct stock_shelf) % sizeof(int64_t) == 0,
                   "levels stand behind it");
    ret->sku = sku;
    ret->levels = (void *)(block + sizeof *ret);
    ret->memos = (void *)(block + sizeof *ret + levels);
    ret->count = count;
    ret->bytes = size;
    ret->mark = store_mark(ctx);
    if (place) {
        ret->is_kept = true;
        keep->bytes += size;
        *place = ret;
    }
    return ret;
}

static struct sql_arg *keys_of(struct ctx *ctx, const sku_id *skus,
                               size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOCK_PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * LOCK_PARAMS] = sql_i(id_bucket(skus[i].v));
        args[i * LOCK_PARAMS + 1] = sql_i(skus[i].v);
    }
    return args;
}

static err_t read_levels(struct ctx *ctx, const sku_id *skus, size_t count,
                         struct sql_rows *ret)
{
    return sql_list_many(ctx, SQL_LEVEL_LOCK, keys_of(ctx, skus, count),
                         LOCK_PARAMS, count, ret);
}

static err_t read_near(struct ctx *ctx, const sku_id *skus, size_t count,
                       const struct shelf_near *near, struct sql_rows *ret)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       count * near->count * NEAR_PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < near->count; j++) {
            *at++ = sql_i(id_bucket(skus[i].v));
            *at++ = sql_i(skus[i].v);
            *at++ = sql_i(near->at[j].v);
        }
    return sql_list_many(ctx, SQL_LEVEL_NEAR, args, NEAR_PARAMS,
                         count * near->count, ret);
}

/* The gates first, in a statement of their own: what is read then is what who
 * held them before has written. */
static err_t read_behind_gates(struct ctx *ctx, const sku_id *skus,
                               size_t count, const struct shelf_near *near,
                               struct sql_rows *ret)
{
    const struct sql_arg *keys = keys_of(ctx, skus, count);
    TRY(sql_list_many(ctx, SQL_LEVEL_GATE, keys, LOCK_PARAMS, count, ret));
    if (near->count > 0)
        return read_near(ctx, skus, count, near, ret);
    return sql_list_many(ctx, SQL_LEVEL_BEHIND_GATE, keys, LOCK_PARAMS, count,
                         ret);
}

/* The rows of one SKU from `row` on; *row ends behind them. */
static struct stock_shelf *shelf_read(struct ctx *ctx, struct keep *keep,
                                      sku_id sku, const struct sql_rows *rows,
                                      size_t *row)
{
    size_t first = *row, end = first;
    while (end < rows->count && sql_int(rows, end, 0) == sku.v)
        end++;
    struct stock_shelf *ret = shelf_new(ctx, keep, sku, end - first);
    for (size_t i = 0; i < ret->count; i++) {
        struct stock_level *level = &ret->levels[i];
        level_read(rows, first + i, level);
        ASSERT(i == 0 || level->location.v > level[-1].location.v);
        shelf_note(&ret->memos[i], level);
        ret->has_policies |= level->channel_policies > 0;
    }
    *row = end;
    return ret;
}

/* What is kept is what is stored. */
static err_t compare(struct ctx *ctx, const struct stock_shelf *shelf)
{
    struct sql_rows rows;
    TRY(read_levels(ctx, &shelf->sku, 1, &rows));
    ASSERT(rows.count == shelf->count);
    for (size_t i = 0; i < rows.count; i++) {
        struct stock_level level;
        level_read(&rows, i, &level);
        ASSERT(memcmp(&level, &shelf->levels[i], sizeof level) == 0);
    }
    return OK;
}

static err_t fill(struct ctx *ctx, struct keep *keep, const sku_id *skus,
                  size_t count, struct stock_shelf **shelves)
{
    sku_id *missing = arena_array(ctx->arena, sku_id, count);
    size_t n = 0, row = 0;
    for (size_t i = 0; i < count; i++)
        if (!shelves[i])
            missing[n++] = skus[i];
    if (n == 0)
        return OK;
    struct sql_rows rows;
    TRY(read_levels(ctx, missing, n, &rows));
    for (size_t i = 0; i < count; i++)
        if (!shelves[i])
            shelves[i] = shelf_read(ctx, keep, skus[i], &rows, &row);
    ASSERT(row == rows.count);
    return OK;
}

static err_t lock_kept(struct ctx *ctx, struct keep *keep, const sku_id *skus,
                       size_t count, struct stock_shelf **shelves)
{
    for (size_t i = 0; i < count; i++) {
        shelves[i] = find_kept(ctx, keep, skus[i]);
        if (shelves[i] && IS_COMPARED)
            TRY(compare(ctx, shelves[i]));
    }
    return fill(ctx, keep, skus, count, shelves);
}

static err_t lock_gates(struct ctx *ctx, const sku_id *skus, size_t count,
                        const struct shelf_near *near,
                        struct stock_shelf **shelves)
{
    struct sql_rows rows;
    size_t row = 0;
    TRY(read_behind_gates(ctx, skus, count, near, &rows));
    for (size_t i = 0; i < count; i++)
        shelves[i] = shelf_read(ctx, NULL, skus[i], &rows, &row);
    ASSERT(row == rows.count);
    return OK;
}

err_t shelf_lock(struct ctx *ctx, const sku_id *skus, size_t count,
                 const struct shelf_near *near, struct stock_shelf ***ret)
{
    struct keep *keep = keep_of(ctx);
    *ret = arena_array(ctx->arena, struct stock_shelf *, count);
    return keep ? lock_kept(ctx, keep, skus, count, *ret)
                : lock_gates(ctx, skus, count, near, *ret);
}

/* ---- changed ---- */

void shelf_saved(struct ctx *ctx, struct stock_shelf *shelf)
{
    shelf->is_dirty = false;
    if (!shelf->is_kept)
        shelf_forget(ctx, shelf->sku);
}

void shelf_forget(struct ctx *ctx, sku_id sku)
{
    struct keep *keep = keep_of(ctx);
    struct stock_shelf **slot = keep ? slot_of(keep, sku) : NULL;
    if (slot)
        give_up(keep, slot);
}
