/* inventory_adjust.c - the commands that change stock by hand. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "store/event.h"

/* What the items of a call name. */
struct named {
    struct map *skus;      /* By code: struct sku. */
    struct map *locations; /* By code: struct location. */
};

static err_t find_skus(struct ctx *ctx, const struct adjust_item *items,
                       size_t count, struct named *ret)
{
    str *codes = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = items[i].sku;
    struct sku *skus;
    size_t n;
    TRY(sku_list_codes(ctx, codes, count, &skus, &n));
    ret->skus = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->skus, (struct map_key){.s = skus[i].code}, &skus[i]);
    return OK;
}

static err_t find_locations(struct ctx *ctx, const struct adjust_item *items,
                            size_t count, struct named *ret)
{
    str *codes = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = items[i].location;
    struct location *locations;
    size_t n;
    TRY(location_list_codes(ctx, codes, count, &locations, &n));
    ret->locations = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(ret->locations, (struct map_key){.s = locations[i].code},
                &locations[i]);
    return OK;
}

static const struct sku *sku_of(const struct named *named, str code)
{
    return map_find(named->skus, (struct map_key){.s = code});
}

static const struct location *location_of(const struct named *named, str code)
{
    return map_find(named->locations, (struct map_key){.s = code});
}

/* Makes the levels that items bring units to, and locks all that are named. */
static err_t lock_named(struct ctx *ctx, const struct adjust_item *items,
                        size_t count, const struct named *named,
                        struct stock **ret)
{
    struct level_key *fresh = arena_array(ctx->arena, struct level_key, count);
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    size_t fresh_count = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        if (sku_of(named, items[i].sku))
            skus[n++] = sku_of(named, items[i].sku)->id;
    TRY(stock_lock(ctx, skus, n, ret));
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = sku_of(named, items[i].sku);
        const struct location *at = location_of(named, items[i].location);
        if (!sku || !at || !sku->is_tracked || items[i].is_move ||
            items[i].delta <= 0 || stock_level_find(*ret, sku->id, at->id))
            continue;
        fresh[fresh_count++] = (struct level_key){sku->id, at->id};
    }
    if (fresh_count == 0)
        return OK;
    TRY(level_open(ctx, fresh, fresh_count));
    return stock_lock(ctx, skus, n, ret);
}

static err_t fail_short(struct ctx *ctx, enum stock_bucket bucket,
                        int64_t there)
{
    return fail_as(ctx, ERR_STATE, "not_enough_stock", "delta",
                   "there are %lld %s units", (long long)there,
                   stock_bucket_name(bucket));
}

/* Decides one item; *ret gets its level. */
static err_t decide(struct ctx *ctx, struct stock *stock,
                    const struct named *named, const struct adjust_item *item,
                    struct stock_level **ret)
{
    TRY(adjust_check(ctx, item));
    const struct sku *sku = sku_of(named, item->sku);
    if (!sku)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    const struct location *at = location_of(named, item->location);
    if (!at)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    enum stock_bucket from, to;
    int64_t qty;
    adjust_route(item, &from, &to, &qty);
    *ret = stock_level_find(stock, sku->id, at->id);
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
    return OK;
}

static void put_level(struct json_out *out, const struct stock_level *level)
{
    json_put_id(out, "sku", "sku", level->sku.v);
    json_put_id(out, "location", "loc", level->location.v);
}

static str adjust_text(struct ctx *ctx, const struct stock_level *level,
                       enum stock_bucket from, enum stock_bucket to,
                       int64_t qty)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    put_level(&out, level);
    json_put_cstr(&out, "from", stock_bucket_name(from));
    json_put_cstr(&out, "to", stock_bucket_name(to));
    json_put_i64(&out, "qty", qty);
    json_end_object(&out);
    return buf_str(&buf);
}

/* Moves the units of a decided item in memory and names its event. */
static struct event apply(struct ctx *ctx, struct stock *stock,
                          struct stock_level *level,
                          const struct adjust_item *item, str reason)
{
    struct stock_move move = {
        .type = item->is_move ? MOVEMENT_MOVE : MOVEMENT_ADJUST,
        .reason = reason,
        .event_id = event_id(ctx, level->sku.v),
    };
    adjust_route(item, &move.from, &move.to, &move.qty);
    stock_move(ctx, stock, level, &move);
    return (struct event){
        .id = move.event_id,
        .at = ctx->now,
        .type = STR("stock.adjusted"),
        .subject_kind = STR("sku"),
        .subject_id = level->sku.v,
        .actor = ctx->actor,
        .data = adjust_text(ctx, level, move.from, move.to, move.qty),
    };
}

static err_t adjust_all(struct ctx *ctx, str reason,
                        const struct adjust_item *items, size_t count,
                        struct adjust_result *results)
{
    struct named named;
    struct stock *stock;
    TRY(find_skus(ctx, items, count, &named));
    TRY(find_locations(ctx, items, count, &named));
    TRY(lock_named(ctx, items, count, &named, &stock));
    struct stock_level **levels =
        arena_array(ctx->arena, struct stock_level *, count);
    struct event *events = arena_array(ctx->arena, struct event, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        err_t err = decide(ctx, stock, &named, &items[i], &levels[i]);
        results[i] = (struct adjust_result){.is_ok = err == OK};
        if (err == OK) {
            events[n] = apply(ctx, stock, levels[i], &items[i], reason);
            results[i].event_id = events[n++].id;
            continue;
        }
        results[i].err = ctx->err;
        err_clear(ctx);
    }
    if (n > 0)
        TRY(event_add_many(ctx, events, n));
    TRY(stock_save(ctx, stock));
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
    return adjust_all(ctx, reason, items, count, results);
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
    put_level(&out, level);
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
