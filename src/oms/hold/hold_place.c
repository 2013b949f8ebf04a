/* hold_place.c - the command "hold these units", in batch form.
 *
 * As orders are placed: what the batch needs is read in a few set reads, one
 * hold after the other is decided in memory, and what was decided is written
 * in sets.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/hold/hold_drop.h"
#include "oms/hold/hold_store.h"
#include "oms/routing/routing.h"
#include "oms/routing/routing_places.h"
#include "store/event.h"

enum { ITEMS_BYTES = 64 * 1024 };

struct place_channel {
    str code;
    const struct channel *channel; /* NULL: unknown. */
    const struct routing_strategy *strategy;
};

struct place {
    struct ctx *ctx;
    struct hold_place_item *items;
    size_t count;
    struct map *channels; /* code -> struct place_channel */
    struct place_channel *channel_at;
    size_t channel_count;
    struct map *skus; /* code -> struct sku; unknown ones are not there. */
    struct drop_batch *drops; /* NULL: none of the SKUs has one. */
    struct stock *stock;
    const struct hold **fresh; /* In order of arrival. */
    size_t fresh_count;
};

static struct map_key text_key(str s)
{
    return (struct map_key){.s = s};
}

static struct place_channel *channel_of(const struct place *place, str code)
{
    return map_find(place->channels, text_key(code));
}

/* ---- what the batch needs to know ---- */

static err_t gather_channels(struct place *place)
{
    struct ctx *ctx = place->ctx;
    str *codes = arena_array(ctx->arena, str, place->count);
    place->channels = map_open(ctx->arena, 4);
    place->channel_at =
        arena_array(ctx->arena, struct place_channel, place->count);
    for (size_t i = 0; i < place->count; i++) {
        str code = place->items[i].cmd->channel;
        if (channel_of(place, code))
            continue;
        struct place_channel *slot = &place->channel_at[place->channel_count];
        slot->code = codes[place->channel_count++] = code;
        map_set(place->channels, text_key(code), slot);
    }
    struct channel *found;
    struct routing_strategy *strategies;
    size_t count;
    TRY(channel_list_codes(ctx, codes, place->channel_count, &found, &count));
    channel_id *ids = arena_array(ctx->arena, channel_id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = found[i].id;
    TRY(routing_strategy_list(ctx, ids, count, &strategies));
    for (size_t i = 0; i < count; i++) {
        struct place_channel *slot = channel_of(place, found[i].code);
        ASSERT(slot != NULL);
        slot->channel = &found[i];
        slot->strategy = &strategies[i];
    }
    return OK;
}

/* The command's wish for a SKU, on the first item of it; false: no drop's. */
static bool want_of(const struct place *place,
                    const struct hold_place_item *item, size_t i,
                    struct drop_want *ret)
{
    const struct hold_cmd *cmd = item->cmd;
    const struct sku *sku = map_find(place->skus, text_key(cmd->items[i].sku));
    const struct channel *channel = channel_of(place, cmd->channel)->channel;
    if (!sku || !sku->is_drop || !channel)
        return false;
    *ret = (struct drop_want){.sku = sku->id,
                              .channel = channel->id,
                              .customer = cmd->customer,
                              .is_offer = cmd->is_offer};
    for (size_t j = 0; j < cmd->count; j++) {
        if (!str_equal(cmd->items[j].sku, cmd->items[i].sku))
            continue;
        if (j < i)
            return false;
        ret->qty += cmd->items[j].qty;
    }
    return true;
}

/* Only where a SKU is flagged. */
static err_t gather_drops(struct place *place)
{
    size_t n = 0, room = 0;
    for (size_t i = 0; i < place->count; i++)
        room += place->items[i].cmd->count;
    struct drop_want *wants =
        arena_array(place->ctx->arena, struct drop_want, room);
    for (size_t i = 0; i < place->count; i++)
        for (size_t j = 0; j < place->items[i].cmd->count; j++)
            n += want_of(place, &place->items[i], j, &wants[n]);
    return drop_batch_open(place->ctx, wants, n, &place->drops);
}

/* Reads the SKUs, and locks their drops and levels. */
static err_t gather_skus(struct place *place)
{
    struct ctx *ctx = place->ctx;
    size_t wanted = 0, count, tracked = 0, n = 0;
    bool has_drops = false;
    for (size_t i = 0; i < place->count; i++)
        wanted += place->items[i].cmd->count;
    str *codes = arena_array(ctx->arena, str, wanted);
    for (size_t i = 0; i < place->count; i++)
        for (size_t j = 0; j < place->items[i].cmd->count; j++)
            codes[n++] = place->items[i].cmd->items[j].sku;
    struct sku *found;
    TRY(sku_list_codes(ctx, codes, wanted, &found, &count));
    sku_id *ids = arena_array(ctx->arena, sku_id, count);
    place->skus = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        map_set(place->skus, text_key(found[i].code), &found[i]);
        if (found[i].is_tracked)
            ids[tracked++] = found[i].id;
        has_drops |= found[i].is_drop;
    }
    if (has_drops)
        TRY(gather_drops(place));
    TRY(stock_lock(ctx, ids, tracked, &place->stock));
    for (size_t i = 0; i < place->channel_count; i++)
        TRY(routing_ages_read(ctx, place->channel_at[i].strategy,
                              place->stock));
    return routing_withhold(ctx, place->stock);
}

