/* inventory_stock.c - the hot face: stock of a batch, decided in memory. */
#include "oms/inventory/inventory_stock.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"

/* Where a bucket's unsaved change stands; NULL for those that have none. */
static int64_t *delta_of(struct stock_level *level, enum stock_bucket bucket)
{
    switch (bucket) {
    case STOCK_OUTSIDE:
    case STOCK_AVAILABLE: return NULL;
    case STOCK_COMMITTED: return &level->delta_committed;
    case STOCK_RESERVED: return &level->delta_reserved;
    case STOCK_DAMAGED: return &level->delta_damaged;
    case STOCK_QUALITY_CONTROL: return &level->delta_quality_control;
    case STOCK_HELD: return &level->delta_held;
    }
    UNREACHABLE("not a stock bucket");
}

static int64_t unclaimed(const struct stock_level *level)
{
    return level->on_hand + level->delta_on_hand - level->committed -
           level->delta_committed - level->reserved - level->delta_reserved -
           level->damaged - level->delta_damaged - level->quality_control -
           level->delta_quality_control - level->held - level->delta_held;
}

int64_t stock_available(const struct stock_level *level)
{
    return unclaimed(level) - level->safety_stock;
}

int64_t stock_sellable(const struct stock *stock,
                       const struct stock_level *level, channel_id channel)
{
    return safety_sellable(&stock->policies, level, channel) - level->withheld;
}

bool stock_is_there(const struct stock_level *level, int64_t qty)
{
    return qty <= (level->channel_policies > 0 ? unclaimed(level)
                                               : stock_available(level));
}

int64_t stock_bucket_qty(const struct stock_level *level,
                         enum stock_bucket bucket)
{
    switch (bucket) {
    case STOCK_OUTSIDE: return INT64_MAX;
    case STOCK_AVAILABLE: return unclaimed(level);
    case STOCK_COMMITTED: return level->committed + level->delta_committed;
    case STOCK_RESERVED: return level->reserved + level->delta_reserved;
    case STOCK_DAMAGED: return level->damaged + level->delta_damaged;
    case STOCK_QUALITY_CONTROL:
        return level->quality_control + level->delta_quality_control;
    case STOCK_HELD: return level->held + level->delta_held;
    }
    UNREACHABLE("not a stock bucket");
}

/* A list that may hold one more, grown in the arena. */
static void *grown(struct arena *arena, void *list, size_t count, size_t *room,
                   size_t size)
{
    if (count < *room)
        return list;
    size_t more = *room == 0 ? 64 : *room * 2;
    void *bigger = arena_alloc_array(arena, more, size);
    if (count > 0)
        memcpy(bigger, list, count * size);
    *room = more;
    return bigger;
}

