/* order_gather.c - what a batch of orders needs to know, in a few set reads. */
#include "base/arena.h"
#include "oms/order/order_hold.h"
#include "oms/order/order_price.h"
#include "oms/order/order_route.h"

static struct map_key text_key(str s)
{
    return (struct map_key){.s = s};
}

/* Distinct channel codes, each with a slot that the items point to. */
static err_t gather_channels(struct order_batch *batch)
{
    struct ctx *ctx = batch->ctx;
    str *codes = arena_array(ctx->arena, str, batch->count);
    batch->channels = map_open(ctx->arena, 4);
    batch->channel_at =
        arena_array(ctx->arena, struct batch_channel, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        str code = batch->items[i].item->cmd->channel;
        struct batch_channel *slot = map_find(batch->channels, text_key(code));
        if (!slot) {
            codes[batch->channel_count] = code;
            slot = &batch->channel_at[batch->channel_count++];
            slot->code = code;
            map_set(batch->channels, text_key(code), slot);
        }
        batch->items[i].channel = slot;
    }
    struct channel *found;
    size_t count;
    TRY(channel_list_codes(ctx, codes, batch->channel_count, &found, &count));
    for (size_t i = 0; i < count; i++) {
        struct batch_channel *slot =
            map_find(batch->channels, text_key(found[i].code));
        ASSERT(slot);
        slot->channel = &found[i];
    }
    return OK;
}

/* The stored orders behind the keys; two commands of one key share a slot. */
static err_t gather_keys(struct order_batch *batch)
{
    struct ctx *ctx = batch->ctx;
    struct map *map = map_open(ctx->arena, batch->count);
    struct order_key *keys =
        arena_array(ctx->arena, struct order_key, batch->count);
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_item *item = &batch->items[i];
        if (!item->channel->channel)
            continue;
        channel_id channel = item->channel->channel->id;
        str external_id = item->item->cmd->external_id;
        struct map_key key = {.a = channel.v, .s = external_id};
        item->key = map_find(map, key);
        if (item->key)
            continue;
        item->key = arena_new(ctx->arena, struct batch_key);
        map_set(map, key, item->key);
        keys[n++] =
            (struct order_key){channel, item->channel->code, external_id};
    }
    struct order_known *known;
    size_t count;
    TRY(order_find_many(ctx, keys, n, &known, &count));
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = known[i].channel.v,
                              .s = known[i].external_id};
        struct batch_key *slot = map_find(map, key);
        ASSERT(slot);
        slot->known = &known[i];
    }
    return OK;
}

struct sku_list {
    sku_id *at;
    size_t count;
};

static size_t count_lines(const struct order_batch *batch)
{
    size_t lines = 0;
    for (size_t i = 0; i < batch->count; i++)
        lines += batch->items[i].item->cmd->line_count;
    return lines;
}

/* Points each line at the slot of its SKU; codes gets the distinct ones. */
static size_t point_skus(struct order_batch *batch, struct map *map, str *codes)
{
    struct arena *arena = batch->ctx->arena;
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct order_cmd *cmd = batch->items[i].item->cmd;
        batch->items[i].skus =
            arena_array(arena, struct batch_sku *, cmd->line_count);
        for (size_t j = 0; j < cmd->line_count; j++) {
            str code = cmd->lines[j].sku;
            struct batch_sku *slot = map_find(map, text_key(code));
            if (!slot) {
                slot = arena_new(arena, struct batch_sku);
                slot->code = codes[n++] = code;
                map_set(map, text_key(code), slot);
            }
            batch->items[i].skus[j] = slot;
        }
    }
    return n;
}

static void give_parts(struct arena *arena, const struct kit_part *parts,
                       size_t count, struct batch_sku *ret)
{
    const struct kit_part *own;
    size_t n = kit_parts_of(parts, count, ret->sku->id, &own);
    struct order_part *sold = arena_array(arena, struct order_part, n);
    struct routing_part *needs = arena_array(arena, struct routing_part, n);
    for (size_t i = 0; i < n; i++) {
        sold[i] = (struct order_part){own[i].sku, own[i].code, own[i].quantity};
        needs[i] = (struct routing_part){own[i].sku, own[i].quantity};
    }
    ret->components = own;
    ret->parts = sold;
    ret->needs = needs;
    ret->part_count = n;
}