/* ---- one hold ---- */

static err_t fail_item(struct ctx *ctx, err_t code, const char *slug, size_t i,
                       const char *why)
{
    char field[48];
    snprintf(field, sizeof(field), "items[%zu].%s", i,
             code == ERR_CONFLICT ? "quantity" : "sku");
    return fail_as(ctx, code, slug, field, "%s", why);
}

static err_t check_channel(struct ctx *ctx, const struct place_channel *slot)
{
    if (!slot->channel)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with the code %.*s",
                       STR_ARG(slot->code));
    if (!slot->channel->is_active)
        return fail_as(ctx, ERR_INVALID, "channel_inactive", "channel",
                       "the channel takes no orders now");
    return OK;
}

/* Its lines, one per item, or why they cannot be held. */
static err_t make_lines(const struct place *place,
                        const struct hold_place_item *item,
                        struct routing_line *lines)
{
    const struct hold_cmd *cmd = item->cmd;
    for (size_t i = 0; i < cmd->count; i++) {
        const struct sku *sku =
            map_find(place->skus, text_key(cmd->items[i].sku));
        if (!sku)
            return fail_item(item->ctx, ERR_INVALID, "sku_unknown", i,
                             "there is no SKU with this code");
        if (!sku->is_tracked)
            return fail_item(item->ctx, ERR_INVALID, "sku_untracked", i,
                             "the SKU takes no stock: nothing can be held");
        lines[i] = (struct routing_line){
            .sku = sku->id, .qty = cmd->items[i].qty, .is_tracked = true};
    }
    for (size_t i = 0; place->drops && i < cmd->count; i++) {
        struct drop_want want;
        int64_t qty;
        if (!want_of(place, item, i, &want))
            continue;
        TRY(drop_check(item->ctx, place->drops, &want, &qty));
        if (cmd->is_offer)
            lines[i].qty = qty;
    }
    return OK;
}

/* The plan of its units, or why there is none. */
static err_t make_plan(const struct place *place,
                       const struct hold_place_item *item,
                       const struct place_channel *slot,
                       struct routing_line *lines, struct routing_plan *ret)
{
    const struct hold_cmd *cmd = item->cmd;
    struct arena *arena = place->ctx->arena;
    struct routing_request request = {.strategy = slot->strategy,
                                      .lines = lines,
                                      .line_count = cmd->count,
                                      .stock = place->stock,
                                      .now = place->ctx->now};
    routing_decide(arena, &request, ret);
    if (cmd->is_offer && ret->backordered[0] > 0 &&
        ret->backordered[0] < lines[0].qty) {
        lines[0].qty -= ret->backordered[0];
        routing_decide(arena, &request, ret);
    }
    for (size_t i = 0; i < cmd->count; i++)
        if (ret->backordered[i] > 0)
            return fail_item(
                item->ctx, ERR_CONFLICT, "out_of_stock", i,
                str_to_cstr(
                    item->ctx->arena,
                    str_printf(
                        item->ctx->arena, "%lld wanted, %lld available",
                        (long long)lines[i].qty,
                        (long long)(lines[i].qty - ret->backordered[i]))));
    return OK;
}