struct stock_shelf *stock_shelf_find(const struct stock *stock, sku_id sku)
{
    int bucket = id_bucket(sku.v);
    size_t low = 0, high = stock->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int64_t id = stock->shelves[mid]->sku.v;
        int mid_bucket = id_bucket(id);
        if (id == sku.v)
            return stock->shelves[mid];
        if (mid_bucket < bucket || (mid_bucket == bucket && id < sku.v))
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* What is stored of a level that is changed now. */
static struct stock_memo *touch(struct stock *stock,
                                const struct stock_level *level)
{
    struct stock_shelf *shelf = stock_shelf_find(stock, level->sku);
    ASSERT(shelf && level >= shelf->levels);
    size_t at = (size_t)(level - shelf->levels);
    ASSERT(at < shelf->count);
    struct stock_memo *memo = &shelf->memos[at];
    shelf->is_dirty = true;
    if (memo->is_touched)
        return memo;
    memo->is_touched = true;
    stock->touched = grown(stock->arena, stock->touched, stock->touched_count,
                           &stock->touched_room, sizeof *stock->touched);
    stock->touched[stock->touched_count++] =
        (struct stock_touched){&shelf->levels[at], memo, shelf};
    return memo;
}

void stock_touch(struct stock *stock, const struct stock_level *level)
{
    (void)touch(stock, level);
}

void stock_expect(struct stock *stock, struct stock_level *level, int64_t by)
{
    level->delta_incoming += by;
    ASSERT(level->incoming + level->delta_incoming >= 0);
    stock_touch(stock, level);
}

void stock_move(struct ctx *ctx, struct stock *stock, struct stock_level *level,
                const struct stock_move *move)
{
    ASSERT(move->qty > 0);
    ASSERT(move->from != move->to);
    ASSERT(stock_bucket_qty(level, move->from) >= move->qty);
    int64_t *from = delta_of(level, move->from);
    int64_t *to = delta_of(level, move->to);
    if (from)
        *from -= move->qty;
    if (to)
        *to += move->qty;
    if (move->from == STOCK_OUTSIDE)
        level->delta_on_hand += move->qty;
    if (move->to == STOCK_OUTSIDE)
        level->delta_on_hand -= move->qty;
    ASSERT(stock_bucket_qty(level, move->from) >= 0);

    int64_t id = id_next(ctx->ids, ctx->now, id_bucket(level->sku.v));
    stock->movements =
        grown(stock->arena, stock->movements, stock->movement_count,
              &stock->movement_room, sizeof *stock->movements);
    stock->movements[stock->movement_count++] = (struct stock_movement){
        .level = level,
        .id = id,
        .prev_id = level->last_movement_id,
        .type = move->type,
        .from = move->from,
        .to = move->to,
        .qty = move->qty,
        .reason = move->reason,
        .ref_kind = move->ref_kind,
        .ref_id = move->ref_id,
        .event_id = move->event_id,
        .at = ctx->now,
    };
    level->last_movement_id = id;
    touch(stock, level)->moves++;
}

reservation_id stock_reserve(struct ctx *ctx, struct stock *stock,
                             const struct stock_level *level,
                             const struct stock_owner *owner, int64_t qty)
{
    ASSERT(qty > 0);
    reservation_id id = {id_next(ctx->ids, ctx->now, id_bucket(level->sku.v))};
    stock->reservations =
        grown(stock->arena, stock->reservations, stock->reservation_count,
              &stock->reservation_room, sizeof *stock->reservations);
    stock->reservations[stock->reservation_count++] =
        (struct stock_reservation){
            .level = level,
            .id = id,
            .owner_kind = owner->kind,
            .owner_id = owner->id,
            .owner_n = owner->n,
            .qty = qty,
        };
    return id;
}

void stock_end(struct stock *stock, const struct stock_held *held,
               enum reservation_state state)
{
    stock->ends = grown(stock->arena, stock->ends, stock->end_count,
                        &stock->end_room, sizeof *stock->ends);
    stock->ends[stock->end_count++] = (struct stock_end){held, state};
}

reservation_id stock_commit(struct ctx *ctx, struct stock *stock,
                            struct stock_level *level, int64_t qty,
                            const struct stock_owner *owner)
{
    ASSERT(qty > 0);
    ASSERT(stock_is_there(level, qty));
    reservation_id id = stock_reserve(ctx, stock, level, owner, qty);
    struct stock_move move = {
        .type = MOVEMENT_COMMIT,
        .from = STOCK_AVAILABLE,
        .to = STOCK_COMMITTED,
        .qty = qty,
        .ref_kind = REF_ORDER,
        .ref_id = owner->id,
        .event_id = owner->event_id,
    };
    stock_move(ctx, stock, level, &move);
    return id;
}

size_t stock_levels(struct stock *stock, sku_id sku,
                    struct stock_level **ret_first)
{
    struct stock_shelf *shelf = stock_shelf_find(stock, sku);
    *ret_first = shelf && shelf->count > 0 ? shelf->levels : NULL;
    return shelf ? shelf->count : 0;
}

struct stock_level *stock_level_next(struct stock_level *levels, size_t count,
                                     location_id location, size_t *at)
{
    size_t low = 0, high = count;
    if (*at < count && levels[*at].location.v == location.v)
        return &levels[(*at)++];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (levels[mid].location.v == location.v) {
            *at = mid + 1;
            return &levels[mid];
        }
        if (levels[mid].location.v < location.v)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

struct stock_level *stock_level_find(struct stock *stock, sku_id sku,
                                     location_id location)
{
    struct stock_level *levels;
    size_t count = stock_levels(stock, sku, &levels), at = 0;
    return stock_level_next(levels, count, location, &at);
}
