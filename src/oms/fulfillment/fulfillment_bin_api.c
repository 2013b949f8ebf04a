/* fulfillment_bin_api.c - the HTTP face of bins and of a location's work. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_bin.h"
#include "oms/fulfillment/fulfillment_pick_handlers.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_named.h"

static err_t read_item(struct json_in *in, struct bin_cmd *ret)
{
    struct bin_cmd cmd = {.zone = STR("")};
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_get_str(in, "bin", 0, LIMIT_CODE_BYTES, &cmd.bin));
    TRY(json_opt_str(in, "zone", 0, LIMIT_CODE_BYTES, &cmd.zone));
    cmd.has_version = json_has(in, "version");
    TRY(json_opt_i64(in, "version", 0, INT64_MAX, &cmd.version));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

/* PUT /v1/bins */
err_t api_set_bins(struct ctx *ctx, struct request *req)
{
    struct json_list list;
    int64_t changed;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(req->body));
    struct bin_cmd *cmds = arena_array(ctx->arena, struct bin_cmd, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_item(item, &cmds[i]));
    }
    TRY(bin_set(ctx, cmds, list.count, &changed));
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "changed", changed);
    json_end_object(req->reply);
    return OK;
}

static err_t query_sku(struct ctx *ctx, struct request *req, sku_id *ret,
                       bool *ret_found)
{
    str code;
    struct sku sku;
    *ret_found = true;
    if (!request_query_find(req, "sku", &code))
        return OK;
    TRY(sku_find(ctx, code, &sku, ret_found));
    if (*ret_found)
        *ret = sku.id;
    return OK;
}

static void put_bin(struct json_out *out, const struct codes *codes,
                    const struct sku_bin *bin)
{
    json_begin(out, NULL);
    json_put_str(out, "location", code_of_location(codes, bin->location));
    json_put_id(out, "location_id", "loc", bin->location.v);
    json_put_str(out, "sku", code_of_sku(codes, bin->sku));
    json_put_id(out, "sku_id", "sku", bin->sku.v);
    json_put_str(out, "bin", bin->bin);
    json_put_str(out, "zone", bin->zone);
    json_put_i64(out, "version", bin->version);
    json_put_time(out, "updated_at", bin->updated_at);
    json_end_object(out);
}

/* GET /v1/bins */
err_t api_list_bins(struct ctx *ctx, struct request *req)
{
    struct bin_filter filter = {.limit = 0};
    struct location at;
    struct codes codes;
    struct sku_bin *bins = NULL;
    size_t count = 0;
    bool found;
    str code;
    bool is_given = request_query_find(req, "location", &code);
    TRY(query_sku(ctx, req, &filter.sku, &found));
    TRY(request_query_id(req, "after", "sku", &filter.after.v));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    if (!is_given)
        return fail_as(ctx, ERR_INVALID, "missing_parameter", "location",
                       "say which location");
    TRY(named_location_get(ctx, "location", code, &at));
    filter.location = at.id;
    if (found)
        TRY(bin_page(ctx, &filter, &bins, &count));
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        skus[i] = bins[i].sku;
    TRY(codes_of_skus(ctx, skus, count, &codes));
    TRY(codes_of_locations(ctx, &at.id, 1, &codes));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_bin(req->reply, &codes, &bins[i]);
    json_end_page(req->reply, "sku",
                  count == filter.limit ? bins[count - 1].sku.v : 0);
    return OK;
}

/* ---- how a location works ---- */

static const char *const mode_names[] = {"single", "batch", "wave", "zone"};

static void put_work(struct json_out *out, const struct location_work *work)
{
    json_begin(out, NULL);
    json_put_id(out, "location_id", "loc", work->location.v);
    json_put_bool(out, "auto_pick", work->is_auto_pick);
    json_put_cstr(out, "pick_mode", pick_mode_name(work->pick_mode));
    json_put_i64(out, "tote_units", work->tote_units);
    json_put_i64(out, "pickup_hold_days", work->pickup_hold_days);
    json_put_i64(out, "version", work->version);
    json_put_time_or_null(out, "updated_at", work->updated_at);
    json_end_object(out);
}

static err_t path_location(struct ctx *ctx, struct request *req,
                           struct location *ret)
{
    location_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "loc", &id.v));
    return location_get(ctx, id, ret);
}

/* GET /v1/locations/{id}/fulfillment */
err_t api_get_location_work(struct ctx *ctx, struct request *req)
{
    struct location at;
    struct location_work *work;
    TRY(path_location(ctx, req, &at));
    TRY(location_work_list(ctx, &at.id, 1, &work));
    put_work(req->reply, work);
    return OK;
}

/* PUT /v1/locations/{id}/fulfillment */
err_t api_set_location_work(struct ctx *ctx, struct request *req)
{
    struct location at;
    int mode = PICK_SINGLE - 1;
    struct location_work work = {.tote_units = TOTE_UNITS,
                                 .pickup_hold_days = PICKUP_HOLD_DAYS};
    TRY(path_location(ctx, req, &at));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &work.version));
    TRY(json_opt_bool(req->body, "auto_pick", &work.is_auto_pick));
    TRY(json_opt_enum(req->body, "pick_mode", mode_names, COUNT_OF(mode_names),
                      &mode));
    TRY(json_opt_i64(req->body, "tote_units", 1, LIMIT_TOTE_UNITS,
                     &work.tote_units));
    TRY(json_opt_i64(req->body, "pickup_hold_days", 1, LIMIT_PICKUP_HOLD_DAYS,
                     &work.pickup_hold_days));
    TRY(json_end(req->body));
    work.location = at.id;
    work.pick_mode = (enum pick_mode)(mode + 1);
    TRY(location_work_set(ctx, &work));
    put_work(req->reply, &work);
    return OK;
}
