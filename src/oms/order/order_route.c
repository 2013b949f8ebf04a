/* order_route.c - from orders of a batch to requests to the router. */
#include "oms/order/order_route.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/hold/hold_drop.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_hold.h"
#include "oms/routing/routing_capacity.h"
#include "oms/routing/routing_point.h"

/* ---- what the batch must know ---- */

static void read_destination(struct batch_item *item)
{
    const struct order_party *to = item->item->cmd->shipping_address;
    if (!to)
        return;
    item->to = (struct routing_destination){.country = to->country,
                                            .region = to->region,
                                            .postal_code = to->postal_code,
                                            .city = to->city,
                                            .has_point = to->has_point,
                                            .lat_e6 = to->lat_e6,
                                            .lon_e6 = to->lon_e6};
    item->to.point = to->has_point ? "address" : NULL;
}

static err_t gather_points(struct order_batch *batch)
{
    struct routing_destination **to = arena_array(
        batch->ctx->arena, struct routing_destination *, batch->count);
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_item *item = &batch->items[i];
        read_destination(item);
        if (item->channel->strategy && item->channel->strategy->needs_point)
            to[n++] = &item->to;
    }
    return n > 0 ? routing_point_fill(batch->ctx, to, n) : OK;
}

/* Values of the attributes that a strategy's filters ask for, of the SKUs of
 * its orders. */
static err_t gather_attrs(struct order_batch *batch,
                          struct batch_channel *channel)
{
    const struct routing_strategy *strategy = channel->strategy;
    size_t room = 0, n = 0;
    for (size_t i = 0; i < batch->count; i++)
        room += batch->items[i].item->cmd->line_count;
    sku_id *skus = arena_array(batch->ctx->arena, sku_id, room);
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_item *item = &batch->items[i];
        for (size_t j = 0; j < item->item->cmd->line_count; j++)
            if (item->channel->strategy == strategy && item->skus[j]->sku)
                skus[n++] = item->skus[j]->sku->id;
    }
    return order_route_attrs(batch->ctx, strategy, skus, n, &channel->attrs);
}

err_t order_route_gather(struct order_batch *batch)
{
    TRY(gather_points(batch));
    for (size_t i = 0; i < batch->channel_count; i++) {
        struct batch_channel *channel = &batch->channel_at[i];
        if (!channel->strategy)
            continue;
        if (channel->strategy->attr_key_count > 0)
            TRY(gather_attrs(batch, channel));
        TRY(routing_ages_read(batch->ctx, channel->strategy, batch->stock));
        if (!batch->loads)
            TRY(routing_loads_read(batch->ctx, channel->strategy,
                                   &batch->loads));
    }
    return OK;
}

/* ---- one order ---- */

err_t order_route_check(struct order_batch *batch, struct batch_item *item)
{
    struct ctx *ctx = item->item->ctx;
    const struct order_cmd *cmd = item->item->cmd;
    bool is_pickup;
    (void)batch;
    if (cmd->pickup_location.len == 0)
        return OK;
    if (!routing_location_find(item->channel->strategy, cmd->pickup_location,
                               &item->pickup_at, &is_pickup))
        return fail_as(ctx, ERR_INVALID, "location_unknown", "pickup_location",
                       "there is no location with the code %.*s",
                       STR_ARG(cmd->pickup_location));
    if (!is_pickup)
        return fail_as(ctx, ERR_INVALID, "location_no_pickup",
                       "pickup_location", "nothing can be picked up there");
    return OK;
}

/* A plan of some lines, told for all: `of` says which line each was. */
static void spread_plan(struct arena *arena, const size_t *of, size_t asked,
                        size_t count, struct routing_plan *plan)
{
    struct routing_allocation *at =
        arena_array(arena, struct routing_allocation, plan->count);
    int64_t *backordered = arena_array(arena, int64_t, count);
    for (size_t i = 0; i < plan->count; i++) {
        at[i] = plan->at[i];
        at[i].line = of[plan->at[i].line];
    }
    for (size_t i = 0; i < asked; i++)
        backordered[of[i]] = plan->backordered[i];
    plan->at = at;
    plan->backordered = backordered;
    if (asked == 0)
        plan->rule = ROUTING_HELD;
}

