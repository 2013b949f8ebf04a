/* inventory_api.c - the HTTP face of levels and their ledgers. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_json.h"
#include "oms/inventory/inventory_kit.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"

/* ---- levels ---- */

static err_t find_codes(struct ctx *ctx, const struct stock_level *levels,
                        size_t count, struct codes *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    location_id *locations = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++) {
        skus[i] = levels[i].sku;
        locations[i] = levels[i].location;
    }
    TRY(codes_of_skus(ctx, skus, count, ret));
    return codes_of_locations(ctx, locations, count, ret);
}

/* A page of levels, each with what the channel may sell, where one is named.
 */
static err_t write_levels(struct ctx *ctx, struct json_out *out,
                          const struct stock_level *levels, size_t count,
                          channel_id channel)
{
    struct codes codes;
    struct level_policies policies = {0};
    TRY(find_codes(ctx, levels, count, &codes));
    if (channel.v != 0)
        TRY(safety_list(ctx, levels, count, &policies));
    for (size_t i = 0; i < count; i++) {
        int64_t sellable = safety_sellable(&policies, &levels[i], channel);
        level_write(out, NULL, &levels[i], code_of_sku(&codes, levels[i].sku),
                    code_of_location(&codes, levels[i].location),
                    channel.v != 0 ? &sellable : NULL);
    }
    return OK;
}

/* A cursor of levels is "<sku id>.<location id>". */
err_t level_read_after(struct ctx *ctx, struct request *req,
                       struct level_key *ret)
{
    str text, rest;
    *ret = (struct level_key){{0}, {0}};
    if (!request_query_find(req, "after", &text))
        return OK;
    str sku = str_split(text, '.', &rest);
    if (!id_from_text("sku", sku, &ret->sku.v) ||
        !id_from_text("loc", rest, &ret->location.v))
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", "after",
                       "is not the `next` of a page before");
    return OK;
}

