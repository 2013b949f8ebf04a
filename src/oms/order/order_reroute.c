/* order_reroute.c - stored orders that are routed again: what the router is
 * told of them, and what follows when their units move. */
#include "base/arena.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog_attr.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_route.h"
#include "oms/order/order_way.h"
#include "oms/routing/routing_capacity.h"
#include "oms/routing/routing_point.h"

/* ---- attributes of SKUs ---- */

err_t order_route_attrs(struct ctx *ctx,
                        const struct routing_strategy *strategy,
                        const sku_id *skus, size_t count, struct map **ret)
{
    *ret = NULL;
    if (strategy->attr_key_count == 0)
        return OK;
    *ret = map_open(ctx->arena, count);
    for (size_t i = 0; i < strategy->attr_key_count; i++) {
        struct sku_attr *found;
        size_t n;
        TRY(sku_attr_list(ctx, strategy->attr_keys[i], skus, count, &found,
                          &n));
        for (size_t j = 0; j < n; j++)
            map_set(*ret,
                    (struct map_key){.a = found[j].sku.v, .b = (int64_t)i},
                    &found[j].value);
    }
    return OK;
}

const str *order_route_attrs_of(struct arena *arena,
                                const struct routing_strategy *strategy,
                                const struct map *attrs, sku_id sku)
{
    if (!attrs)
        return NULL;
    size_t count = strategy->attr_key_count;
    str *values = arena_array(arena, str, count);
    for (size_t i = 0; i < count; i++) {
        const str *found =
            map_find(attrs, (struct map_key){.a = sku.v, .b = (int64_t)i});
        values[i] = found ? *found : STR_NONE;
    }
    return values;
}

/* ---- what the router is told ---- */

/* What filters of scenarios look at. */
static err_t read_facts(struct ctx *ctx, const struct order *order,
                        struct routing_order *ret)
{
    struct channel channel;
    struct json_in *in;
    TRY(channel_get(ctx, order->channel, &channel));
    TRY(json_parse(ctx, order->doc, &in));
    ret->value = money_make(order->totals.total, order->currency);
    ret->channel_type = (int)channel.type;
    return json_get_strs(in, "tags", LIMIT_TAGS, SIZE_MAX, &ret->tags,
                         &ret->tag_count);
}

static bool ships_from(const struct order *order, int64_t n, location_id at)
{
    bool ret = at.v == 0;
    for (size_t i = 0; i < order->allocation_count && !ret; i++)
        ret = order->allocations[i].n == n &&
              order->allocations[i].location.v == at.v;
    return ret;
}

/* When the last of its lines that are still to leave from there may; 0: from
 * anywhere. */
static err_t starts_at(struct ctx *ctx, const struct order *order,
                       const struct order_route_facts *facts, location_id at,
                       utc_ms *ret)
{
    *ret = ctx->now;
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        utc_ms day;
        if (line->shipped >= line->ordered - line->cancelled ||
            !ships_from(order, line->n, at))
            continue;
        TRY(order_line_day(ctx, line, facts->fulfil_at, &day));
        *ret = day > *ret ? day : *ret;
    }
    return OK;
}

err_t order_route_ask(struct ctx *ctx, const struct order *order,
                      const struct routing_strategy *strategy,
                      struct order_ask *ret)
{
    struct order_route_facts facts;
    struct routing_destination *to =
        arena_new(ctx->arena, struct routing_destination);
    struct routing_order *told = arena_new(ctx->arena, struct routing_order);
    TRY(order_destination(ctx, order, &facts));
    *to = (struct routing_destination){.country = facts.country,
                                       .region = facts.region,
                                       .postal_code = facts.postal_code,
                                       .city = facts.city,
                                       .has_point = facts.has_point,
                                       .lat_e6 = facts.lat_e6,
                                       .lon_e6 = facts.lon_e6,
                                       .point =
                                           facts.has_point ? "address" : NULL};
    told->service = facts.service;
    if (strategy->needs_point)
        TRY(routing_point_fill(ctx, &to, 1));
    if (strategy->scenario_count > 0)
        TRY(read_facts(ctx, order, told));
    utc_ms from;
    TRY(starts_at(ctx, order, &facts, (location_id){0}, &from));
    *ret = (struct order_ask){.is_pinned = facts.pickup_location.len > 0};
    ret->request =
        (struct routing_request){.strategy = strategy,
                                 .destination = to,
                                 .method = (enum routing_method)facts.method,
                                 .now = from,
                                 .order = told};
    bool is_pickup;
    if (ret->is_pinned)
        (void)routing_location_find(strategy, facts.pickup_location, &ret->at,
                                    &is_pickup);
    return OK;
}

