/* inventory_safety_set.c - the command that sets policies of stock. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "store/event.h"
#include "store/sql.h"

/* A channel's policy while the items are decided; version 0: none. */
struct draft {
    struct level_policy policy;
    bool is_changed;
};

struct work {
    struct ctx *ctx;
    const struct policy_item *items;
    size_t count;
    struct map *skus, *locations, *channels; /* By code. */
    struct stock *stock;
    struct map *drafts; /* By (level, channel): struct draft. */
    struct draft *draft_at;
    size_t draft_count;
};

static struct map_key code_key(str code)
{
    return (struct map_key){.s = code};
}

static err_t find_skus(struct work *work, const str *codes)
{
    struct sku *found;
    size_t n;
    TRY(sku_list_codes(work->ctx, codes, work->count, &found, &n));
    work->skus = map_open(work->ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(work->skus, code_key(found[i].code), &found[i]);
    return OK;
}

static err_t find_locations(struct work *work, const str *codes)
{
    struct location *found;
    size_t n;
    TRY(location_list_codes(work->ctx, codes, work->count, &found, &n));
    work->locations = map_open(work->ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(work->locations, code_key(found[i].code), &found[i]);
    return OK;
}

static err_t find_channels(struct work *work, const str *codes, size_t count)
{
    struct channel *found;
    size_t n;
    TRY(channel_list_codes(work->ctx, codes, count, &found, &n));
    work->channels = map_open(work->ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(work->channels, code_key(found[i].code), &found[i]);
    return OK;
}

static err_t find_named(struct work *work)
{
    size_t n = 0;
    str *codes = arena_array(work->ctx->arena, str, work->count);
    for (size_t i = 0; i < work->count; i++)
        codes[i] = work->items[i].sku;
    TRY(find_skus(work, codes));
    for (size_t i = 0; i < work->count; i++)
        codes[i] = work->items[i].location;
    TRY(find_locations(work, codes));
    for (size_t i = 0; i < work->count; i++)
        if (work->items[i].channel.len > 0)
            codes[n++] = work->items[i].channel;
    return find_channels(work, codes, n);
}

/* Locks the levels that are named, made where they are not there yet. */
static err_t lock_named(struct work *work)
{
    struct ctx *ctx = work->ctx;
    struct level_key *fresh =
        arena_array(ctx->arena, struct level_key, work->count);
    sku_id *skus = arena_array(ctx->arena, sku_id, work->count);
    location_id *places = arena_array(ctx->arena, location_id, work->count);
    size_t n = 0, place_count = 0, fresh_count = 0;
    for (size_t i = 0; i < work->count; i++) {
        const struct sku *sku =
            map_find(work->skus, code_key(work->items[i].sku));
        const struct location *at =
            map_find(work->locations, code_key(work->items[i].location));
        if (sku)
            skus[n++] = sku->id;
        if (at)
            places[place_count++] = at->id;
    }
    TRY(stock_lock_at(ctx, skus, n, places, place_count, &work->stock));
    for (size_t i = 0; i < work->count; i++) {
        const struct sku *sku =
            map_find(work->skus, code_key(work->items[i].sku));
        const struct location *at =
            map_find(work->locations, code_key(work->items[i].location));
        if (sku && at && sku->is_tracked &&
            !stock_level_find(work->stock, sku->id, at->id))
            fresh[fresh_count++] = (struct level_key){sku->id, at->id};
    }
    if (fresh_count == 0)
        return OK;
    TRY(level_open(ctx, fresh, fresh_count));
    return stock_lock_at(ctx, skus, n, places, place_count, &work->stock);
}

static struct draft *
draft_of(struct work *work, const struct stock_level *level, channel_id channel)
{
    struct map_key key = {.a = (int64_t)(intptr_t)level, .b = channel.v};
    struct draft *draft = map_find(work->drafts, key);
    if (draft)
        return draft;
    const struct level_policy *stored =
        safety_find(&work->stock->policies, level, channel);
    draft = &work->draft_at[work->draft_count++];
    *draft = (struct draft){
        .policy = {level->sku, level->location, channel, 0, 0}
    };
    if (stored)
        draft->policy = *stored;
    map_set(work->drafts, key, draft);
    return draft;
}

static err_t find_level(struct work *work, const struct policy_item *item,
                        struct ctx *ctx, struct stock_level **ret)
{
    const struct sku *sku = map_find(work->skus, code_key(item->sku));
    const struct location *at =
        map_find(work->locations, code_key(item->location));
    if (!sku)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    if (!at)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    if (sku->is_kit)
        return fail_as(ctx, ERR_STATE, "sku_is_kit", "sku",
                       "a kit has no stock of its own");
    *ret = stock_level_find(work->stock, sku->id, at->id);
    if (!*ret)
        return fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                       "an untracked SKU takes no stock");
    return OK;
}

static str policy_text(struct ctx *ctx, const struct stock_level *level,
                       const struct draft *draft)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", level->sku.v);
    json_put_id(&out, "location", "loc", level->location.v);
    if (draft) {
        json_put_id(&out, "channel", "chn", draft->policy.channel.v);
        if (draft->policy.version > 0)
            json_put_i64(&out, "safety_stock", draft->policy.safety_stock);
        else
            json_put_null(&out, "safety_stock");
    } else {
        json_put_i64(&out, "safety_stock", level->safety_stock);
        if (level->low_stock == LOW_NEVER)
            json_put_null(&out, "low_stock");
        else
            json_put_i64(&out, "low_stock", level->low_stock);
    }
    json_end_object(&out);
    return buf_str(&buf);
}

/* Sets a channel's own safety stock in memory; false where it was so. */
static bool set_draft(const struct policy_item *item, struct stock_level *level,
                      struct draft *draft)
{
    struct level_policy *policy = &draft->policy;
    bool is_there = policy->version > 0;
    if (item->clears_safety_stock) {
        level->channel_policies -= is_there;
        policy->version = 0;
        return is_there;
    }
    if (is_there && policy->safety_stock == item->safety_stock)
        return false;
    level->channel_policies += !is_there;
    policy->safety_stock = item->safety_stock;
    policy->version += 1;
    return true;
}

static bool set_level(const struct policy_item *item, struct stock_level *level)
{
    int64_t safety_stock = level->safety_stock, low_stock = level->low_stock;
    if (item->has_safety_stock)
        level->safety_stock = item->safety_stock;
    if (item->has_low_stock)
        level->low_stock = item->low_stock;
    return safety_stock != level->safety_stock || low_stock != level->low_stock;
}

/* Decides one item and changes memory; *ret_draft is NULL for the level's. */
static err_t decide(struct work *work, const struct policy_item *item,
                    struct stock_level **ret, struct draft **ret_draft,
                    bool *is_changed)
{
    struct ctx *ctx = work->ctx;
    struct draft *draft = NULL;
    TRY(find_level(work, item, ctx, ret));
    if (item->channel.len > 0) {
        const struct channel *channel =
            map_find(work->channels, code_key(item->channel));
        if (!channel)
            return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                           "there is no channel with this code");
        draft = draft_of(work, *ret, channel->id);
    }
    if (item->has_version)
        TRY(check_version(ctx, item->version,
                          draft ? draft->policy.version : (*ret)->version));
    *is_changed = draft ? set_draft(item, *ret, draft) : set_level(item, *ret);
    if (*is_changed)
        stock_touch(work->stock, *ret);
    if (draft)
        draft->is_changed |= *is_changed;
    *ret_draft = draft;
    return OK;
}