static err_t read_sku_code(struct ctx *ctx, struct request *req,
                           struct sku *ret)
{
    str code;
    bool found;
    *ret = (struct sku){.id = {0}};
    if (!request_query_find(req, "sku", &code))
        return OK;
    TRY(sku_find(ctx, code, ret, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    return OK;
}

static err_t read_channel_code(struct ctx *ctx, struct request *req,
                               channel_id *ret)
{
    str code;
    struct channel channel;
    bool found;
    *ret = (channel_id){0};
    if (!request_query_find(req, "channel", &code))
        return OK;
    TRY(channel_find(ctx, code, &channel, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with this code");
    *ret = channel.id;
    return OK;
}

static err_t read_location_code(struct ctx *ctx, struct request *req,
                                location_id *ret)
{
    str code;
    struct location location;
    bool found;
    *ret = (location_id){0};
    if (!request_query_find(req, "location", &code))
        return OK;
    TRY(location_find(ctx, code, &location, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    *ret = location.id;
    return OK;
}

void level_write_next(struct ctx *ctx, struct json_out *out, bool is_full,
                      struct level_key last)
{
    char sku[ID_TEXT_BYTES], location[ID_TEXT_BYTES];
    if (!is_full) {
        json_put_null(out, "next");
        return;
    }
    int a = (int)id_to_text("sku", last.sku.v, sku);
    int b = (int)id_to_text("loc", last.location.v, location);
    json_put_str(out, "next",
                 str_printf(ctx->arena, "%.*s.%.*s", a, sku, b, location));
}

/* What can be made of a kit, where its first component is. */
static err_t list_kit(struct ctx *ctx, struct request *req,
                      const struct sku *sku, const struct level_filter *filter,
                      channel_id channel)
{
    struct kit_page page;
    TRY(kit_level_page(ctx, filter, channel, &page));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    TRY(kit_levels_write(ctx, req->reply, sku, &page, channel.v != 0));
    json_end_list(req->reply);
    level_write_next(ctx, req->reply, page.is_full,
                     (struct level_key){sku->id, page.last});
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/inventory/levels */
err_t api_list_levels(struct ctx *ctx, struct request *req)
{
    struct level_filter filter = {.is_policy = false};
    struct stock_level *levels;
    struct sku sku;
    channel_id channel;
    size_t count;
    TRY(read_sku_code(ctx, req, &sku));
    TRY(read_location_code(ctx, req, &filter.location));
    TRY(read_channel_code(ctx, req, &channel));
    TRY(level_read_after(ctx, req, &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    filter.sku = sku.id;
    if (sku.is_kit)
        return list_kit(ctx, req, &sku, &filter, channel);
    TRY(level_page(ctx, &filter, &levels, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    TRY(write_levels(ctx, req->reply, levels, count, channel));
    json_end_list(req->reply);
    struct level_key last = {{0}, {0}};
    if (count > 0)
        last = (struct level_key){levels[count - 1].sku,
                                  levels[count - 1].location};
    level_write_next(ctx, req->reply, count == filter.limit, last);
    json_end_object(req->reply);
    return OK;
}

/* A kit has no level: it is there where all its components are. */
static err_t get_kit(struct ctx *ctx, struct request *req,
                     const struct sku *sku, location_id location,
                     channel_id channel)
{
    struct level_filter filter = {
        .sku = sku->id, .location = location, .limit = 1};
    struct kit_page page;
    TRY(kit_level_page(ctx, &filter, channel, &page));
    if (page.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "",
                    "not all components of this kit were ever stocked at "
                    "this location");
    return kit_levels_write(ctx, req->reply, sku, &page, channel.v != 0);
}

static err_t get_past(struct ctx *ctx, struct request *req,
                      const struct level_key *key, utc_ms at)
{
    struct stock_level level;
    struct codes codes;
    TRY(level_get_at(ctx, key, at, &level));
    TRY(find_codes(ctx, &level, 1, &codes));
    level_write_past(req->reply, &level, code_of_sku(&codes, level.sku),
                     code_of_location(&codes, level.location), at);
    return OK;
}

/* GET /v1/inventory/levels/{sku_id}/{location_id} */
err_t api_get_level(struct ctx *ctx, struct request *req)
{
    struct level_key key;
    struct stock_level level;
    struct sku sku;
    channel_id channel = {0};
    utc_ms at;
    bool is_past;
    TRY(request_path_id(req, 0, "sku", &key.sku.v));
    TRY(request_path_id(req, 1, "loc", &key.location.v));
    TRY(request_query_past(req, "at", &at, &is_past));
    if (!is_past)
        TRY(read_channel_code(ctx, req, &channel));
    TRY(request_query_end(req));
    TRY(sku_get(ctx, key.sku, &sku));
    if (is_past)
        return get_past(ctx, req, &key, at);
    if (sku.is_kit)
        return get_kit(ctx, req, &sku, key.location, channel);
    TRY(level_get(ctx, key.sku, key.location, &level));
    return write_levels(ctx, req->reply, &level, 1, channel);
}

/* ---- the ledger ---- */

static void write_movement(struct ctx *ctx, struct json_out *out,
                           const struct movement *m)
{
    str ref = ref_text(ctx->arena, m->ref_kind, m->ref_id);
    json_begin(out, NULL);
    json_put_id(out, "id", "mov", m->id.v);
    json_put_cstr(out, "type", movement_type_name(m->type));
    json_put_cstr(out, "from", stock_bucket_name(m->from));
    json_put_cstr(out, "to", stock_bucket_name(m->to));
    json_put_i64(out, "qty", m->qty);
    json_put_str_or_null(out, "reason", m->reason);
    if (m->ref_kind == REF_ORDER)
        json_put_id(out, "order_id", "ord", m->ref_id);
    else
        json_put_null(out, "order_id");
    json_put_str_or_null(out, "ref", ref);
    json_put_id(out, "event_id", "evt", m->event_id);
    json_put_time(out, "at", m->at);
    json_end_object(out);
}

/* GET /v1/inventory/levels/{sku_id}/{location_id}/movements */
err_t api_list_movements(struct ctx *ctx, struct request *req)
{
    struct level_key key;
    struct stock_level level;
    struct movement *rows;
    movement_id from = {0};
    size_t limit, count;
    TRY(request_path_id(req, 0, "sku", &key.sku.v));
    TRY(request_path_id(req, 1, "loc", &key.location.v));
    TRY(request_query_id(req, "after", "mov", &from.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(level_get(ctx, key.sku, key.location, &level));
    /* The cursor is the next movement to show, not the last one shown: the
     * chain already tells which that is. */
    if (from.v == 0)
        from.v = level.last_movement_id;
    TRY(movement_walk(ctx, &key, from, limit, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_movement(ctx, req->reply, &rows[i]);
    json_end_page(req->reply, "mov",
                  count == limit && rows[count - 1].prev.v != 0
                      ? rows[count - 1].prev.v
                      : 0);
    return OK;
}

/* ---- adjust and set ---- */

static void write_result(struct json_out *out, const struct adjust_item *item,
                         const struct adjust_result *result)
{
    const struct err_detail *err = &result->err;
    json_begin(out, NULL);
    json_put_i64(out, "status",
                 result->is_ok ? 200 : err_http_status(err->code));
    json_put_str(out, "sku", item->sku);
    json_put_str(out, "location", item->location);
    if (result->is_ok) {
        level_write(out, "level", &result->level, item->sku, item->location,
                    NULL);
        json_put_id(out, "event_id", "evt", result->event_id);
        json_put_null(out, "error");
    } else {
        json_put_null(out, "level");
        json_put_null(out, "event_id");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* POST /v1/inventory/adjust */
err_t api_adjust(struct ctx *ctx, struct request *req)
{
    struct adjust_cmd cmd;
    TRY(adjust_read(ctx, req->body, &cmd));
    struct adjust_result *results =
        arena_array(ctx->arena, struct adjust_result, cmd.count);
    TRY(inventory_adjust(ctx, cmd.reason, cmd.items, cmd.count, results));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < cmd.count; i++)
        write_result(req->reply, &cmd.items[i], &results[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/inventory/set */
err_t api_set(struct ctx *ctx, struct request *req)
{
    struct set_cmd cmd;
    struct stock_level level;
    TRY(set_read(req->body, &cmd));
    TRY(inventory_set(ctx, &cmd, &level));
    level_write(req->reply, NULL, &level, cmd.sku, cmd.location, NULL);
    return OK;
}
