/* inventory_return.c - the command that takes goods of buyers back. */
#include "oms/inventory/inventory_return.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"
#include "oms/inventory/inventory_units.h"

/* What a call works on. */
struct returning {
    const struct stock_return *cmd;
    struct map *tracked; /* SKUs that take stock, by id. */
    struct stock *stock;
    struct units *units;
    struct event *events;
    size_t event_count;
};

static bool takes_stock(const struct returning *r, sku_id sku)
{
    return map_find(r->tracked, (struct map_key){.a = sku.v}) != NULL;
}

static err_t find_skus(struct ctx *ctx, struct returning *r)
{
    struct sku *skus;
    size_t count;
    sku_id *ids = arena_array(ctx->arena, sku_id, r->cmd->count);
    for (size_t i = 0; i < r->cmd->count; i++)
        ids[i] = r->cmd->parts[i].sku;
    TRY(sku_list_ids(ctx, ids, r->cmd->count, &skus, &count));
    r->tracked = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        if (skus[i].is_tracked && !skus[i].is_kit)
            map_set(r->tracked, (struct map_key){.a = skus[i].id.v}, &skus[i]);
    return OK;
}

static err_t open_rows(struct ctx *ctx, struct returning *r)
{
    const struct stock_return *cmd = r->cmd;
    struct level_key *keys =
        arena_array(ctx->arena, struct level_key, cmd->count);
    struct unit_want *wants =
        arena_array(ctx->arena, struct unit_want, cmd->count);
    size_t n = 0;
    for (size_t i = 0; i < cmd->count; i++) {
        const struct stock_back *part = &cmd->parts[i];
        if (!takes_stock(r, part->sku))
            continue;
        keys[n] = (struct level_key){part->sku, part->location};
        wants[n++] =
            (struct unit_want){part->sku, part->location, &part->names};
    }
    TRY(level_lock(ctx, keys, n, &r->stock));
    return units_open(ctx, wants, n, &r->units);
}

static err_t check_part(struct ctx *ctx, const struct stock_level *level,
                        const struct stock_back *part)
{
    if (part->from != STOCK_OUTSIDE &&
        stock_bucket_qty(level, part->from) < part->qty)
        return fail_as(ctx, ERR_STATE, "not_enough_stock", "quantity",
                       "there are %lld %s units",
                       (long long)stock_bucket_qty(level, part->from),
                       stock_bucket_name(part->from));
    if (part->from == STOCK_OUTSIDE &&
        level->on_hand + level->delta_on_hand + part->qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "quantity",
                       "a level holds at most %lld units",
                       (long long)LIMIT_QTY);
    return OK;
}

static bool is_free(enum stock_bucket bucket)
{
    return bucket != STOCK_COMMITTED && bucket != STOCK_RESERVED;
}

static err_t move_part(struct ctx *ctx, struct returning *r,
                       const struct stock_back *part)
{
    struct stock_level *level =
        stock_level_find(r->stock, part->sku, part->location);
    ASSERT(level != NULL && part->qty > 0 && part->from != part->to);
    ASSERT(is_free(part->from) && is_free(part->to));
    struct stock_move move = {
        .type = MOVEMENT_RETURN,
        .from = part->from,
        .to = part->to,
        .qty = part->qty,
        .reason = r->cmd->reason,
        .ref_kind = REF_RETURN,
        .ref_id = r->cmd->id.v,
    };
    struct unit_move units = {.sku = part->sku,
                              .location = part->location,
                              .from = part->from,
                              .to = part->to,
                              .qty = part->qty,
                              .names = &part->names};
    TRY(check_part(ctx, level, part));
    TRY(units_check(ctx, r->units, &units));
    move.event_id = event_id(ctx, level->sku.v);
    stock_move(ctx, r->stock, level, &move);
    (void)units_apply(ctx, r->units, &units, level->last_movement_id);
    r->events[r->event_count++] =
        stock_event(ctx, "stock.returned", level, &move);
    return OK;
}

err_t inventory_return(struct ctx *ctx, const struct stock_return *cmd)
{
    ASSERT(ctx->tx != NULL);
    struct returning r = {
        .cmd = cmd,
        .events = arena_array(ctx->arena, struct event, cmd->count)};
    TRY(find_skus(ctx, &r));
    TRY(open_rows(ctx, &r));
    for (size_t i = 0; i < cmd->count; i++)
        if (takes_stock(&r, cmd->parts[i].sku))
            TRY(fail_in(ctx, move_part(ctx, &r, &cmd->parts[i]), "items",
                        cmd->parts[i].item));
    if (r.event_count == 0)
        return OK;
    TRY(event_add_many(ctx, r.events, r.event_count));
    TRY(stock_save(ctx, r.stock));
    return units_save(ctx, r.units);
}
