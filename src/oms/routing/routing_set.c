/* routing_set.c - the command "this channel, or brand, ships from there". */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 2048 }; /* A name may be escaped. */

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* Each location exists and is named once. */
static err_t check_locations(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct location *found;
    size_t found_count;
    if (cmd->count == 0)
        return OK;
    TRY(location_list_ids(ctx, cmd->locations, cmd->count, &found,
                          &found_count));
    struct map *known = map_open(ctx->arena, found_count);
    struct map *named = map_open(ctx->arena, cmd->count);
    for (size_t i = 0; i < found_count; i++)
        map_set(known, id_key(found[i].id.v), &found[i]);
    for (size_t i = 0; i < cmd->count; i++) {
        struct map_key key = id_key(cmd->locations[i].v);
        char field[48];
        snprintf(field, sizeof(field), "locations[%zu]", i);
        if (!map_find(known, key))
            return fail_as(ctx, ERR_INVALID, "location_unknown", field,
                           "there is no location with this id");
        if (map_find(named, key))
            return fail_as(ctx, ERR_INVALID, "location_twice", field,
                           "a location can have one rank only");
        map_set(named, key, named);
    }
    return OK;
}

static err_t add_event(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    if (cmd->brand.len > 0)
        json_put_str(&out, "brand", cmd->brand);
    json_put_i64(&out, "version", cmd->version + 1);
    json_put_i64(&out, "locations", (int64_t)cmd->count);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    if (cmd->brand.len > 0)
        return event_add(ctx, "routing.brand_changed", "system", 1,
                         buf_str(&buf), NULL);
    return event_add(ctx, "routing.changed", "channel", cmd->channel.v,
                     buf_str(&buf), NULL);
}

static err_t set_brand(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct routing_ranking stored;
    bool is_known;
    TRY(routing_brand_get(ctx, cmd->brand, &stored));
    TRY(routing_brand_is_known(ctx, cmd->brand, &is_known));
    if (!is_known && stored.version == 0)
        return fail(ctx, ERR_NOT_FOUND, "brand", "no channel is of this brand");
    TRY(check_version(ctx, cmd->version, stored.version));
    TRY(check_locations(ctx, cmd));
    return routing_brand_save(ctx, cmd);
}

static err_t set_channel(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct channel channel;
    int64_t version;
    TRY(channel_get(ctx, cmd->channel, &channel));
    TRY(routing_version_lock(ctx, cmd->channel, &version));
    TRY(check_version(ctx, cmd->version, version));
    TRY(check_locations(ctx, cmd));
    return routing_ranking_save(ctx, cmd);
}

err_t routing_set(struct ctx *ctx, const struct routing_cmd *cmd)
{
    ASSERT(ctx->tx);
    TRY(cmd->brand.len > 0 ? set_brand(ctx, cmd) : set_channel(ctx, cmd));
    return add_event(ctx, cmd);
}
