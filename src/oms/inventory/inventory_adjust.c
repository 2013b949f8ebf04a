/* inventory_adjust.c - the commands that change stock by hand. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"
#include "oms/inventory/inventory_units.h"

static err_t find_named(struct ctx *ctx, const struct adjust_item *items,
                        size_t count, struct named *ret)
{
    str *skus = arena_array(ctx->arena, str, count);
    str *locations = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++) {
        skus[i] = items[i].sku;
        locations[i] = items[i].location;
    }
    TRY(named_skus(ctx, skus, count, ret));
    return named_locations(ctx, locations, count, ret);
}

/* Makes the levels that items bring units to, and locks all that are named. */
static err_t lock_named(struct ctx *ctx, const struct adjust_item *items,
                        size_t count, const struct named *named,
                        struct stock **ret)
{
    struct level_key *fresh = arena_array(ctx->arena, struct level_key, count);
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    location_id *places = arena_array(ctx->arena, location_id, count);
    size_t fresh_count = 0, n = 0, place_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (named_sku(named, items[i].sku))
            skus[n++] = named_sku(named, items[i].sku)->id;
        if (named_location(named, items[i].location))
            places[place_count++] =
                named_location(named, items[i].location)->id;
    }
    TRY(stock_lock_at(ctx, skus, n, places, place_count, ret));
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = named_sku(named, items[i].sku);
        const struct location *at = named_location(named, items[i].location);
        if (!sku || !at || !sku->is_tracked || items[i].is_move ||
            items[i].delta <= 0 || stock_level_find(*ret, sku->id, at->id))
            continue;
        fresh[fresh_count++] = (struct level_key){sku->id, at->id};
    }
    if (fresh_count == 0)
        return OK;
    TRY(level_open(ctx, fresh, fresh_count));
    return stock_lock_at(ctx, skus, n, places, place_count, ret);
}

static err_t fail_short(struct ctx *ctx, enum stock_bucket bucket,
                        int64_t there)
{
    return fail_as(ctx, ERR_STATE, "not_enough_stock", "delta",
                   "there are %lld %s units", (long long)there,
                   stock_bucket_name(bucket));
}

static struct unit_move move_of(const struct adjust_item *item,
                                const struct stock_level *level)
{
    struct unit_move move = {
        .sku = level->sku, .location = level->location, .names = &item->names};
    adjust_route(item, &move.from, &move.to, &move.qty);
    return move;
}

/* What a call works on. */
struct adjusting {
    struct named named;
    struct stock *stock;
    struct units *units;
    str reason;
};

/* Decides one item; *ret gets its level. */
static err_t decide(struct ctx *ctx, const struct adjusting *a,
                    const struct adjust_item *item, struct stock_level **ret)
{
    const struct named *named = &a->named;
    const struct sku *sku;
    TRY(adjust_check(ctx, item));
    TRY(named_sku_get(ctx, named, item->sku, &sku));
    const struct location *at = named_location(named, item->location);
    if (!at)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    enum stock_bucket from, to;
    int64_t qty;
    adjust_route(item, &from, &to, &qty);
    *ret = stock_level_find(a->stock, sku->id, at->id);
    if (sku->is_kit && from == STOCK_OUTSIDE)
        return fail_as(ctx, ERR_STATE, "sku_is_kit", "sku",
                       "a kit has no stock of its own");
    if (!*ret && from == STOCK_OUTSIDE)
        return fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                       "an untracked SKU takes no stock");
    int64_t there = *ret ? stock_bucket_qty(*ret, from) : 0;
    if (there < qty)
        return fail_short(ctx, from, there);
    if (from == STOCK_OUTSIDE &&
        (*ret)->on_hand + (*ret)->delta_on_hand + qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "delta",
                       "a level holds at most %lld units",
                       (long long)LIMIT_QTY);
    struct unit_move move = move_of(item, *ret);
    return units_check(ctx, a->units, &move);
}

