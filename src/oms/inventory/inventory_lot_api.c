/* inventory_lot_api.c - the HTTP face of policies, lots and serial numbers. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_supply_json.h"
#include "oms/inventory/inventory_units_int.h"

/* ---- policies ---- */

static void write_policy(struct json_out *out, const struct unit_policy *policy)
{
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", policy->sku.v);
    json_put_bool(out, "is_lot_tracked", policy->is_lot);
    json_put_bool(out, "is_serial_tracked", policy->is_serial);
    json_put_bool(out, "is_expiry_required", policy->is_expiry_required);
    json_put_i64(out, "version", policy->version);
    json_end_object(out);
}

/* GET /v1/inventory/unit-policies/{sku_id} */
err_t api_get_policy(struct ctx *ctx, struct request *req)
{
    struct unit_policy policy;
    sku_id sku;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "sku", &sku.v));
    TRY(policy_get(ctx, sku, &policy));
    write_policy(req->reply, &policy);
    return OK;
}

/* PUT /v1/inventory/unit-policies/{sku_id} */
err_t api_set_policy(struct ctx *ctx, struct request *req)
{
    struct unit_policy policy;
    sku_id sku;
    TRY(request_path_id(req, 0, "sku", &sku.v));
    TRY(policy_read(req->body, &policy));
    policy.sku = sku;
    TRY(policy_set(ctx, &policy));
    write_policy(req->reply, &policy);
    return OK;
}

/* ---- lots ---- */

/* After every parameter was read: first what nobody knows, then what is
 * missing. */
