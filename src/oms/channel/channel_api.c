/* channel_api.c - the channel room's HTTP face. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/channel/channel_json.h"
#include "oms/channel/channel_room.h"
#include "oms/channel/channel_rules.h"
#include "oms/channel/channel_store.h"

static void write_channel(struct json_out *out, const struct channel *channel)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "chn", channel->id.v);
    json_put_str(out, "code", channel->code);
    json_put_str(out, "name", channel->name);
    json_put_cstr(out, "type", channel_type_name(channel->type));
    json_put_str(out, "brand", channel->brand);
    json_put_cstr(out, "currency", channel->currency);
    json_put_str(out, "tz", channel->tz);
    json_put_cstr(out, "tax_mode", tax_mode_name(channel->tax_mode));
    json_put_cstr(out, "rounding", rounding_names[channel->rounding - 1]);
    json_put_cstr(out, "stock_policy",
                  stock_policy_name(channel->stock_policy));
    json_begin(out, "payment");
    json_put_cstr(out, "release",
                  payment_release_names[channel->payment_release - 1]);
    json_put_cstr(out, "capture",
                  payment_capture_names[channel->payment_capture - 1]);
    json_end_object(out);
    json_put_cstr(out, "taxes", tax_source_names[channel->taxes - 1]);
    json_begin(out, "tax");
    json_put_cstr(out, "round", tax_round_names[channel->tax_round - 1]);
    json_put_str(out, "country", channel->tax_country);
    json_put_str(out, "region", channel->tax_region);
    json_put_str(out, "postal_code", channel->tax_postal_code);
    json_end_object(out);
    json_put_str(out, "number_prefix", channel->number_prefix);
    json_put_bool(out, "is_active", channel->is_active);
    json_put_raw(out, "attrs", channel->attrs);
    json_put_i64(out, "version", channel->version);
    json_put_time(out, "created_at", channel->created_at);
    json_end_object(out);
}

/* POST /v1/channels */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct channel_cmd cmd;
    struct channel channel;
    TRY(channel_read(req->body, &cmd));
    TRY(channel_create(ctx, &cmd, &channel));
    req->status = 201;
    write_channel(req->reply, &channel);
    return OK;
}

/* GET /v1/channels/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    channel_id id;
    struct channel channel;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(request_query_end(req));
    TRY(channel_get(ctx, id, &channel));
    write_channel(req->reply, &channel);
    return OK;
}

/* PATCH /v1/channels/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    channel_id id;
    struct channel_patch patch;
    struct channel channel;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(channel_read_change(req->body, &patch));
    TRY(channel_change(ctx, id, &patch.change, &channel));
    write_channel(req->reply, &channel);
    return OK;
}

static err_t read_filter(struct request *req, struct channel_filter *ret)
{
    struct channel_filter filter = {0};
    int type = -1;
    (void)request_query_find(req, "code", &filter.code);
    TRY(request_query_enum(req, "type", channel_type_names,
                           COUNT_OF(channel_type_names), &type));
    filter.type = (enum channel_type)(type + 1);
    TRY(request_query_id(req, "after", "chn", &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    *ret = filter;
    return OK;
}

/* GET /v1/channels */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct channel_filter filter;
    struct channel *channels;
    size_t count;
    TRY(read_filter(req, &filter));
    TRY(channel_page(ctx, &filter, &channels, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_channel(req->reply, &channels[i]);
    json_end_page(req->reply, "chn",
                  count == filter.limit ? channels[count - 1].id.v : 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createChannel",
     .method = HTTP_POST,
     .path = "/v1/channels",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create},
    {.operation = "listChannels",
     .method = HTTP_GET,
     .path = "/v1/channels",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_list  },
    {.operation = "getChannel",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get   },
    {.operation = "changeChannel",
     .method = HTTP_PATCH,
     .path = "/v1/channels/{id}",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change},
};
const struct route_list channel_routes = {routes, COUNT_OF(routes)};