static const struct routing_order *facts_of(struct arena *arena,
                                            const struct batch_item *item)
{
    const struct order_cmd *cmd = item->item->cmd;
    struct routing_order *facts = arena_new(arena, struct routing_order);
    *facts = (struct routing_order){
        .tags = cmd->tags,
        .tag_count = cmd->tag_count,
        .value = money_make(item->total, cmd->currency),
        .channel_type = (int)item->channel->channel->type,
        .service = cmd->service};
    return facts;
}

static utc_ms day_of(const struct order_cmd *cmd, size_t line)
{
    utc_ms own = cmd->lines[line].fulfil_at;
    return own ? own : cmd->fulfil_at;
}

/* When the last of its lines may leave. */
static utc_ms starts_at(const struct ctx *ctx, const struct order_cmd *cmd)
{
    utc_ms ret = ctx->now;
    for (size_t i = 0; i < cmd->line_count; i++)
        ret = day_of(cmd, i) > ret ? day_of(cmd, i) : ret;
    return ret;
}

/* When the last of those may that ship from there. */
static utc_ms starts_from(const struct ctx *ctx, const struct order_cmd *cmd,
                          const struct order *order, location_id from)
{
    utc_ms ret = ctx->now;
    for (size_t i = 0; i < order->allocation_count; i++) {
        const struct order_allocation *at = &order->allocations[i];
        if (at->location.v != from.v)
            continue;
        utc_ms day = day_of(cmd, (size_t)at->n - 1);
        ret = day > ret ? day : ret;
    }
    return ret;
}

void order_route_plan(struct order_batch *batch, const struct batch_item *item,
                      const struct held_plan *held,
                      struct routing_request *request, struct routing_plan *ret)
{
    const struct order_cmd *cmd = item->item->cmd;
    struct arena *arena = batch->ctx->arena;
    struct routing_line *lines =
        arena_array(arena, struct routing_line, cmd->line_count);
    size_t *of = arena_array(arena, size_t, cmd->line_count);
    size_t n = 0;
    for (size_t i = 0; i < cmd->line_count; i++) {
        int64_t qty = cmd->lines[i].qty - (held->qty ? held->qty[i] : 0);
        const struct sku *sku = item->skus[i]->sku;
        if (qty == 0)
            continue;
        of[n] = i;
        lines[n++] = (struct routing_line){
            .sku = sku->id,
            .qty = qty,
            .is_tracked = sku->is_tracked,
            .parts = item->skus[i]->needs,
            .part_count = item->skus[i]->part_count,
            .attrs = order_route_attrs_of(arena, item->channel->strategy,
                                          item->channel->attrs, sku->id)};
    }
    *request =
        (struct routing_request){.strategy = item->channel->strategy,
                                 .lines = lines,
                                 .line_count = n,
                                 .stock = batch->stock,
                                 .destination = &item->to,
                                 .method = (enum routing_method)(
                                     cmd->method ? cmd->method : ORDER_SHIPPED),
                                 .now = starts_at(batch->ctx, cmd),
                                 .order = facts_of(arena, item),
                                 .loads = batch->loads};
    if (item->pickup_at.v)
        routing_pin_all(arena, item->pickup_at, request);
    routing_decide(arena, request, ret);
    if (n < cmd->line_count)
        spread_plan(arena, of, n, cmd->line_count, ret);
}

/* What a drop shares out cannot be waited for by an order. */
static bool may_wait(const struct order_batch *batch,
                     const struct batch_item *item, size_t line)
{
    const struct channel *channel = item->channel->channel;
    const struct batch_sku *slot = item->skus[line];
    bool is_bound = drop_binds(batch->drops, slot->sku->id, channel->id);
    for (size_t i = 0; i < slot->part_count; i++)
        is_bound |= drop_binds(batch->drops, slot->parts[i].sku, channel->id);
    return channel->stock_policy == STOCK_POLICY_BACKORDER && !is_bound;
}

