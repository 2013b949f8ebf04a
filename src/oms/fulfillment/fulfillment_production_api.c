/* fulfillment_production_api.c - the HTTP face of lines that are made to order.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_pick_handlers.h"
#include "oms/fulfillment/fulfillment_production.h"
#include "oms/inventory/inventory_named.h"
#include "oms/order/order_pick.h"

static void put_row(struct json_out *out, const struct codes *codes,
                    const struct order_line_text *text,
                    const struct production *row)
{
    json_begin(out, NULL);
    json_put_id(out, "order", "ord", row->order.v);
    json_put_str(out, "order_number", text ? text->number : STR(""));
    json_put_i64(out, "order_line", row->n);
    json_put_id(out, "sku_id", "sku", row->sku.v);
    json_put_str(out, "sku", text ? text->sku_code : STR(""));
    json_put_str(out, "title", text ? text->title : STR(""));
    json_put_raw(out, "attrs", text ? text->attrs : STR("{}"));
    json_put_id(out, "location_id", "loc", row->location.v);
    json_put_str(out, "location", code_of_location(codes, row->location));
    json_put_cstr(out, "production_status",
                  production_status_name(row->status));
    json_put_i64(out, "version", row->version);
    json_put_time(out, "created_at", row->created_at);
    json_put_time(out, "updated_at", row->updated_at);
    json_end_object(out);
}

static err_t write_rows(struct ctx *ctx, struct json_out *out,
                        const struct production *rows, size_t count)
{
    struct codes codes;
    struct order_line_text *texts;
    size_t n;
    struct order_line_key *keys =
        arena_array(ctx->arena, struct order_line_key, count);
    location_id *places = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct order_line_key){rows[i].order, rows[i].n};
        places[i] = rows[i].location;
    }
    TRY(order_line_texts(ctx, keys, count, &texts, &n));
    TRY(codes_of_locations(ctx, places, count, &codes));
    struct map *by_key = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(
            by_key,
            (struct map_key){.a = texts[i].key.order.v, .b = texts[i].key.n},
            &texts[i]);
    for (size_t i = 0; i < count; i++)
        put_row(out, &codes,
                map_find(by_key, (struct map_key){.a = rows[i].order.v,
                                                  .b = rows[i].n}),
                &rows[i]);
    return OK;
}

/* The cursor "ord_…:n" of the last one seen. */
static err_t read_after(struct ctx *ctx, struct request *req,
                        struct production_line *ret)
{
    str text, n;
    if (!request_query_find(req, "after", &text))
        return OK;
    str order = str_split(text, ':', &n);
    if (id_from_text("ord", order, &ret->order.v) && str_to_i64(n, &ret->n))
        return OK;
    return fail_as(ctx, ERR_INVALID, "bad_cursor", "after",
                   "is not a cursor of this list");
}

/* GET /v1/production */
err_t api_list_production(struct ctx *ctx, struct request *req)
{
    struct production_filter filter = {.limit = 0};
    struct production *rows;
    size_t count;
    int status = -1;
    char id[ID_TEXT_BYTES];
    TRY(request_query_enum(req, "status", production_machine.states,
                           production_machine.state_count, &status));
    TRY(read_after(ctx, req, &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    filter.status = (enum production_status)(status + 1);
    TRY(production_page(ctx, &filter, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    TRY(write_rows(ctx, req->reply, rows, count));
    json_end_list(req->reply);
    if (count == filter.limit) {
        size_t len = id_to_text("ord", rows[count - 1].order.v, id);
        json_put_str(req->reply, "next",
                     str_printf(ctx->arena, "%.*s:%lld", (int)len, id,
                                (long long)rows[count - 1].n));
    } else {
        json_put_null(req->reply, "next");
    }
    json_end_object(req->reply);
    return OK;
}

/* PUT /v1/production/{order_id}/{line} */
err_t api_set_production(struct ctx *ctx, struct request *req)
{
    struct production_line line = {.n = 0};
    struct production row;
    int64_t version;
    int status;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "ord", &line.order.v));
    if (!str_to_i64(req->path_params[1], &line.n) || line.n < 1)
        return fail(ctx, ERR_NOT_FOUND, "line", "there is no such line");
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_get_enum(req->body, "production_status", production_machine.states,
                      production_machine.state_count, &status));
    TRY(json_end(req->body));
    TRY(production_set(ctx, &line, version,
                       (enum production_status)(status + 1), &row));
    return write_rows(ctx, req->reply, &row, 1);
}
