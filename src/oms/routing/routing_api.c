/* routing_api.c - the routing room's HTTP face. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/routing/routing_handlers.h"
#include "oms/routing/routing_store.h"

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
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "id", "rtd", records[i].id);
        json_put_id(req->reply, "order", "ord", id.v);
        json_put_time(req->reply, "at", records[i].at);
        json_put_i64(req->reply, "strategy_version",
                     records[i].strategy_version);
        json_put_cstr(req->reply, "why", routing_rule_why(records[i].rule));
        json_put_members(req->reply, records[i].doc);
        if (records[i].candidates.len > 0)
            routing_unpack(req->reply, records[i].candidates);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getChannelRouting",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/routing",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_channel                },
    {.operation = "setChannelRouting",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/routing",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_channel                },
    {.operation = "listBrandRoutings",
     .method = HTTP_GET,
     .path = "/v1/routing/brands",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_list_brands                },
    {.operation = "getBrandRouting",
     .method = HTTP_GET,
     .path = "/v1/routing/brands/{brand}",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get_brand                  },
    {.operation = "setBrandRouting",
     .method = HTTP_PUT,
     .path = "/v1/routing/brands/{brand}",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_set_brand                  },
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
