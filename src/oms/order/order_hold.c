/* order_hold.c - orders that confirm a hold. */
#include "oms/order/order_hold.h"

#include "base/arena.h"

/* The holds of a batch, and those that were confirmed in it. */
struct batch_holds {
    struct hold *at;
    size_t count;
    struct map *by_id;
    const struct hold **confirmed;
    size_t confirmed_count;
};

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

err_t order_hold_gather(struct order_batch *batch)
{
    struct ctx *ctx = batch->ctx;
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++)
        n += batch->items[i].item->cmd->hold.v != 0;
    if (n == 0)
        return OK;
    struct batch_holds *holds = arena_new(ctx->arena, struct batch_holds);
    hold_id *ids = arena_array(ctx->arena, hold_id, n);
    n = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i].item->cmd->hold.v != 0)
            ids[n++] = batch->items[i].item->cmd->hold;
    TRY(hold_lock_many(ctx, ids, n, &holds->at, &holds->count));
    holds->by_id = map_open(ctx->arena, holds->count);
    for (size_t i = 0; i < holds->count; i++)
        map_set(holds->by_id, id_key(holds->at[i].id.v), &holds->at[i]);
    holds->confirmed =
        arena_array(ctx->arena, const struct hold *, holds->count);
    batch->holds = holds;
    return OK;
}

size_t order_hold_sku_count(const struct order_batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; batch->holds && i < batch->holds->count; i++)
        n += batch->holds->at[i].held_count;
    return n;
}

size_t order_hold_skus(const struct order_batch *batch, sku_id *ret)
{
    size_t n = 0;
    for (size_t i = 0; batch->holds && i < batch->holds->count; i++)
        for (size_t j = 0; j < batch->holds->at[i].held_count; j++)
            ret[n++] = batch->holds->at[i].held[j].sku;
    return n;
}

const struct hold *order_hold_find(const struct order_batch *batch,
                                   const struct batch_item *item)
{
    hold_id id = item->item->cmd->hold;
    return id.v ? map_find(batch->holds->by_id, id_key(id.v)) : NULL;
}

static err_t find_hold(const struct order_batch *batch,
                       const struct batch_item *item, struct hold **ret)
{
    struct ctx *ctx = item->item->ctx;
    struct hold *hold =
        map_find(batch->holds->by_id, id_key(item->item->cmd->hold.v));
    if (!hold)
        return fail_as(ctx, ERR_INVALID, "hold_unknown", "hold",
                       "there is no hold with this id");
    if (hold->channel.v != item->channel->channel->id.v)
        return fail_as(ctx, ERR_STATE, "hold_other_channel", "hold",
                       "the hold was made for another channel");
    TRY(hold_check_open(ctx, hold, ctx->now));
    if (hold->held_count == 0 ||
        !stock_covers(batch->stock, hold->held, hold->held_count))
        return fail(ctx, ERR_INTERNAL, "", "hold %lld lacks its units",
                    (long long)hold->id.v);
    *ret = hold;
    return OK;
}

/* What the rows still have is in `left`; only the plan knows what it took. */
static void divide(const struct batch_item *item, struct arena *arena,
                   struct held_plan *plan)
{
    const struct order_cmd *cmd = item->item->cmd;
    size_t rows = plan->hold->held_count;
    int64_t *left = arena_array(arena, int64_t, rows);
    for (size_t i = 0; i < rows; i++)
        left[i] = plan->hold->held[i].left;
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct sku *sku = item->skus[i]->sku;
        /* A SKU that takes no stock any more leaves what was held of it. */
        int64_t open = sku->is_tracked ? cmd->lines[i].qty : 0;
        for (size_t j = 0; j < rows && open > 0; j++) {
            struct stock_held *row = &plan->hold->held[j];
            if (row->sku.v != sku->id.v || left[j] == 0)
                continue;
            int64_t qty = left[j] < open ? left[j] : open;
            plan->takes[plan->count++] = (struct held_take){i, row, qty};
            plan->qty[i] += qty;
            left[j] -= qty;
            open -= qty;
        }
    }
}

err_t order_hold_plan(const struct order_batch *batch,
                      const struct batch_item *item, struct held_plan *ret)
{
    const struct order_cmd *cmd = item->item->cmd;
    struct arena *arena = batch->ctx->arena;
    *ret = (struct held_plan){.hold = NULL};
    if (cmd->hold.v == 0)
        return OK;
    TRY(find_hold(batch, item, &ret->hold));
    /* A take ends a line or empties a row. */
    ret->takes = arena_array(arena, struct held_take,
                             cmd->line_count + ret->hold->held_count);
    ret->qty = arena_array(arena, int64_t, cmd->line_count);
    divide(item, arena, ret);
    return OK;
}

void order_hold_confirm(struct order_batch *batch, const struct held_plan *held,
                        struct batch_order *fresh, struct order_allocation *ret)
{
    struct batch_holds *holds = batch->holds;
    for (size_t i = 0; i < held->count; i++) {
        const struct held_take *take = &held->takes[i];
        struct stock_owner owner = {OWNER_ORDER_LINE, fresh->order.id.v,
                                    (int64_t)take->line + 1,
                                    fresh->placed_event};
        (void)stock_confirm(batch->ctx, batch->stock, take->row, take->qty,
                            &owner);
        ret[i] =
            (struct order_allocation){owner.n, take->row->location, take->qty};
    }
    struct hold_end end = {.event = HOLD_EVENT_CONFIRM,
                           .order = fresh->order.id,
                           .actor = fresh->ctx->actor};
    hold_finish(batch->ctx, batch->stock, held->hold, &end);
    holds->confirmed[holds->confirmed_count++] = held->hold;
}

err_t order_hold_save(struct order_batch *batch)
{
    if (!batch->holds)
        return OK;
    return hold_save_many(batch->ctx, batch->holds->confirmed,
                          batch->holds->confirmed_count);
}
