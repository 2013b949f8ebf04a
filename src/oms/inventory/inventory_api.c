/* inventory_api.c - the HTTP face of levels and their ledgers. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_json.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_rules.h"
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

static void write_level(struct json_out *out, const struct codes *codes,
                        const struct stock_level *level)
{
    level_write(out, NULL, level, code_of_sku(codes, level->sku),
                code_of_location(codes, level->location));
}

/* A cursor of levels is "<sku id>.<location id>". */
static err_t read_after(struct ctx *ctx, struct request *req,
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

static err_t read_sku_code(struct ctx *ctx, struct request *req, sku_id *ret)
{
    str code;
    struct sku sku;
    bool found;
    *ret = (sku_id){0};
    if (!request_query_find(req, "sku", &code))
        return OK;
    TRY(sku_find(ctx, code, &sku, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    *ret = sku.id;
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

/* GET /v1/inventory/levels */
err_t api_list_levels(struct ctx *ctx, struct request *req)
{
    struct level_filter filter;
    struct stock_level *levels;
    struct codes codes;
    size_t count;
    TRY(read_sku_code(ctx, req, &filter.sku));
    TRY(read_location_code(ctx, req, &filter.location));
    TRY(read_after(ctx, req, &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    TRY(level_page(ctx, &filter, &levels, &count));
    TRY(find_codes(ctx, levels, count, &codes));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_level(req->reply, &codes, &levels[i]);
    json_end_list(req->reply);
    if (count == filter.limit) {
        char sku[ID_TEXT_BYTES], location[ID_TEXT_BYTES];
        int a = (int)id_to_text("sku", levels[count - 1].sku.v, sku);
        int b = (int)id_to_text("loc", levels[count - 1].location.v, location);
        json_put_str(req->reply, "next",
                     str_printf(ctx->arena, "%.*s.%.*s", a, sku, b, location));
    } else {
        json_put_null(req->reply, "next");
    }
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/inventory/levels/{sku_id}/{location_id} */
err_t api_get_level(struct ctx *ctx, struct request *req)
{
    struct level_key key;
    struct stock_level level;
    struct codes codes;
    TRY(request_path_id(req, 0, "sku", &key.sku.v));
    TRY(request_path_id(req, 1, "loc", &key.location.v));
    TRY(request_query_end(req));
    TRY(level_get(ctx, key.sku, key.location, &level));
    TRY(find_codes(ctx, &level, 1, &codes));
    write_level(req->reply, &codes, &level);
    return OK;
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
    if (m->reason.len > 0)
        json_put_str(out, "reason", m->reason);
    else
        json_put_null(out, "reason");
    if (m->ref_kind == REF_ORDER)
        json_put_id(out, "order_id", "ord", m->ref_id);
    else
        json_put_null(out, "order_id");
    if (ref.len > 0)
        json_put_str(out, "ref", ref);
    else
        json_put_null(out, "ref");
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
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_movement(ctx, req->reply, &rows[i]);
    json_end_list(req->reply);
    if (count == limit && rows[count - 1].prev.v != 0)
        json_put_id(req->reply, "next", "mov", rows[count - 1].prev.v);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
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
        level_write(out, "level", &result->level, item->sku, item->location);
        json_put_id(out, "event_id", "evt", result->event_id);
        json_put_null(out, "error");
    } else {
        json_put_null(out, "level");
        json_put_null(out, "event_id");
        json_begin(out, "error");
        json_put_cstr(out, "code", err->slug ? err->slug : err_slug(err->code));
        json_put_cstr(out, "field", err->field);
        json_put_cstr(out, "detail", err->text);
        json_end_object(out);
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
    level_write(req->reply, NULL, &level, cmd.sku, cmd.location);
    return OK;
}