err_t order_route_ask_lines(struct ctx *ctx,
                            const struct routing_strategy *strategy,
                            struct routing_line *lines, size_t count)
{
    struct map *attrs;
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        skus[i] = lines[i].sku;
    TRY(order_route_attrs(ctx, strategy, skus, count, &attrs));
    for (size_t i = 0; i < count; i++)
        lines[i].attrs =
            order_route_attrs_of(ctx->arena, strategy, attrs, lines[i].sku);
    return OK;
}

/* ---- what follows ---- */

static int64_t units_at(const struct order *order, location_id at)
{
    int64_t units = 0;
    for (size_t i = 0; i < order->allocation_count; i++)
        if (order->allocations[i].location.v == at.v)
            units += order->allocations[i].qty;
    return units;
}

/* The locations where `a` has units and `b` has fewer, each once. */
static size_t where_more(struct arena *arena, const struct order *a,
                         const struct order *b, struct routing_part_load **ret)
{
    struct routing_part_load *parts =
        arena_array(arena, struct routing_part_load, a->allocation_count);
    size_t n = 0;
    for (size_t i = 0; i < a->allocation_count; i++) {
        location_id at = a->allocations[i].location;
        int64_t more = units_at(a, at) - units_at(b, at);
        bool is_known = more <= 0;
        for (size_t j = 0; j < n; j++)
            is_known |= parts[j].location.v == at.v;
        if (!is_known)
            parts[n++] = (struct routing_part_load){at, more};
    }
    *ret = parts;
    return n;
}

err_t order_give_back(struct ctx *ctx, const struct order *before,
                      const struct order *after)
{
    struct routing_part_load *parts;
    size_t n = where_more(ctx->arena, before, after, &parts);
    return n > 0 ? routing_loads_give_back(ctx, before->id, parts, n) : OK;
}

static err_t promise_again(struct ctx *ctx, const struct order *order,
                           const struct routing_strategy *strategy,
                           const struct routing_part_load *parts, size_t count)
{
    struct order_route_facts facts;
    struct routing_promise *at =
        arena_array(ctx->arena, struct routing_promise, count);
    TRY(order_destination(ctx, order, &facts));
    struct routing_destination to = {.country = facts.country,
                                     .region = facts.region,
                                     .postal_code = facts.postal_code,
                                     .city = facts.city};
    for (size_t i = 0; i < count && facts.method == ORDER_SHIPPED; i++) {
        utc_ms from;
        TRY(starts_at(ctx, order, &facts, parts[i].location, &from));
        routing_promise_make(strategy->book, parts[i].location, &to,
                             facts.service, from, &at[i]);
    }
    struct routing_promise_set set = {order->id, at, count};
    return routing_promise_save(ctx, &set, 1);
}

err_t order_promise_again(struct ctx *ctx, const struct order *order)
{
    struct routing_strategy *strategy;
    struct routing_part_load *parts;
    struct order none = {.allocation_count = 0};
    size_t count = where_more(ctx->arena, order, &none, &parts);
    TRY(routing_strategy_list(ctx, &order->channel, 1, &strategy));
    if (!strategy->has_promises)
        return OK;
    return promise_again(ctx, order, strategy, parts, count);
}

/* What was promised from where nothing ships any more is forgotten. */
static err_t forget_promises(struct ctx *ctx, const struct order *before,
                             const struct order *after)
{
    struct routing_promised *rows;
    size_t count, n = 0;
    TRY(routing_promise_list(ctx, &after->id, 1, &rows, &count));
    location_id *kept = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++)
        if (units_at(before, rows[i].location) == 0 ||
            units_at(after, rows[i].location) > 0)
            kept[n++] = rows[i].location;
    return n < count ? routing_promise_keep(ctx, after->id, kept, n) : OK;
}

err_t order_route_follow(struct ctx *ctx, const struct order *before,
                         const struct order *after)
{
    struct routing_strategy *strategy;
    struct routing_loads *loads;
    struct routing_part_load *parts;
    size_t count = where_more(ctx->arena, after, before, &parts);
    TRY(order_give_back(ctx, before, after));
    TRY(routing_strategy_list(ctx, &after->channel, 1, &strategy));
    TRY(routing_loads_read(ctx, strategy, &loads));
    routing_loads_take(ctx, loads, after->id, parts, count);
    TRY(routing_loads_save(ctx, loads));
    if (!strategy->has_promises)
        return OK;
    TRY(promise_again(ctx, after, strategy, parts, count));
    return forget_promises(ctx, before, after);
}