/* Moves the units of a decided item in memory and names its event. */
static struct event apply(struct ctx *ctx, const struct adjusting *a,
                          struct stock_level *level,
                          const struct adjust_item *item)
{
    struct stock_move move = {
        .type = item->is_move ? MOVEMENT_MOVE : MOVEMENT_ADJUST,
        .reason = a->reason,
        .event_id = event_id(ctx, level->sku.v),
    };
    struct unit_move units = move_of(item, level);
    adjust_route(item, &move.from, &move.to, &move.qty);
    stock_move(ctx, a->stock, level, &move);
    (void)units_apply(ctx, a->units, &units, level->last_movement_id);
    return stock_event(ctx, "stock.adjusted", level, &move);
}

static err_t open_units(struct ctx *ctx, const struct adjust_item *items,
                        size_t count, struct adjusting *a)
{
    struct unit_want *wants = arena_array(ctx->arena, struct unit_want, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = named_sku(&a->named, items[i].sku);
        const struct location *at =
            named_location(&a->named, items[i].location);
        if (sku && at)
            wants[n++] = (struct unit_want){sku->id, at->id, &items[i].names};
    }
    return units_open(ctx, wants, n, &a->units);
}

static err_t adjust_all(struct ctx *ctx, struct adjusting *a,
                        const struct adjust_item *items, size_t count,
                        struct adjust_result *results)
{
    TRY(find_named(ctx, items, count, &a->named));
    TRY(lock_named(ctx, items, count, &a->named, &a->stock));
    TRY(open_units(ctx, items, count, a));
    struct stock_level **levels =
        arena_array(ctx->arena, struct stock_level *, count);
    struct event *events = arena_array(ctx->arena, struct event, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        err_t err = decide(ctx, a, &items[i], &levels[i]);
        results[i] = (struct adjust_result){.is_ok = err == OK};
        if (err == OK) {
            events[n] = apply(ctx, a, levels[i], &items[i]);
            results[i].event_id = events[n++].id;
            continue;
        }
        results[i].err = ctx->err;
        err_clear(ctx);
    }
    if (n > 0)
        TRY(event_add_many(ctx, events, n));
    TRY(stock_save(ctx, a->stock));
    TRY(units_save(ctx, a->units));
    for (size_t i = 0; i < count; i++)
        if (results[i].is_ok)
            results[i].level = *levels[i];
    return OK;
}

err_t inventory_adjust(struct ctx *ctx, str reason,
                       const struct adjust_item *items, size_t count,
                       struct adjust_result *results)
{
    ASSERT(ctx->tx != NULL);
    TRY(check_line(ctx, "reason", reason, 1, LIMIT_REASON_BYTES));
    struct adjusting a = {.reason = reason};
    return adjust_all(ctx, &a, items, count, results);
}

/* ---- set ---- */

static err_t check_set(struct ctx *ctx, const struct set_cmd *cmd)
{
    TRY(check_line(ctx, "reason", cmd->reason, 1, LIMIT_REASON_BYTES));
    TRY(check_range(ctx, "on_hand", cmd->on_hand, 0, LIMIT_QTY));
    return check_range(ctx, "safety_stock", cmd->safety_stock, 0, LIMIT_QTY);
}

static err_t compare(struct ctx *ctx, const struct set_cmd *cmd,
                     const struct stock_level *level)
{
    int64_t version = level ? level->version : 0;
    int64_t on_hand = level ? level->on_hand : 0;
    if (cmd->expected == (cmd->by_version ? version : on_hand))
        return OK;
    err_t err = fail(ctx, ERR_STALE,
                     cmd->by_version ? "expected_version" : "expected_on_hand",
                     "on_hand is %lld at version %lld", (long long)on_hand,
                     (long long)version);
    ctx->err.version = version;
    return err;
}

