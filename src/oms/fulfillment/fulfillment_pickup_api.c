/* fulfillment_pickup_api.c - the HTTP face of pickups. */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_pick_handlers.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "oms/inventory/inventory_named.h"
#include "oms/order/order_pick.h"

static void put_pickup(struct json_out *out, const char *key,
                       const struct codes *codes, const struct map *texts,
                       const struct pickup *row)
{
    const struct order_line_text *text =
        map_find(texts, (struct map_key){.a = row->order.v});
    json_begin(out, key);
    json_put_id(out, "id", "pup", row->id.v);
    json_put_id(out, "fulfillment_order", "fo", row->fo.v);
    json_put_id(out, "order", "ord", row->order.v);
    json_put_str(out, "order_number", text ? text->number : STR(""));
    json_put_id(out, "location_id", "loc", row->location.v);
    json_put_str(out, "location", code_of_location(codes, row->location));
    json_put_cstr(out, "state", pickup_state_name(row->state));
    json_put_i64(out, "tries_left", PICKUP_TRIES - row->tries);
    json_put_time_or_null(out, "ready_at", row->ready_at);
    json_put_time_or_null(out, "expires_at", row->expires_at);
    json_put_time_or_null(out, "ended_at", row->ended_at);
    json_put_i64(out, "version", row->version);
    json_put_time(out, "created_at", row->created_at);
    json_put_time(out, "updated_at", row->updated_at);
    json_end_object(out);
}

static err_t write_rows(struct ctx *ctx, struct json_out *out, const char *key,
                        const struct pickup *rows, size_t count)
{
    struct codes codes;
    struct order_line_text *texts;
    size_t n;
    struct order_line_key *keys =
        arena_array(ctx->arena, struct order_line_key, count);
    location_id *places = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct order_line_key){rows[i].order, 1};
        places[i] = rows[i].location;
    }
    TRY(order_line_texts(ctx, keys, count, &texts, &n));
    TRY(codes_of_locations(ctx, places, count, &codes));
    struct map *by_order = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(by_order, (struct map_key){.a = texts[i].key.order.v},
                &texts[i]);
    for (size_t i = 0; i < count; i++)
        put_pickup(out, key, &codes, by_order, &rows[i]);
    return OK;
}

static err_t write_as(struct ctx *ctx, struct json_out *out, const char *key,
                      pickup_id id)
{
    struct pickup row;
    TRY(pickup_get(ctx, id, &row));
    return write_rows(ctx, out, key, &row, 1);
}

/* GET /v1/pickups/{id} */
err_t api_get_pickup(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "pup", &id.v));
    return write_as(ctx, req->reply, NULL, id);
}

/* GET /v1/pickups */
err_t api_list_pickups(struct ctx *ctx, struct request *req)
{
    struct pickup_filter filter = {.limit = 0};
    struct location at;
    struct pickup *rows;
    size_t count;
    int state = -1;
    str code;
    TRY(request_query_enum(req, "state", pickup_machine.states,
                           pickup_machine.state_count, &state));
    if (request_query_find(req, "location", &code)) {
        TRY(named_location_get(ctx, "location", code, &at));
        filter.location = at.id;
    }
    TRY(request_query_id(req, "order", "ord", &filter.order.v));
    TRY(request_query_id(req, "after", "pup", &filter.after.v));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    filter.state = (enum pickup_state)(state + 1);
    TRY(pickup_page(ctx, &filter, &rows, &count));
    json_begin_page(req->reply);
    TRY(write_rows(ctx, req->reply, NULL, rows, count));
    json_end_page(req->reply, "pup",
                  count == filter.limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* ---- steps ---- */

static err_t read_step(struct request *req, bool needs_time, pickup_id *ret_id,
                       int64_t *ret_version, utc_ms *ret_at)
{
    TRY(request_path_id(req, 0, "pup", &ret_id->v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, ret_version));
    if (ret_at) {
        *ret_at = 0;
        TRY(json_opt_time(req->body, "expires_at", ret_at));
        if (needs_time && !json_has(req->body, "expires_at"))
            return json_fail(req->body, "expires_at", ERR_INVALID,
                             "missing_field", "is needed");
    }
    return json_end(req->body);
}

/* POST /v1/pickups/{id}/ready */
err_t api_ready_pickup(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    int64_t version;
    utc_ms at;
    TRY(read_step(req, false, &id, &version, &at));
    TRY(pickup_ready(ctx, id, version, at));
    return write_as(ctx, req->reply, NULL, id);
}

/* POST /v1/pickups/{id}/extend */
err_t api_extend_pickup(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    int64_t version;
    utc_ms at;
    TRY(read_step(req, true, &id, &version, &at));
    TRY(pickup_extend(ctx, id, version, at));
    return write_as(ctx, req->reply, NULL, id);
}

/* POST /v1/pickups/{id}/cancel */
err_t api_cancel_pickup(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    int64_t version;
    TRY(read_step(req, false, &id, &version, NULL));
    TRY(pickup_cancel(ctx, id, version));
    return write_as(ctx, req->reply, NULL, id);
}

/* POST /v1/pickups/{id}/code */
err_t api_new_pickup_code(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    int64_t version;
    str code;
    TRY(read_step(req, false, &id, &version, NULL));
    TRY(pickup_new_code(ctx, id, version, &code));
    req->secret = code;
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "code", code);
    TRY(write_as(ctx, req->reply, "pickup", id));
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/pickups/{id}/collect */
err_t api_collect_pickup(struct ctx *ctx, struct request *req)
{
    pickup_id id;
    bool is_collected;
    str code;
    TRY(request_path_id(req, 0, "pup", &id.v));
    TRY(json_get_str(req->body, "code", PICKUP_CODE_DIGITS, PICKUP_CODE_DIGITS,
                     &code));
    TRY(json_end(req->body));
    TRY(pickup_collect(ctx, id, code, &is_collected));
    json_begin(req->reply, NULL);
    json_put_bool(req->reply, "is_collected", is_collected);
    TRY(write_as(ctx, req->reply, "pickup", id));
    json_end_object(req->reply);
    return OK;
}