/* What is held and where, as it is stored and shown. */
static str items_doc(struct arena *arena, const struct hold_cmd *cmd,
                     const struct routing_line *lines,
                     const struct routing_plan *plan)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, ITEMS_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    size_t at = 0;
    for (size_t i = 0; i < cmd->count; i++) {
        json_begin(&out, NULL);
        json_put_str(&out, "sku", cmd->items[i].sku);
        json_put_i64(&out, "quantity", lines[i].qty);
        json_begin_list(&out, "allocations");
        for (; at < plan->count && plan->at[at].line == i; at++) {
            json_begin(&out, NULL);
            json_put_id(&out, "location", "loc", plan->at[at].location.v);
            json_put_i64(&out, "quantity", plan->at[at].qty);
            json_end_object(&out);
        }
        json_end_list(&out);
        json_end_object(&out);
    }
    json_end_list(&out);
    ASSERT(at == plan->count && !buf.is_full);
    return buf_str(&buf);
}

static void take(struct place *place, const struct routing_plan *plan,
                 const struct hold *hold)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct routing_allocation *from = &plan->at[i];
        struct stock_owner owner = {OWNER_HOLD, hold->id.v,
                                    (int64_t)from->line + 1, hold->event_id};
        (void)stock_hold(place->ctx, place->stock, from->level, from->qty,
                         &owner);
    }
}

/* Its units count for the customer. */
static void claim(struct place *place, const struct hold_place_item *item,
                  const struct routing_line *lines, const struct hold *hold)
{
    for (size_t i = 0; place->drops && i < item->cmd->count; i++) {
        struct drop_want want;
        if (!want_of(place, item, i, &want))
            continue;
        if (item->cmd->is_offer)
            want.qty = lines[i].qty;
        drop_take(place->drops, &want, OWNER_HOLD, hold->id.v);
    }
}

static err_t decide(struct place *place, struct hold_place_item *item)
{
    struct ctx *ctx = place->ctx;
    const struct hold_cmd *cmd = item->cmd;
    const struct place_channel *slot = channel_of(place, cmd->channel);
    struct routing_plan plan;
    TRY(check_channel(item->ctx, slot));
    struct routing_line *lines =
        arena_array(ctx->arena, struct routing_line, cmd->count);
    TRY(make_lines(place, item, lines));
    TRY(make_plan(place, item, slot, lines, &plan));
    ASSERT(plan.count > 0 && plan.backordered_units == 0);
    struct hold *hold = arena_new(ctx->arena, struct hold);
    *hold = (struct hold){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(plan.skus[0].sku.v))},
        .channel = slot->channel->id,
        .channel_code = slot->channel->code,
        .state = HOLD_OPEN,
        .version = 1,
        .created_at = item->ctx->now,
        .expires_at = item->ctx->now + cmd->ttl_s * 1000,
        .customer = cmd->customer,
        .reference = cmd->reference,
        .items = items_doc(ctx->arena, cmd, lines, &plan),
        .actor = item->ctx->actor,
    };
    hold->event_id = event_id(ctx, hold->id.v);
    take(place, &plan, hold);
    claim(place, item, lines, hold);
    place->fresh[place->fresh_count++] = hold;
    item->hold = hold;
    return OK;
}

err_t hold_place_many(struct ctx *ctx, struct hold_place_item *items,
                      size_t count)
{
    ASSERT(ctx->tx && ctx->ids);
    struct place place = {.ctx = ctx, .items = items, .count = count};
    place.fresh = arena_array(ctx->arena, const struct hold *, count);
    if (count == 0)
        return OK;
    TRY(gather_channels(&place));
    TRY(gather_skus(&place));
    for (size_t i = 0; i < count; i++)
        items[i].err = decide(&place, &items[i]);
    if (place.fresh_count == 0)
        return OK;
    TRY(stock_save(ctx, place.stock));
    TRY(hold_insert_many(ctx, place.fresh, place.fresh_count));
    TRY(drop_batch_save(ctx, place.drops));
    return hold_tell_many(ctx, place.fresh, place.fresh_count);
}
