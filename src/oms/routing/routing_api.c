/* routing_api.c - the routing room's HTTP face. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/channel/channel.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_handlers.h"
#include "oms/routing/routing_store.h"

enum { LOCATIONS_MAX = 1000, SCENARIOS_BYTES = 256 * 1024 };

/* The stored document is an object; its members join those of the record. */
static void put_members(struct json_out *out, str doc)
{
    ASSERT(doc.len > 2 && doc.ptr[0] == '{' && doc.ptr[doc.len - 1] == '}');
    json_put_raw(out, NULL, (str){doc.ptr + 1, doc.len - 2});
}

static err_t write_ranking(struct ctx *ctx, channel_id id, struct json_out *out)
{
    struct channel channel;
    struct routing_ranking ranking;
    TRY(channel_get(ctx, id, &channel));
    TRY(routing_ranking_get(ctx, id, &ranking));
    json_begin(out, NULL);
    json_put_id(out, "channel", "chn", id.v);
    json_put_i64(out, "version", ranking.version);
    json_begin_list(out, "locations");
    for (size_t i = 0; i < ranking.count; i++)
        json_put_id(out, NULL, "loc", ranking.locations[i].v);
    json_end_list(out);
    if (ranking.doc.len > 0) {
        put_members(out, ranking.doc);
    } else {
        json_begin_list(out, "scenarios");
        json_end_list(out);
    }
    json_end_object(out);
    return OK;
}

/* GET /v1/channels/{id}/routing */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    channel_id id;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(request_query_end(req));
    return write_ranking(ctx, id, req->reply);
}

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
    TRY(request_path_id(req, 0, "chn", &ret->channel.v));
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

/* PUT /v1/channels/{id}/routing */
static err_t api_set(struct ctx *ctx, struct request *req)
{
    struct routing_cmd cmd = {0};
    TRY(read_set(ctx, req, &cmd));
    TRY(routing_set(ctx, &cmd));
    return write_ranking(ctx, cmd.channel, req->reply);
}

/* GET /v1/orders/{id}/routing */
static err_t api_decisions(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct routing_record *records;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(routing_decision_list(ctx, id, &records, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no order with this id");
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "id", "rtd", records[i].id);
        json_put_id(req->reply, "order", "ord", id.v);
        json_put_time(req->reply, "at", records[i].at);
        json_put_i64(req->reply, "strategy_version",
                     records[i].strategy_version);
        json_put_cstr(req->reply, "why", routing_rule_why(records[i].rule));
        put_members(req->reply, records[i].doc);
        if (records[i].candidates.len > 0)
            routing_unpack(req->reply, records[i].candidates);
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getChannelRouting",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/routing",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get                        },
    {.operation = "setChannelRouting",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/routing",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set                        },
    {.operation = "listOrderRouting",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/routing",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_decisions                  },
    {.operation = "getSite",
     .method = HTTP_GET,
     .path = "/v1/locations/{id}/site",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_site                   },
    {.operation = "setSite",
     .method = HTTP_PUT,
     .path = "/v1/locations/{id}/site",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_site                   },
    {.operation = "listSites",
     .method = HTTP_GET,
     .path = "/v1/sites",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_list_sites                 },
    {.operation = "getRoutingMarkets",
     .method = HTTP_GET,
     .path = "/v1/routing/markets",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_markets                },
    {.operation = "setRoutingMarkets",
     .method = HTTP_PUT,
     .path = "/v1/routing/markets",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_markets                },
    {.operation = "getRoutingZones",
     .method = HTTP_GET,
     .path = "/v1/routing/zones",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_zones                  },
    {.operation = "setRoutingZones",
     .method = HTTP_PUT,
     .path = "/v1/routing/zones",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_zones,
     .is_bulk = true},
    {.operation = "getRoutingServices",
     .method = HTTP_GET,
     .path = "/v1/routing/services",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_services                    },
    {.operation = "setRoutingServices",
     .method = HTTP_PUT,
     .path = "/v1/routing/services",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_services                   },
    {.operation = "getRoutingTransit",
     .method = HTTP_GET,
     .path = "/v1/routing/transit",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_transit                    },
    {.operation = "setRoutingTransit",
     .method = HTTP_PUT,
     .path = "/v1/routing/transit",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_transit,
     .is_bulk = true},
    {.operation = "getRoutingRates",
     .method = HTTP_GET,
     .path = "/v1/routing/rates",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_rates            },
    {.operation = "setRoutingRates",
     .method = HTTP_PUT,
     .path = "/v1/routing/rates",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_rates,
     .is_bulk = true},
    {.operation = "setRoutingPoints",
     .method = HTTP_PUT,
     .path = "/v1/routing/points/{country}",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_points,
     .is_bulk = true},
    {.operation = "listRoutingPoints",
     .method = HTTP_GET,
     .path = "/v1/routing/points/{country}",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_list_points                    },
};
const struct route_list routing_routes = {routes, COUNT_OF(routes)};
