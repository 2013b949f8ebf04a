/* routing_store.c - rankings and decisions as rows. */
#include "oms/routing/routing_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_sql.h"
#include "store/sql.h"

#include "base/map.h"

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* Rows are (channel, version, rank, location); ranks run from 1. */
static void add_ranked(struct ctx *ctx, struct routing_ranking *ranking,
                       size_t rows, int64_t rank, int64_t location)
{
    if (!ranking->locations)
        ranking->locations = arena_array(ctx->arena, location_id, rows);
    ASSERT(rank > 0 && (size_t)rank <= rows);
    ranking->locations[rank - 1].v = location;
    if (ranking->count < (size_t)rank)
        ranking->count = (size_t)rank;
}

static err_t list_rankings(struct ctx *ctx, const channel_id *channels,
                           size_t count, struct routing_ranking **ret)
{
    struct map *map = map_open(ctx->arena, count);
    struct routing_ranking *rankings =
        arena_array(ctx->arena, struct routing_ranking, count);
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++) {
        map_set(map, id_key(channels[i].v), &rankings[i]);
        args[i] = sql_i(channels[i].v);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_ROUTING_STRATEGY_LIST, args, 1, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct routing_ranking *ranking =
            map_find(map, id_key(sql_int(&rows, i, 0)));
        ASSERT(ranking);
        ranking->version = sql_int(&rows, i, 1);
        if (!sql_is_null(&rows, i, 2))
            add_ranked(ctx, ranking, rows.count, sql_int(&rows, i, 2),
                       sql_int(&rows, i, 3));
    }
    *ret = rankings;
    return OK;
}

/* The locations that the rankings name, or all where one names none. */
static err_t list_locations(struct ctx *ctx,
                            const struct routing_ranking *rankings,
                            size_t count, struct location **ret,
                            size_t *ret_count)
{
    size_t named = 0;
    for (size_t i = 0; i < count; i++) {
        if (rankings[i].count == 0)
            return location_list(ctx, ret, ret_count);
        named += rankings[i].count;
    }
    location_id *ids = arena_array(ctx->arena, location_id, named);
    struct map *seen = map_open(ctx->arena, named);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rankings[i].count; j++) {
            location_id id = rankings[i].locations[j];
            if (map_find(seen, id_key(id.v)))
                continue;
            ids[n] = id;
            map_set(seen, id_key(id.v), &ids[n++]);
        }
    return location_list_ids(ctx, ids, n, ret, ret_count);
}

static int compare_ranks(const void *a, const void *b)
{
    const struct routing_rank *x = a, *y = b;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* Keeps of `from`, best first, what is active and ships. */
static void build(struct ctx *ctx, const struct location *const *from,
                  size_t count, struct routing_strategy *ret)
{
    location_id *locations = arena_array(ctx->arena, location_id, count);
    struct routing_rank *by_id =
        arena_array(ctx->arena, struct routing_rank, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!from[i] || !from[i]->is_active) {
            ret->inactive++;
        } else if (!from[i]->is_shipping) {
            ret->no_shipping++;
        } else {
            locations[n] = from[i]->id;
            by_id[n] = (struct routing_rank){from[i]->id, n};
            n++;
        }
    }
    if (n > 1 && ret->is_ranked)
        qsort(by_id, n, sizeof(*by_id), compare_ranks);
    ret->locations = locations;
    ret->by_id = by_id;
    ret->count = n;
}

/* The locations of a ranking in its order, or all in order of id. */
static void resolve(struct ctx *ctx, const struct routing_ranking *ranking,
                    struct location *all, size_t all_count,
                    struct routing_strategy *ret)
{
    size_t count = ranking->count ? ranking->count : all_count;
    const struct location **from =
        arena_array(ctx->arena, const struct location *, count);
    ret->version = ranking->version;
    ret->is_ranked = ranking->count > 0;
    if (ret->is_ranked) {
        struct map *by_id = map_open(ctx->arena, all_count);
        for (size_t i = 0; i < all_count; i++)
            map_set(by_id, id_key(all[i].id.v), &all[i]);
        for (size_t i = 0; i < count; i++)
            from[i] = map_find(by_id, id_key(ranking->locations[i].v));
    } else {
        for (size_t i = 0; i < count; i++)
            from[i] = &all[i];
    }
    build(ctx, from, count, ret);
}