static err_t save_drafts(struct work *work)
{
    enum { SAVE_PARAMS = 6, DROP_PARAMS = 4 };
    struct sql_arg *args = arena_array(work->ctx->arena, struct sql_arg,
                                       work->draft_count * SAVE_PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < work->draft_count; i++) {
        const struct draft *draft = &work->draft_at[i];
        const struct level_policy *policy = &draft->policy;
        const struct sql_arg key[] = {
            sql_i(id_bucket(policy->sku.v)), sql_i(policy->sku.v),
            sql_i(policy->location.v), sql_i(policy->channel.v)};
        if (!draft->is_changed)
            continue;
        if (policy->version == 0) {
            TRY(sql_run(work->ctx, SQL_SAFETY_DROP, key, DROP_PARAMS, NULL));
            continue;
        }
        memcpy(at, key, sizeof key);
        at[4] = sql_i(policy->safety_stock);
        at[5] = sql_i(policy->version);
        at += SAVE_PARAMS;
    }
    if (at == args)
        return OK;
    return sql_run_many(work->ctx, SQL_SAFETY_SAVE, args, SAVE_PARAMS,
                        (size_t)(at - args) / SAVE_PARAMS, NULL);
}

/* Decides all items; *events gets what changed. */
static void decide_all(struct work *work, struct policy_result *results,
                       struct event *events, size_t *ret_count,
                       struct stock_level **levels)
{
    struct ctx *ctx = work->ctx;
    size_t n = 0;
    for (size_t i = 0; i < work->count; i++) {
        struct draft *draft = NULL;
        bool is_changed = false;
        err_t err =
            decide(work, &work->items[i], &levels[i], &draft, &is_changed);
        results[i] = (struct policy_result){.is_ok = err == OK};
        if (err != OK) {
            results[i].err = ctx->err;
            err_clear(ctx);
            continue;
        }
        if (draft) {
            results[i].safety_stock = draft->policy.safety_stock;
            results[i].version = draft->policy.version;
        }
        if (!is_changed)
            continue;
        results[i].event_id = event_id(ctx, levels[i]->sku.v);
        events[n++] = (struct event){
            .id = results[i].event_id,
            .at = ctx->now,
            .type = STR("stock.policy_set"),
            .subject_kind = STR("sku"),
            .subject_id = levels[i]->sku.v,
            .actor = ctx->actor,
            .data = policy_text(ctx, levels[i], draft),
        };
    }
    *ret_count = n;
}

err_t inventory_set_policies(struct ctx *ctx, const struct policy_item *items,
                             size_t count, struct policy_result *results)
{
    ASSERT(ctx->tx != NULL);
    struct work work = {.ctx = ctx, .items = items, .count = count};
    size_t n;
    TRY(find_named(&work));
    TRY(lock_named(&work));
    work.drafts = map_open(ctx->arena, count);
    work.draft_at = arena_array(ctx->arena, struct draft, count);
    struct event *events = arena_array(ctx->arena, struct event, count);
    struct stock_level **levels =
        arena_array(ctx->arena, struct stock_level *, count);
    decide_all(&work, results, events, &n, levels);
    TRY(event_add_many(ctx, events, n));
    TRY(save_drafts(&work));
    TRY(stock_save(ctx, work.stock));
    for (size_t i = 0; i < count; i++)
        if (results[i].is_ok)
            results[i].level = *levels[i];
    return OK;
}
