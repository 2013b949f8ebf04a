/* routing_set.c - the command "rank the locations of this channel". */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 200 };

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* Each location exists and is named once. */
static err_t check_locations(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct location *found;
    size_t found_count;
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
    json_put_i64(&out, "version", cmd->version + 1);
    json_put_i64(&out, "locations", (int64_t)cmd->count);
    json_end_object(&out);
    return event_add(ctx, "routing.changed", "channel", cmd->channel.v,
                     buf_str(&buf), NULL);
}

err_t routing_set(struct ctx *ctx, const struct routing_cmd *cmd)
{
    ASSERT(ctx->tx);
    struct channel channel;
    int64_t version;
    TRY(channel_get(ctx, cmd->channel, &channel));
    TRY(routing_version_lock(ctx, cmd->channel, &version));
    if (version != cmd->version) {
        err_t err = fail(ctx, ERR_STALE, "version",
                         "the ranking is at version %lld", (long long)version);
        ctx->err.version = version;
        return err;
    }
    if (cmd->count > 0)
        TRY(check_locations(ctx, cmd));
    TRY(routing_ranking_save(ctx, cmd));
    return add_event(ctx, cmd);
}