err_t order_route_verdict(const struct order_batch *batch,
                          const struct batch_item *item,
                          const struct routing_plan *plan)
{
    struct ctx *ctx = item->item->ctx;
    const struct order_cmd *cmd = item->item->cmd;
    size_t i = 0;
    if (plan->is_full)
        return fail_as(ctx, ERR_CONFLICT, "location_full", "pickup_location",
                       "the location has no capacity left for this order");
    if (plan->backordered_units == 0 || plan->after == AFTER_HOLD)
        return OK;
    if (plan->after == AFTER_REFUSE)
        return fail_as(ctx, ERR_CONFLICT, "routing_refused", "lines",
                       "the channel's routing has no place for %lld units",
                       (long long)plan->backordered_units);
    while (i < cmd->line_count &&
           (plan->backordered[i] == 0 || may_wait(batch, item, i)))
        i++;
    if (i == cmd->line_count)
        return OK;
    char field[48];
    snprintf(field, sizeof(field), "lines[%zu].quantity", i);
    return fail_as(ctx, ERR_CONFLICT, "out_of_stock", field,
                   "%lld of %.*s wanted, %lld available",
                   (long long)cmd->lines[i].qty, STR_ARG(cmd->lines[i].sku),
                   (long long)(cmd->lines[i].qty - plan->backordered[i]));
}

/* One for each place it ships from. */
static void make_promises(struct order_batch *batch,
                          const struct order_cmd *cmd,
                          const struct routing_request *request,
                          struct batch_order *fresh)
{
    const struct routing_strategy *strategy = request->strategy;
    const struct order *order = &fresh->order;
    if (!strategy->has_promises || request->method != ROUTING_SHIP)
        return;
    struct routing_promise *promises = arena_array(
        batch->ctx->arena, struct routing_promise, order->allocation_count);
    size_t n = 0;
    for (size_t i = 0; i < order->allocation_count; i++) {
        location_id from = order->allocations[i].location;
        bool is_new = true;
        for (size_t j = 0; j < n; j++)
            is_new &= promises[j].location.v != from.v;
        if (!is_new)
            continue;
        routing_promise_make(
            strategy->book, from, request->destination, request->order->service,
            starts_from(batch->ctx, cmd, order, from), &promises[n]);
        n += promises[n].is_known;
    }
    fresh->promises = promises;
    fresh->promise_count = n;
    batch->promised += n > 0;
    for (size_t i = 0; i < n; i++)
        if (promises[i].promise_at > fresh->promise_at)
            fresh->promise_at = promises[i].promise_at;
}

void order_route_take(struct order_batch *batch,
                      const struct routing_request *request,
                      const struct routing_plan *plan,
                      const struct order_cmd *cmd, struct batch_order *fresh)
{
    routing_loads_take_plan(batch->ctx, batch->loads, fresh->order.id, plan);
    make_promises(batch, cmd, request, fresh);
}

err_t order_route_save(struct order_batch *batch)
{
    TRY(routing_loads_save(batch->ctx, batch->loads));
    if (batch->promised == 0)
        return OK;
    struct routing_promise_set *sets = arena_array(
        batch->ctx->arena, struct routing_promise_set, batch->promised);
    size_t n = 0;
    for (size_t i = 0; i < batch->fresh_count; i++) {
        const struct batch_order *fresh = batch->fresh[i];
        if (fresh->promise_count > 0)
            sets[n++] = (struct routing_promise_set){
                fresh->order.id, fresh->promises, fresh->promise_count};
    }
    return routing_promise_save(batch->ctx, sets, n);
}

/* ---- told ---- */

static utc_ms last_of(const struct routing_promised *rows, size_t count)
{
    utc_ms last = 0;
    for (size_t i = 0; i < count; i++)
        last = rows[i].promise_at > last ? rows[i].promise_at : last;
    return last;
}

err_t order_promise_last(struct ctx *ctx, order_id id, utc_ms *ret)
{
    struct routing_promised *rows;
    size_t count;
    TRY(routing_promise_list(ctx, &id, 1, &rows, &count));
    *ret = last_of(rows, count);
    return OK;
}

err_t order_promise_write(struct ctx *ctx, order_id id, struct json_out *out)
{
    struct routing_promised *rows;
    size_t count;
    TRY(routing_promise_list(ctx, &id, 1, &rows, &count));
    json_begin_list(out, "promises");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_id(out, "location", "loc", rows[i].location.v);
        ASSERT(rows[i].doc.len > 2 && rows[i].doc.ptr[0] == '{');
        json_put_raw(out, NULL,
                     (str){rows[i].doc.ptr + 1, rows[i].doc.len - 2});
        json_end_object(out);
    }
    json_end_list(out);
    json_put_time_or_null(out, "promise_at", last_of(rows, count));
    return OK;
}
