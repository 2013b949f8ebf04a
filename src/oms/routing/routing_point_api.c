/* routing_point_api.c - where postal codes lie, over HTTP. */
#include "base/arena.h"
#include "base/check.h"
#include "base/degrees.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/routing/routing_config.h"
#include "oms/routing/routing_csv.h"
#include "oms/routing/routing_handlers.h"
#include "oms/routing/routing_point.h"

enum { POINTS_MAX = 100 * 1000, PREFIX_BYTES = 12 };

static const struct csv_column columns[] = {
    {"prefix", CSV_TEXT},
    {"lat",    CSV_TEXT},
    {"lon",    CSV_TEXT}
};

static err_t read_country(struct ctx *ctx, struct request *req, str *ret)
{
    *ret = req->path_params[0];
    if (!country_is_known(*ret))
        return fail(ctx, ERR_NOT_FOUND, "country",
                    "must be a country of ISO 3166, as DE");
    return OK;
}

/* A number, or as CSV has it a text. */
static err_t get_degrees(struct json_in *in, const char *key, int64_t max,
                         int64_t *ret)
{
    str text;
    TRY(json_any_raw(in, key, LIMIT_CODE_BYTES, &text));
    if (text.len > 2 && text.ptr[0] == '"')
        text = (str){text.ptr + 1, text.len - 2};
    if (!degrees_from_text(text, max, ret))
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be -%lld to %lld degrees", (long long)max,
                         (long long)max);
    return OK;
}

static err_t read_items(struct ctx *ctx, struct json_in *in,
                        struct config_point **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 0, POINTS_MAX, &list));
    struct config_point *points =
        arena_array(ctx->arena, struct config_point, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        str prefix;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "prefix", 1, PREFIX_BYTES, &prefix));
        TRY(get_degrees(at, "lat", LAT_MAX, &points[i].lat_e6));
        TRY(get_degrees(at, "lon", LON_MAX, &points[i].lon_e6));
        TRY(json_end(at));
        struct postal postal = postal_of(prefix);
        if (postal.len == 0)
            return json_fail(at, "prefix", ERR_INVALID, "too_short",
                             "must have a letter or digit");
        points[i].prefix = str_copy(ctx->arena, (str){postal.at, postal.len});
    }
    *ret = points;
    *ret_count = list.count;
    return OK;
}

static err_t check_twice(struct ctx *ctx, const struct config_point *points,
                         size_t count)
{
    struct map *seen = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.s = points[i].prefix};
        if (map_find(seen, key))
            return fail_as(ctx, ERR_INVALID, "place_twice", "items",
                           "%.*s is in two rows", STR_ARG(key.s));
        map_set(seen, key, seen);
    }
    return OK;
}

/* PUT /v1/routing/points/{country} */
err_t api_set_points(struct ctx *ctx, struct request *req)
{
    str country, csv = STR_NONE;
    struct config_point *points = NULL;
    struct json_in *in = req->body;
    struct csv_items items = {0};
    size_t count = 0;
    TRY(request_query_end(req));
    TRY(json_opt_str(req->body, "csv", 0, LIMIT_BULK_BODY_BYTES, &csv));
    if (csv.len > 0) {
        TRY(csv_to_items(ctx, csv, columns, COUNT_OF(columns), &items));
        str doc =
            str_printf(ctx->arena, "{\"items\":%.*s}", STR_ARG(items.json));
        TRY(json_parse(ctx, doc, &in));
    }
    TRY(csv_fail_in(ctx, read_items(ctx, in, &points, &count), &items));
    TRY(json_end(req->body));
    TRY(read_country(ctx, req, &country));
    TRY(check_twice(ctx, points, count));
    TRY(points_set(ctx, country, points, count));
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "country", country);
    json_put_i64(req->reply, "rows", (int64_t)count);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/routing/points/{country} */
err_t api_list_points(struct ctx *ctx, struct request *req)
{
    str country, after = STR("");
    size_t limit, count;
    struct config_point *points;
    (void)request_query_find(req, "after", &after);
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(read_country(ctx, req, &country));
    TRY(points_page(ctx, country, after, limit, &points, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_str(req->reply, "prefix", points[i].prefix);
        json_put_degrees(req->reply, "lat", points[i].lat_e6);
        json_put_degrees(req->reply, "lon", points[i].lon_e6);
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    if (count == limit)
        json_put_str(req->reply, "next", points[count - 1].prefix);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}