/* The level, compared; made where it is not there yet. */
static err_t lock_compared(struct ctx *ctx, const struct set_cmd *cmd,
                           struct stock **ret, struct stock_level **ret_level)
{
    struct sku sku;
    struct location at;
    bool found;
    TRY(sku_find(ctx, cmd->sku, &sku, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    TRY(location_find(ctx, cmd->location, &at, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    if (sku.is_kit)
        return fail_as(ctx, ERR_STATE, "sku_is_kit", "sku",
                       "a kit has no stock of its own");
    TRY(stock_lock(ctx, &sku.id, 1, ret));
    *ret_level = stock_level_find(*ret, sku.id, at.id);
    TRY(compare(ctx, cmd, *ret_level));
    if (*ret_level)
        return OK;
    if (!sku.is_tracked)
        return fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                       "an untracked SKU takes no stock");
    struct level_key key = {sku.id, at.id};
    TRY(level_open(ctx, &key, 1));
    TRY(stock_lock(ctx, &sku.id, 1, ret));
    *ret_level = stock_level_find(*ret, sku.id, at.id);
    ASSERT(*ret_level != NULL);
    /* Where another writer made it first, what it holds now counts. */
    return (*ret_level)->version == 1 ? OK : compare(ctx, cmd, *ret_level);
}

static str set_text(struct ctx *ctx, const struct set_cmd *cmd,
                    const struct stock_level *level)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", level->sku.v);
    json_put_id(&out, "location", "loc", level->location.v);
    json_put_i64(&out, "from", level->on_hand);
    json_put_i64(&out, "to", cmd->on_hand);
    json_put_i64(&out, "safety_stock",
                 cmd->has_safety_stock ? cmd->safety_stock
                                       : level->safety_stock);
    json_end_object(&out);
    return buf_str(&buf);
}

/* Moves the difference in memory and notes the change of policy. */
static void apply_set(struct ctx *ctx, const struct set_cmd *cmd,
                      struct stock *stock, struct stock_level *level,
                      int64_t event)
{
    int64_t delta = cmd->on_hand - level->on_hand;
    struct stock_move move = {
        .type = MOVEMENT_SET,
        .from = delta > 0 ? STOCK_OUTSIDE : STOCK_AVAILABLE,
        .to = delta > 0 ? STOCK_AVAILABLE : STOCK_OUTSIDE,
        .qty = delta > 0 ? delta : -delta,
        .reason = cmd->reason,
        .event_id = event,
    };
    if (delta != 0)
        stock_move(ctx, stock, level, &move);
    if (cmd->has_safety_stock)
        level->safety_stock = cmd->safety_stock;
    stock_touch(stock, level);
}

/* A mere number cannot say which lots and which serial numbers. */
static err_t check_plain(struct ctx *ctx, sku_id sku)
{
    struct unit_policy *policy;
    size_t count;
    TRY(policy_list(ctx, &sku, 1, &policy, &count));
    if (count == 0 || (!policy->is_lot && !policy->is_serial))
        return OK;
    return fail_as(ctx, ERR_STATE, "units_told_apart", "on_hand",
                   "units of this SKU have lots or serial numbers: adjust by "
                   "them");
}

err_t inventory_set(struct ctx *ctx, const struct set_cmd *cmd,
                    struct stock_level *ret)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock = NULL;
    struct stock_level *level = NULL;
    TRY(check_set(ctx, cmd));
    TRY(lock_compared(ctx, cmd, &stock, &level));
    ASSERT(level != NULL);
    int64_t claimed = level->on_hand - stock_bucket_qty(level, STOCK_AVAILABLE);
    if (cmd->on_hand < claimed)
        return fail_as(ctx, ERR_STATE, "units_claimed", "on_hand",
                       "%lld units are committed, held or blocked",
                       (long long)claimed);
    if (cmd->on_hand != level->on_hand)
        TRY(check_plain(ctx, level->sku));
    bool is_same =
        cmd->on_hand == level->on_hand &&
        (!cmd->has_safety_stock || cmd->safety_stock == level->safety_stock);
    if (!is_same || level->version == 1) {
        int64_t event;
        TRY(event_add(ctx, "stock.set", "sku", level->sku.v,
                      set_text(ctx, cmd, level), &event));
        apply_set(ctx, cmd, stock, level, event);
        TRY(stock_save(ctx, stock));
    }
    *ret = *level;
    return OK;
}
