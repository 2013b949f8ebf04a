/* inventory_atp_api.c - the HTTP face of what can be promised by a day. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "oms/inventory/inventory_atp.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_supply_json.h"

static err_t query_date(struct ctx *ctx, struct request *req, const char *name,
                        int64_t *ret, bool *ret_is_there)
{
    str text;
    *ret_is_there = request_query_find(req, name, &text);
    if (*ret_is_there && !date_from_text(text, ret))
        return fail_as(ctx, ERR_INVALID, "invalid_date", name,
                       "must be a day as \"2026-01-31\"");
    return OK;
}

static void write_days(struct json_out *out, const struct atp *atp,
                       const struct atp_place *place)
{
    json_begin_list(out, "days");
    for (size_t i = 0; i < atp->day_count; i++) {
        json_begin(out, NULL);
        date_put(out, "date", atp->first + (int64_t)i);
        json_put_i64(out, "incoming", place->days[i].incoming);
        json_put_i64(out, "atp", place->days[i].atp);
        json_end_object(out);
    }
    json_end_list(out);
}

static err_t write_atp(struct ctx *ctx, struct json_out *out, sku_id sku,
                       str code, const struct atp *atp)
{
    struct codes codes;
    location_id *places =
        arena_array(ctx->arena, location_id, atp->place_count);
    for (size_t i = 0; i < atp->place_count; i++)
        places[i] = atp->places[i].location;
    TRY(codes_of_locations(ctx, places, atp->place_count, &codes));
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", sku.v);
    json_put_str(out, "sku", code);
    json_put_i64(out, "available", atp->total.available);
    json_put_i64(out, "backordered", atp->backordered);
    json_put_i64(out, "late", atp->total.late);
    write_days(out, atp, &atp->total);
    json_begin_list(out, "locations");
    for (size_t i = 0; i < atp->place_count; i++) {
        const struct atp_place *place = &atp->places[i];
        json_begin(out, NULL);
        json_put_id(out, "location_id", "loc", place->location.v);
        json_put_str(out, "location",
                     code_of_location(&codes, place->location));
        json_put_str(out, "tz", place->tz);
        json_put_i64(out, "available", place->available);
        json_put_i64(out, "late", place->late);
        write_days(out, atp, place);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
    return OK;
}

/* GET /v1/stock/atp */
err_t api_atp(struct ctx *ctx, struct request *req)
{
    struct atp_query query = {0};
    struct atp atp;
    struct named named;
    const struct sku *sku;
    struct location at;
    str code = STR_NONE, location = STR_NONE;
    (void)request_query_find(req, "sku", &code);
    (void)request_query_find(req, "location", &location);
    TRY(query_date(ctx, req, "from", &query.first, &query.has_first));
    TRY(query_date(ctx, req, "to", &query.last, &query.has_last));
    TRY(request_query_end(req));
    if (code.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "sku",
                       "name the SKU by its code");
    TRY(named_skus(ctx, &code, 1, &named));
    TRY(named_sku_get(ctx, &named, code, &sku));
    query.sku = sku->id;
    if (location.len > 0) {
        TRY(named_location_get(ctx, "location", location, &at));
        query.location = at.id;
    }
    TRY(atp_compute(ctx, &query, &atp));
    return write_atp(ctx, req->reply, sku->id, code, &atp);
}
