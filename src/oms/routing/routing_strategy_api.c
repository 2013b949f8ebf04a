/* routing_strategy_api.c - strategies of channels and of brands over HTTP. */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/channel/channel.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_handlers.h"
#include "oms/routing/routing_store.h"

enum { LOCATIONS_MAX = 1000, SCENARIOS_BYTES = 256 * 1024 };

/* Version, locations and scenarios, as members of an open object. */
static void put_ranking(struct json_out *out,
                        const struct routing_ranking *ranking)
{
    json_put_i64(out, "version", ranking->version);
    json_begin_list(out, "locations");
    for (size_t i = 0; i < ranking->count; i++)
        json_put_id(out, NULL, "loc", ranking->locations[i].v);
    json_end_list(out);
    if (ranking->doc.len > 0) { /* {"scenarios": …} */
        json_put_members(out, ranking->doc);
    } else {
        json_begin_list(out, "scenarios");
        json_end_list(out);
    }
}

/* ---- read ---- */

/* Checked against what the store knows; kept as they came. */
static err_t read_scenarios(struct ctx *ctx, struct json_in *in,
                            struct routing_cmd *ret)
{
    const struct routing_book *book;
    struct routing_strategy strategy = {.channel = ret->channel};
    str raw;
    TRY(routing_book_get(ctx, &book));
    TRY(scenarios_decode(ctx, in, book, true, &strategy));
    TRY(json_any_raw(in, "scenarios", SCENARIOS_BYTES, &raw));
    if (strategy.scenario_count > 0)
        ret->doc = str_printf(ctx->arena, "{\"scenarios\":%.*s}", STR_ARG(raw));
    return OK;
}

/* An id alone is no object, so a list of them is read as strings. */
static err_t read_set(struct ctx *ctx, struct request *req,
                      struct routing_cmd *ret)
{
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &ret->version));
    if (!json_has(req->body, "locations"))
        return json_fail(req->body, "locations", ERR_INVALID, "missing_field",
                         "must be a list of locations; it may be empty");
    TRY(json_get_list(req->body, "locations", 0, LOCATIONS_MAX, &list));
    location_id *ids = arena_array(ctx->arena, location_id, list.count);
    for (size_t i = 0; i < list.count; i++) {
        str text;
        TRY(json_list_str(&list, i, 1, ID_TEXT_BYTES, &text));
        if (!id_from_text("loc", text, &ids[i].v)) {
            char field[48];
            snprintf(field, sizeof(field), "locations[%zu]", i);
            return fail_as(ctx, ERR_INVALID, "wrong_type", field,
                           "must be the id of a location, as loc_…");
        }
    }
    ret->locations = ids;
    ret->count = list.count;
    TRY(read_scenarios(ctx, req->body, ret));
    return json_end(req->body);
}

/* ---- a channel's ---- */

/* The brand whose strategy the channel goes by: it says nothing itself. */
static err_t put_followed(struct ctx *ctx, channel_id id,
                          const struct routing_ranking *own,
                          struct json_out *out)
{
    struct routing_ranking brand = {.version = 0};
    if (!routing_ranking_is_set(own))
        TRY(routing_brand_of(ctx, id, &brand));
    json_put_str_or_null(out, "follows_brand",
                         routing_ranking_is_set(&brand) ? brand.brand
                                                        : STR_NONE);
    return OK;
}

static err_t write_channel(struct ctx *ctx, channel_id id, struct json_out *out)
{
    struct channel channel;
    struct routing_ranking ranking;
    TRY(channel_get(ctx, id, &channel));
    TRY(routing_ranking_get(ctx, id, &ranking));
    json_begin(out, NULL);
    json_put_id(out, "channel", "chn", id.v);
    TRY(put_followed(ctx, id, &ranking, out));
    put_ranking(out, &ranking);
    json_end_object(out);
    return OK;
}

/* GET /v1/channels/{id}/routing */
err_t api_get_channel(struct ctx *ctx, struct request *req)
{
    channel_id id;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(request_query_end(req));
    return write_channel(ctx, id, req->reply);
}

/* PUT /v1/channels/{id}/routing */
err_t api_set_channel(struct ctx *ctx, struct request *req)
{
    struct routing_cmd cmd = {0};
    TRY(request_path_id(req, 0, "chn", &cmd.channel.v));
    TRY(read_set(ctx, req, &cmd));
    TRY(routing_set(ctx, &cmd));
    return write_channel(ctx, cmd.channel, req->reply);
}

/* ---- a brand's ---- */

static err_t read_brand(struct ctx *ctx, struct request *req, str *ret)
{
    *ret = req->path_params[0];
    return check_line(ctx, "brand", *ret, 1, LIMIT_NAME_BYTES);
}

static err_t write_brand(struct ctx *ctx, str brand, struct json_out *out)
{
    struct routing_ranking ranking;
    bool is_known;
    TRY(routing_brand_get(ctx, brand, &ranking));
    TRY(routing_brand_is_known(ctx, brand, &is_known));
    if (!is_known && ranking.version == 0)
        return fail(ctx, ERR_NOT_FOUND, "brand", "no channel is of this brand");
    json_begin(out, NULL);
    json_put_str(out, "brand", brand);
    put_ranking(out, &ranking);
    json_end_object(out);
    return OK;
}

/* GET /v1/routing/brands/{brand} */
err_t api_get_brand(struct ctx *ctx, struct request *req)
{
    str brand;
    TRY(request_query_end(req));
    TRY(read_brand(ctx, req, &brand));
    return write_brand(ctx, brand, req->reply);
}

/* PUT /v1/routing/brands/{brand} */
err_t api_set_brand(struct ctx *ctx, struct request *req)
{
    struct routing_cmd cmd = {0};
    TRY(read_brand(ctx, req, &cmd.brand));
    TRY(read_set(ctx, req, &cmd));
    TRY(routing_set(ctx, &cmd));
    return write_brand(ctx, cmd.brand, req->reply);
}

/* GET /v1/routing/brands */
err_t api_list_brands(struct ctx *ctx, struct request *req)
{
    struct routing_ranking *brands;
    str after = STR("");
    size_t limit, count;
    (void)request_query_find(req, "after", &after);
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(routing_brand_page(ctx, after, limit, &brands, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_str(req->reply, "brand", brands[i].brand);
        json_put_i64(req->reply, "version", brands[i].version);
        json_put_bool(req->reply, "is_set", routing_ranking_is_set(&brands[i]));
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    if (count == limit)
        json_put_str(req->reply, "next", brands[count - 1].brand);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}