static err_t find_sku(struct ctx *ctx, struct request *req, str code,
                      sku_id *ret)
{
    struct sku sku;
    bool found = false;
    TRY(request_query_end(req));
    if (code.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "sku",
                       "name the SKU by its code");
    TRY(sku_find(ctx, code, &sku, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    *ret = sku.id;
    return OK;
}

/* A cursor of lots is "<day>.<lot>.<location>". */
static err_t read_after(struct ctx *ctx, struct request *req,
                        struct lot_filter *filter)
{
    str text, rest;
    filter->after_expires_on = INT64_MIN;
    if (!request_query_find(req, "after", &text))
        return OK;
    str day = str_split(text, '.', &rest);
    str lot = str_split(rest, '.', &rest);
    if (!str_to_i64(day, &filter->after_expires_on) ||
        !id_from_text("lot", lot, &filter->after_lot.v) ||
        !id_from_text("loc", rest, &filter->after_location.v))
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", "after",
                       "is not the `next` of a page before");
    return OK;
}

static void write_lot(struct json_out *out, const struct codes *codes,
                      str sku_code, const struct lot_stock *lot)
{
    json_begin(out, NULL);
    json_put_id(out, "lot_id", "lot", lot->lot.v);
    json_put_str(out, "lot", lot->code);
    json_put_id(out, "sku_id", "sku", lot->sku.v);
    json_put_str(out, "sku", sku_code);
    json_put_id(out, "location_id", "loc", lot->location.v);
    json_put_str(out, "location", code_of_location(codes, lot->location));
    date_put(out, "expires_on", lot->expires_on);
    json_put_bool(out, "is_expired", lot->is_expired);
    json_put_i64(out, "on_hand", lot->on_hand);
    json_put_i64(out, "damaged", lot->damaged);
    json_put_i64(out, "quality_control", lot->quality_control);
    json_put_i64(out, "held", lot->held);
    json_put_i64(out, "loose",
                 lot->on_hand - lot->damaged - lot->quality_control -
                     lot->held);
    json_end_object(out);
}

static err_t write_lots(struct ctx *ctx, struct request *req,
                        const struct lot_filter *filter, str sku_code)
{
    struct lot_stock *lots;
    struct codes codes;
    size_t count;
    TRY(lot_list(ctx, filter, &lots, &count));
    location_id *places = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++)
        places[i] = lots[i].location;
    TRY(codes_of_locations(ctx, places, count, &codes));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_lot(req->reply, &codes, sku_code, &lots[i]);
    json_end_list(req->reply);
    if (count == filter->limit) {
        const struct lot_stock *last = &lots[count - 1];
        char lot[ID_TEXT_BYTES], location[ID_TEXT_BYTES];
        int a = (int)id_to_text("lot", last->lot.v, lot);
        int b = (int)id_to_text("loc", last->location.v, location);
        json_put_str(req->reply, "next",
                     str_printf(ctx->arena, "%lld.%.*s.%.*s",
                                (long long)last->expires_on, a, lot, b,
                                location));
    } else {
        json_put_null(req->reply, "next");
    }
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/lots */
err_t api_list_lots(struct ctx *ctx, struct request *req)
{
    static const char *const yes_no[] = {"false", "true"};
    struct lot_filter filter = {0};
    struct location at = {0};
    int is_usable = 0;
    str code = STR_NONE, sku = STR_NONE;
    (void)request_query_find(req, "sku", &sku);
    (void)request_query_find(req, "location", &code);
    TRY(request_query_enum(req, "usable", yes_no, 2, &is_usable));
    TRY(read_after(ctx, req, &filter));
    TRY(request_query_limit(req, &filter.limit));
    TRY(find_sku(ctx, req, sku, &filter.sku));
    if (code.len > 0)
        TRY(named_location_get(ctx, "location", code, &at));
    filter.location = at.id;
    filter.is_usable = is_usable == 1;
    if (filter.is_usable && filter.location.v == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "location",
                       "what is usable is so at a location");
    return write_lots(ctx, req, &filter, sku);
}

/* ---- serial numbers ---- */

static const char *place_name(int64_t place)
{
    switch ((enum unit_place)place) {
    case PLACE_GONE: return "gone";
    case PLACE_LOOSE: return "on_shelf";
    case PLACE_DAMAGED: return "damaged";
    case PLACE_QUALITY_CONTROL: return "quality_control";
    case PLACE_HELD: return "held";
    case PLACE_IN_TRANSIT: return "in_transit";
    }
    UNREACHABLE("not a place of units");
}

struct serials {
    const struct serial_row *rows;
    size_t count;
    struct codes codes;
    struct map *lots;
};

static err_t find_names(struct ctx *ctx, struct serials *s)
{
    location_id *places = arena_array(ctx->arena, location_id, s->count);
    lot_id *ids = arena_array(ctx->arena, lot_id, s->count);
    struct lot *lots;
    size_t count;
    for (size_t i = 0; i < s->count; i++) {
        places[i] = s->rows[i].location;
        ids[i] = s->rows[i].lot;
    }
    TRY(codes_of_locations(ctx, places, s->count, &s->codes));
    TRY(lot_list_ids(ctx, ids, s->count, &lots, &count));
    s->lots = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(s->lots, (struct map_key){.a = lots[i].id.v}, &lots[i]);
    return OK;
}

static void write_serial(struct json_out *out, const struct serials *s,
                         str sku_code, const struct serial_row *row)
{
    const struct lot *lot =
        map_find(s->lots, (struct map_key){.a = row->lot.v});
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", row->sku.v);
    json_put_str(out, "sku", sku_code);
    json_put_str(out, "serial", row->code);
    json_put_cstr(out, "place", place_name(row->place));
    json_put_str_or_null(out, "location",
                         code_of_location(&s->codes, row->location));
    json_put_str_or_null(out, "lot", lot ? lot->code : STR_NONE);
    json_put_id(out, "movement_id", "mov", row->movement_id);
    json_end_object(out);
}

/* GET /v1/serials */
err_t api_list_serials(struct ctx *ctx, struct request *req)
{
    struct serial_filter filter = {0};
    struct serials s = {0};
    struct serial_row *rows;
    str sku = STR_NONE;
    (void)request_query_find(req, "sku", &sku);
    (void)request_query_find(req, "serial", &filter.code);
    (void)request_query_find(req, "after", &filter.after);
    TRY(request_query_limit(req, &filter.limit));
    TRY(find_sku(ctx, req, sku, &filter.sku));
    TRY(serial_page(ctx, &filter, &rows, &s.count));
    s.rows = rows;
    TRY(find_names(ctx, &s));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < s.count; i++)
        write_serial(req->reply, &s, sku, &rows[i]);
    json_end_list(req->reply);
    if (s.count == filter.limit)
        json_put_str(req->reply, "next", rows[s.count - 1].code);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}
