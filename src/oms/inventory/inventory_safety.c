/* inventory_safety.c - safety stock of channels, and when a level is low.
 *
 * A channel's own safety stock stands on the level in place of the general
 * one. The level counts the channels that have one, so that a batch on levels
 * without any asks for none.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "store/event.h"
#include "store/sql.h"

static int compare_keys(const struct level_policy *x,
                        const struct level_policy *y)
{
    if (x->sku.v != y->sku.v)
        return x->sku.v < y->sku.v ? -1 : 1;
    if (x->location.v != y->location.v)
        return x->location.v < y->location.v ? -1 : 1;
    return (x->channel.v > y->channel.v) - (x->channel.v < y->channel.v);
}

static int compare_policies(const void *a, const void *b)
{
    return compare_keys(a, b);
}

static err_t list_policies(struct ctx *ctx, const sku_id *skus, size_t count,
                           struct level_policies *ret)
{
    enum { PARAMS = 2 };
    struct sql_rows rows;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    *ret = (struct level_policies){0};
    if (count == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id_bucket(skus[i].v));
        args[i * PARAMS + 1] = sql_i(skus[i].v);
    }
    TRY(sql_list_many(ctx, SQL_SAFETY_LIST, args, PARAMS, count, &rows));
    ret->at = arena_array(ctx->arena, struct level_policy, rows.count);
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        ret->at[i] = (struct level_policy){{sql_int(&rows, i, 0)},
                                           {sql_int(&rows, i, 1)},
                                           {sql_int(&rows, i, 2)},
                                           sql_int(&rows, i, 3),
                                           sql_int(&rows, i, 4)};
    if (rows.count > 1)
        qsort(ret->at, rows.count, sizeof *ret->at, compare_policies);
    return OK;
}

err_t safety_list_shelves(struct ctx *ctx, struct stock_shelf *const *shelves,
                          size_t count, struct level_policies *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (shelves[i]->has_policies)
            skus[n++] = shelves[i]->sku;
    return list_policies(ctx, skus, n, ret);
}

err_t safety_list(struct ctx *ctx, const struct stock_level *levels,
                  size_t count, struct level_policies *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (levels[i].channel_policies > 0 &&
            (n == 0 || skus[n - 1].v != levels[i].sku.v))
            skus[n++] = levels[i].sku;
    return list_policies(ctx, skus, n, ret);
}

const struct level_policy *safety_find(const struct level_policies *policies,
                                       const struct stock_level *level,
                                       channel_id channel)
{
    const struct level_policy key = {
        .sku = level->sku, .location = level->location, .channel = channel};
    size_t low = 0, high = policies->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare_keys(&policies->at[mid], &key);
        if (order == 0)
            return &policies->at[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

int64_t safety_sellable(const struct level_policies *policies,
                        const struct stock_level *level, channel_id channel)
{
    int64_t available = stock_available(level);
    if (level->channel_policies == 0)
        return available;
    const struct level_policy *own = safety_find(policies, level, channel);
    return own ? available + level->safety_stock - own->safety_stock
               : available;
}

/* ---- low stock ---- */

static bool is_low(int64_t available, int64_t low_stock)
{
    return low_stock != LOW_NEVER && available <= low_stock;
}

static str low_text(struct ctx *ctx, const struct stock_level *level)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", level->sku.v);
    json_put_id(&out, "location", "loc", level->location.v);
    json_put_i64(&out, "available", stock_available(level));
    if (level->low_stock == LOW_NEVER)
        json_put_null(&out, "low_stock");
    else
        json_put_i64(&out, "low_stock", level->low_stock);
    json_end_object(&out);
    return buf_str(&buf);
}

/* As it was stored: numbers without deltas, policies as they were. */
static bool was_low(const struct stock_level *level,
                    const struct stock_memo *memo)
{
    return is_low(level->on_hand - level->committed - level->reserved -
                      level->damaged - level->quality_control - level->held -
                      memo->safety_stock,
                  memo->low_stock);
}

err_t stock_tell_low(struct ctx *ctx, const struct stock *stock)
{
    struct event *events = NULL;
    size_t n = 0;
    for (size_t i = 0; i < stock->touched_count; i++) {
        const struct stock_level *level = stock->touched[i].level;
        const struct stock_memo *memo = stock->touched[i].memo;
        if (level->low_stock == LOW_NEVER && memo->low_stock == LOW_NEVER)
            continue;
        bool is = is_low(stock_available(level), level->low_stock);
        if (is == was_low(level, memo))
            continue;
        if (!events)
            events =
                arena_array(ctx->arena, struct event, stock->touched_count);
        events[n++] = (struct event){
            .id = event_id(ctx, level->sku.v),
            .at = ctx->now,
            .type = is ? STR("stock.low") : STR("stock.recovered"),
            .subject_kind = STR("sku"),
            .subject_id = level->sku.v,
            .actor = ctx->actor,
            .data = low_text(ctx, level),
        };
    }
    return n > 0 ? event_add_many(ctx, events, n) : OK;
}