/* Reads the components of the batch's kits; their levels are locked with the
 * others, in one order. */
static err_t gather_kits(struct ctx *ctx, const struct map *slots,
                         const struct sku *skus, size_t count,
                         struct sku_list *ids, bool *has_drops)
{
    sku_id *kits = arena_array(ctx->arena, sku_id, count);
    struct kit_part *parts;
    size_t n = 0, part_count;
    for (size_t i = 0; i < count; i++)
        if (skus[i].is_kit)
            kits[n++] = skus[i].id;
    TRY(kit_part_list(ctx, kits, n, &parts, &part_count));
    sku_id *more = arena_array(ctx->arena, sku_id, ids->count + part_count);
    if (ids->count > 0)
        memcpy(more, ids->at, ids->count * sizeof *more);
    for (size_t i = 0; i < part_count; i++) {
        more[ids->count + i] = parts[i].sku;
        *has_drops |= parts[i].is_drop;
    }
    *ids = (struct sku_list){more, ids->count + part_count};
    for (size_t i = 0; i < count; i++)
        if (skus[i].is_kit)
            give_parts(ctx->arena, parts, part_count,
                       map_find(slots, text_key(skus[i].code)));
    return OK;
}

/* Reads the SKUs and locks the levels of those that take stock. */
static err_t gather_skus(struct order_batch *batch, bool may_be_near)
{
    struct ctx *ctx = batch->ctx;
    size_t lines = count_lines(batch);
    struct map *map = map_open(ctx->arena, lines);
    str *codes = arena_array(ctx->arena, str, lines);
    size_t n = point_skus(batch, map, codes);
    struct sku *found;
    size_t count;
    bool has_kits = false, has_drops = false;
    TRY(sku_list_codes(ctx, codes, n, &found, &count));
    size_t held = order_hold_sku_count(batch);
    struct sku_list ids = {arena_array(ctx->arena, sku_id, count + held), 0};
    for (size_t i = 0; i < count; i++) {
        struct batch_sku *slot = map_find(map, text_key(found[i].code));
        ASSERT(slot);
        slot->sku = &found[i];
        if (found[i].is_tracked)
            ids.at[ids.count++] = found[i].id;
        has_kits |= found[i].is_kit;
        has_drops |= found[i].is_drop;
    }
    ids.count += order_hold_skus(batch, ids.at + ids.count);
    if (has_kits)
        TRY(gather_kits(ctx, map, found, count, &ids, &has_drops));
    if (has_drops)
        TRY(order_drop_gather(batch));
    return order_near_lock(batch, ids.at, ids.count, may_be_near);
}

static err_t gather_strategies(struct order_batch *batch)
{
    struct ctx *ctx = batch->ctx;
    channel_id *ids = arena_array(ctx->arena, channel_id, batch->channel_count);
    size_t n = 0;
    for (size_t i = 0; i < batch->channel_count; i++)
        if (batch->channel_at[i].channel)
            ids[n++] = batch->channel_at[i].channel->id;
    struct routing_strategy *found;
    TRY(routing_strategy_list(ctx, ids, n, &found));
    for (size_t i = 0, j = 0; i < batch->channel_count; i++)
        if (batch->channel_at[i].channel)
            batch->channel_at[i].strategy = &found[j++];
    return OK;
}

err_t order_batch_gather(struct ctx *ctx, struct order_place_item *items,
                         size_t count, bool may_be_near,
                         struct order_batch *ret)
{
    *ret = (struct order_batch){
        .ctx = ctx,
        .items = arena_array(ctx->arena, struct batch_item, count),
        .count = count,
        .fresh = arena_array(ctx->arena, struct batch_order *, count)};
    for (size_t i = 0; i < count; i++)
        ret->items[i].item = &items[i];
    TRY(gather_channels(ret));
    TRY(gather_strategies(ret));
    TRY(order_taxes_batch(ret)); /* Nobody waits for what it reads. */
    TRY(order_hold_gather(ret)); /* Holds are locked before levels. */
    TRY(gather_skus(ret, may_be_near));
    TRY(order_route_gather(ret));
    /* Once the stock is locked: the order that took the last unit while we
     * waited may be this one, sent twice. */
    return gather_keys(ret);
}
