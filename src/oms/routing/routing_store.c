/* routing_store.c - rankings and decisions as rows. */
#include "oms/routing/routing_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_sql.h"
#include "store/sql.h"

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

static int compare_ranks(const void *a, const void *b)
{
    const struct routing_rank *x = a, *y = b;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* Keeps, best first, what is active and ships: the sites that the ranking
 * names, or all in order of id. */
static void resolve(struct arena *arena, const struct routing_ranking *ranking,
                    struct routing_strategy *ret)
{
    const struct routing_book *book = ret->book;
    size_t count = ranking->count ? ranking->count : book->site_count, n = 0;
    location_id *locations = arena_array(arena, location_id, count);
    struct routing_rank *by_id = arena_array(arena, struct routing_rank, count);
    ret->version = ranking->version;
    ret->brand = ranking->brand;
    ret->is_ranked = ranking->count > 0;
    for (size_t i = 0; i < count; i++) {
        const struct routing_site *site =
            ret->is_ranked ? book_site(book, ranking->locations[i])
                           : &book->sites[i];
        if (!site || !site->is_active) {
            ret->inactive++;
        } else if (!site->is_shipping) {
            ret->no_shipping++;
        } else {
            locations[n] = site->location;
            by_id[n] = (struct routing_rank){site->location, n};
            n++;
        }
    }
    if (n > 1 && ret->is_ranked)
        qsort(by_id, n, sizeof(*by_id), compare_ranks);
    ret->locations = locations;
    ret->by_id = by_id;
    ret->count = n;
}

err_t routing_ranking_get(struct ctx *ctx, channel_id channel,
                          struct routing_ranking *ret)
{
    struct routing_ranking *ranking;
    struct sql_arg arg = sql_i(channel.v);
    struct sql_rows rows;
    TRY(list_rankings(ctx, &channel, 1, &ranking));
    *ret = *ranking;
    TRY(sql_list(ctx, SQL_ROUTING_STRATEGY_DOC, &arg, 1, &rows));
    if (rows.count > 0 && !sql_is_null(&rows, 0, 0))
        ret->doc = sql_str(&rows, 0, 0);
    return OK;
}

bool routing_ranking_is_set(const struct routing_ranking *ranking)
{
    return ranking->count > 0 || ranking->doc.len > 0;
}

/* A channel that says nothing itself leaves it to its brand. */
static err_t ranking_in_force(struct ctx *ctx, channel_id channel,
                              struct routing_ranking *ret)
{
    struct routing_ranking brand;
    TRY(routing_ranking_get(ctx, channel, ret));
    if (routing_ranking_is_set(ret))
        return OK;
    TRY(routing_brand_of(ctx, channel, &brand));
    if (routing_ranking_is_set(&brand))
        *ret = brand;
    return OK;
}

static err_t read_scenarios(struct ctx *ctx,
                            const struct routing_ranking *ranking,
                            struct routing_strategy *strategy)
{
    struct json_in *in;
    if (ranking->doc.len == 0)
        return OK;
    TRY(json_parse(ctx, ranking->doc, &in));
    return scenarios_decode(ctx, in, strategy->book, false, strategy);
}

/* Makes what a channel goes by; it lives as long as the book. */
static err_t make_strategy(struct ctx *ctx, struct routing_book *book,
                           channel_id channel, struct routing_strategy **ret)
{
    struct ctx own = *ctx;
    struct routing_ranking ranking;
    own.arena = book->arena;
    struct routing_strategy *strategy =
        arena_new(book->arena, struct routing_strategy);
    strategy->channel = channel;
    strategy->book = book;
    strategy->has_promises = book->service_count > 0 && book->transit_count > 0;
    err_t err = ranking_in_force(&own, channel, &ranking);
    if (err == OK) {
        resolve(book->arena, &ranking, strategy);
        err = read_scenarios(&own, &ranking, strategy);
    }
    ctx->err = own.err;
    if (err != OK)
        return err;
    map_set(book->strategies, id_key(channel.v), strategy);
    *ret = strategy;
    return OK;
}

err_t routing_strategy_list(struct ctx *ctx, const channel_id *channels,
                            size_t count, struct routing_strategy **ret)
{
    ASSERT(ctx->tx);
    struct routing_strategy *strategies =
        arena_array(ctx->arena, struct routing_strategy, count);
    struct routing_book *book;
    *ret = strategies;
    if (count == 0)
        return OK;
    TRY(book_get(ctx, &book));
    for (size_t i = 0; i < count; i++) {
        struct routing_strategy *known =
            map_find(book->strategies, id_key(channels[i].v));
        if (!known)
            TRY(make_strategy(ctx, book, channels[i], &known));
        strategies[i] = *known;
    }
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
    struct sql_arg head[] = {sql_i(cmd->channel.v), sql_i(cmd->version + 1),
                             sql_s_or_null(cmd->doc)};
    TRY(routing_stamp(ctx));
    TRY(sql_run(ctx, SQL_ROUTING_STRATEGY_SAVE, head, COUNT_OF(head), NULL));
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
    enum { PARAMS = 7 };
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
        *at++ = sql_s(rows[i].candidates);
    }
    ASSERT(at == args + count * PARAMS);
    return sql_run_many(ctx, SQL_ROUTING_DECISION_INSERT, args, PARAMS, count,
                        NULL);
}

static void read_records(struct ctx *ctx, const struct sql_rows *rows,
                         struct routing_record **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct routing_record, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] =
            (struct routing_record){.id = sql_int(rows, i, 0),
                                    .strategy_version = sql_int(rows, i, 1),
                                    .at = sql_int(rows, i, 2),
                                    .doc = sql_str(rows, i, 3),
                                    .rule = sql_str(rows, i, 4),
                                    .candidates = sql_str(rows, i, 5)};
    *ret_count = rows->count;
}

err_t routing_decision_list(struct ctx *ctx, order_id order,
                            struct routing_record **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id_bucket(order.v)), sql_i(order.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_DECISION_LIST, args, COUNT_OF(args), &rows));
    read_records(ctx, &rows, ret, ret_count);
    return OK;
}

err_t routing_decision_page(struct ctx *ctx, order_id order, int64_t after_id,
                            size_t max, struct routing_record **ret,
                            size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id_bucket(order.v)), sql_i(order.v),
                             sql_i(after_id), sql_i((int64_t)max)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_DECISION_PAGE, args, COUNT_OF(args), &rows));
    read_records(ctx, &rows, ret, ret_count);
    return OK;
}