err_t routing_strategy_list(struct ctx *ctx, const channel_id *channels,
                            size_t count, struct routing_strategy **ret)
{
    ASSERT(ctx->tx);
    struct routing_strategy *strategies =
        arena_array(ctx->arena, struct routing_strategy, count);
    *ret = strategies;
    if (count == 0)
        return OK;
    struct routing_ranking *rankings;
    struct location *all;
    size_t all_count;
    TRY(list_rankings(ctx, channels, count, &rankings));
    TRY(list_locations(ctx, rankings, count, &all, &all_count));
    for (size_t i = 0; i < count; i++) {
        strategies[i].channel = channels[i];
        resolve(ctx, &rankings[i], all, all_count, &strategies[i]);
    }
    return OK;
}

err_t routing_ranking_get(struct ctx *ctx, channel_id channel,
                          struct routing_ranking *ret)
{
    struct routing_ranking *ranking;
    TRY(list_rankings(ctx, &channel, 1, &ranking));
    *ret = *ranking;
    return OK;
}

err_t routing_version_lock(struct ctx *ctx, channel_id channel, int64_t *ret)
{
    struct sql_arg arg = sql_i(channel.v);
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_VERSION_LOCK, &arg, 1, &rows));
    *ret = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}

err_t routing_ranking_save(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct sql_arg head[] = {sql_i(cmd->channel.v), sql_i(cmd->version + 1)};
    TRY(sql_run(ctx, SQL_ROUTING_STRATEGY_SAVE, head, 2, NULL));
    TRY(sql_run(ctx, SQL_ROUTING_LOCATION_CLEAR, head, 1, NULL));
    if (cmd->count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, cmd->count * 3);
    for (size_t i = 0; i < cmd->count; i++) {
        args[i * 3] = sql_i(cmd->channel.v);
        args[i * 3 + 1] = sql_i((int64_t)i + 1);
        args[i * 3 + 2] = sql_i(cmd->locations[i].v);
    }
    return sql_run_many(ctx, SQL_ROUTING_LOCATION_INSERT, args, 3, cmd->count,
                        NULL);
}

err_t routing_decision_add_many(struct ctx *ctx,
                                const struct routing_decision *rows,
                                size_t count)
{
    enum { PARAMS = 6 };
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++) {
        int bucket = id_bucket(rows[i].order.v);
        *at++ = sql_i(id_next(ctx->ids, ctx->now, bucket));
        *at++ = sql_i(bucket);
        *at++ = sql_i(rows[i].order.v);
        *at++ = sql_i(rows[i].strategy_version);
        *at++ = sql_i(rows[i].at);
        *at++ = sql_s(rows[i].doc);
    }
    ASSERT(at == args + count * PARAMS);
    return sql_run_many(ctx, SQL_ROUTING_DECISION_INSERT, args, PARAMS, count,
                        NULL);
}

err_t routing_decision_list(struct ctx *ctx, order_id order,
                            struct routing_record **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id_bucket(order.v)), sql_i(order.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_DECISION_LIST, args, 2, &rows));
    *ret = arena_array(ctx->arena, struct routing_record, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct routing_record){.id = sql_int(&rows, i, 0),
                                    .strategy_version = sql_int(&rows, i, 1),
                                    .at = sql_int(&rows, i, 2),
                                    .doc = sql_str(&rows, i, 3),
                                    .rule = sql_str(&rows, i, 4)};
    *ret_count = rows.count;
    return OK;
}
