/* inventory_safety_api.c - policies of stock: the HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_json.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"

static err_t read_numbers(struct json_in *in, struct policy_item *item)
{
    item->clears_safety_stock = json_take_null(in, "safety_stock");
    if (json_take_null(in, "low_stock")) {
        item->has_low_stock = true;
        item->low_stock = LOW_NEVER;
    }
    TRY(json_opt_i64(in, "safety_stock", 0, LIMIT_QTY, &item->safety_stock));
    TRY(json_opt_i64(in, "low_stock", 0, LIMIT_QTY, &item->low_stock));
    TRY(json_opt_i64(in, "expected_version", 0, INT64_MAX, &item->version));
    item->has_safety_stock = json_has(in, "safety_stock");
    item->has_low_stock |= json_has(in, "low_stock");
    item->has_version = json_has(in, "expected_version");
    return OK;
}

static err_t read_item(struct json_in *in, struct policy_item *ret)
{
    struct policy_item item = {.low_stock = LOW_NEVER};
    json_refuse_nulls(in);
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &item.sku));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &item.location));
    TRY(json_opt_str(in, "channel", 1, LIMIT_CODE_BYTES, &item.channel));
    TRY(read_numbers(in, &item));
    TRY(json_end(in));
    bool is_channel = item.channel.len > 0;
    if (is_channel && item.has_low_stock)
        return json_fail(in, "low_stock", ERR_INVALID, "unknown_field",
                         "is the level's, not a channel's");
    if (!is_channel && item.clears_safety_stock)
        return json_fail(in, "safety_stock", ERR_INVALID, "wrong_type",
                         "of a level is a number; null ends a channel's own");
    if (!item.has_safety_stock && !item.has_low_stock &&
        !item.clears_safety_stock)
        return json_fail(in, "safety_stock", ERR_INVALID, "missing_field",
                         is_channel ? "is needed"
                                    : "give safety_stock or low_stock");
    *ret = item;
    return OK;
}

err_t safety_read(struct ctx *ctx, struct json_in *in, struct policy_item **ret,
                  size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    *ret = arena_array(ctx->arena, struct policy_item, list.count);
    *ret_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_item(item, &(*ret)[i]));
    }
    return OK;
}

static void put_low(struct json_out *out, int64_t low_stock)
{
    if (low_stock == LOW_NEVER)
        json_put_null(out, "low_stock");
    else
        json_put_i64(out, "low_stock", low_stock);
}

static void put_result(struct json_out *out, const struct policy_item *item,
                       const struct policy_result *result)
{
    const struct err_detail *err = &result->err;
    bool is_channel = item->channel.len > 0;
    json_begin(out, NULL);
    json_put_i64(out, "status",
                 result->is_ok ? 200 : err_http_status(err->code));
    json_put_str(out, "sku", item->sku);
    json_put_str(out, "location", item->location);
    if (is_channel)
        json_put_str(out, "channel", item->channel);
    else
        json_put_null(out, "channel");
    if (!result->is_ok) {
        json_put_null(out, "policy");
        err_put(out, "error", err);
        json_end_object(out);
        return;
    }
    json_begin(out, "policy");
    if (is_channel && result->version == 0)
        json_put_null(out, "safety_stock");
    else
        json_put_i64(out, "safety_stock",
                     is_channel ? result->safety_stock
                                : result->level.safety_stock);
    put_low(out, is_channel ? LOW_NEVER : result->level.low_stock);
    json_put_i64(out, "version",
                 is_channel ? result->version : result->level.version);
    json_end_object(out);
    json_put_null(out, "error");
    json_end_object(out);
}

/* PUT /v1/stock/policies */
err_t api_set_policies(struct ctx *ctx, struct request *req)
{
    struct policy_item *items;
    size_t count;
    TRY(request_query_end(req));
    TRY(safety_read(ctx, req->body, &items, &count));
    struct policy_result *results =
        arena_array(ctx->arena, struct policy_result, count);
    TRY(inventory_set_policies(ctx, items, count, results));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        put_result(req->reply, &items[i], &results[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* ---- reading ---- */

static err_t put_channels(struct ctx *ctx, struct json_out *out,
                          const struct level_policies *policies,
                          const struct stock_level *level)
{
    json_begin_list(out, "channels");
    for (size_t i = 0; i < policies->count; i++) {
        const struct level_policy *policy = &policies->at[i];
        struct channel channel;
        if (policy->sku.v != level->sku.v ||
            policy->location.v != level->location.v)
            continue;
        TRY(channel_get(ctx, policy->channel, &channel));
        json_begin(out, NULL);
        json_put_str(out, "channel", channel.code);
        json_put_id(out, "channel_id", "chn", policy->channel.v);
        json_put_i64(out, "safety_stock", policy->safety_stock);
        json_put_i64(out, "version", policy->version);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static err_t put_policy(struct ctx *ctx, struct json_out *out,
                        const struct level_policies *policies,
                        const struct stock_level *level)
{
    struct sku sku;
    struct location location;
    TRY(sku_get(ctx, level->sku, &sku));
    TRY(location_get(ctx, level->location, &location));
    json_begin(out, NULL);
    json_put_str(out, "sku", sku.code);
    json_put_id(out, "sku_id", "sku", level->sku.v);
    json_put_str(out, "location", location.code);
    json_put_id(out, "location_id", "loc", level->location.v);
    json_put_i64(out, "safety_stock", level->safety_stock);
    put_low(out, level->low_stock);
    json_put_i64(out, "version", level->version);
    TRY(put_channels(ctx, out, policies, level));
    json_end_object(out);
    return OK;
}

/* GET /v1/stock/policies */
err_t api_list_policies(struct ctx *ctx, struct request *req)
{
    struct level_filter filter = {.is_policy = true};
    struct stock_level *levels;
    struct level_policies policies;
    size_t count;
    TRY(level_read_after(ctx, req, &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    TRY(level_page(ctx, &filter, &levels, &count));
    TRY(safety_list(ctx, levels, count, &policies));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        TRY(put_policy(ctx, req->reply, &policies, &levels[i]));
    json_end_list(req->reply);
    struct level_key last = {{0}, {0}};
    if (count > 0)
        last = (struct level_key){levels[count - 1].sku,
                                  levels[count - 1].location};
    level_write_next(ctx, req->reply, count == filter.limit, last);
    json_end_object(req->reply);
    return OK;
}
