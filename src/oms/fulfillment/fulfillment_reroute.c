/* fulfillment_reroute.c - units that shall leave another location.
 *
 * The router is asked again with that location left out (or with the one a
 * person chose pinned); reservations move by row id; what is nowhere waits.
 * The decision is kept beside the first one, with its reason.
 */
#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_take.h"
#include "oms/order/order_kit.h"
#include "oms/routing/routing_capacity.h"

struct run {
    struct ctx *ctx;
    struct fulfillment_work *work;
    struct fulfillment_route *route;
    struct routing_line *lines;
    struct routing_request request;
    struct routing_plan plan;
};

static const struct order_line *line_of(const struct run *run, size_t i)
{
    return &run->work->order.lines[run->route->units[i].n - 1];
}

static struct routing_line
routing_line_of(struct ctx *ctx, const struct order_line *line, int64_t qty)
{
    struct routing_line ret = {.sku = line->sku,
                               .qty = qty,
                               .is_tracked =
                                   line->is_tracked && line->part_count == 0,
                               .part_count = line->part_count};
    struct routing_part *parts =
        arena_array(ctx->arena, struct routing_part, line->part_count);
    for (size_t i = 0; i < line->part_count; i++)
        parts[i] =
            (struct routing_part){line->parts[i].sku, line->parts[i].quantity};
    ret.parts = line->part_count > 0 ? parts : NULL;
    return ret;
}

static err_t lock_stock(struct run *run, struct stock **ret)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < run->route->count; i++)
        room += 1 + line_of(run, i)->part_count;
    sku_id *skus = arena_array(run->ctx->arena, sku_id, room);
    for (size_t i = 0; i < run->route->count; i++) {
        const struct order_line *line = line_of(run, i);
        if (line->part_count == 0)
            skus[n++] = line->sku;
        for (size_t j = 0; j < line->part_count; j++)
            skus[n++] = line->parts[j].sku;
    }
    return stock_lock(run->ctx, skus, n, ret);
}

/* It is not sent from there again, nor from where it was refused before; a
 * person may say otherwise. */
static err_t bar(struct run *run)
{
    struct ctx *ctx = run->ctx;
    const order_id order = run->work->order.id;
    const struct fulfillment_route *route = run->route;
    struct order_bar *bars;
    size_t count;
    if (route->to.v != 0)
        TRY(order_bar_drop(ctx, order, route->to));
    if (route->bars) {
        bars = arena_array(ctx->arena, struct order_bar, route->count);
        for (size_t i = 0; i < route->count; i++)
            bars[i] = (struct order_bar){order, route->units[i].n, route->from};
        TRY(order_bar_add(ctx, bars, route->count));
    }
    TRY(order_bar_list(ctx, &order, 1, &bars, &count));
    location_id *excluded = arena_array(ctx->arena, location_id, count + 1);
    size_t n = 0;
    excluded[n++] = route->from;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < route->count; j++)
            if (route->units[j].n == bars[i].n) {
                excluded[n++] = bars[i].location;
                break;
            }
    run->request.excluded = excluded;
    run->request.excluded_count = n;
    return OK;
}

static err_t decide(struct run *run)
{
    struct ctx *ctx = run->ctx;
    const struct order *order = &run->work->order;
    struct routing_request *request = &run->request;
    struct routing_strategy *strategy;
    TRY(routing_strategy_list(ctx, &order->channel, 1, &strategy));
    run->lines =
        arena_array(ctx->arena, struct routing_line, run->route->count);
    for (size_t i = 0; i < run->route->count; i++)
        run->lines[i] =
            routing_line_of(ctx, line_of(run, i), run->route->units[i].qty);
    struct order_ask ask;
    TRY(order_route_ask(ctx, order, strategy, &ask));
    *request = ask.request;
    TRY(order_route_ask_lines(ctx, strategy, run->lines, run->route->count));
    request->lines = run->lines;
    request->line_count = run->route->count;
    TRY(bar(run));
    TRY(lock_stock(run, &request->stock));
    TRY(routing_ages_read(ctx, strategy, request->stock));
    TRY(routing_loads_read(ctx, strategy, &request->loads));
    if (run->route->to.v != 0)
        routing_pin_all(ctx->arena, run->route->to, request);
    else if (run->route->is_added && ask.is_pinned)
        routing_pin_all(ctx->arena, ask.at, request);
    routing_decide(ctx->arena, request, &run->plan);
    return OK;
}

/* The document begins with why it was decided again. */
static err_t keep_decision(struct run *run)
{
    str doc = routing_decision_doc(run->ctx->arena, &run->request, &run->plan);
    ASSERT(doc.len > 2 && doc.ptr[0] == '{');
    struct routing_decision row = {
        .order = run->work->order.id,
        .strategy_version = run->request.strategy->version,
        .at = run->ctx->now,
        .doc = str_printf(run->ctx->arena, "{\"reason\":\"%s\",%.*s",
                          run->route->reason, (int)doc.len - 1, doc.ptr + 1),
        .candidates = routing_pack(run->ctx->arena, &run->plan),
    };
    return routing_decision_add_many(run->ctx, &row, 1);
}

/* Units that found no place: freed where they stand, and waiting. */
static err_t wait(struct run *run, size_t i, int64_t qty)
{
    struct order *order = &run->work->order;
    int64_t n = run->route->units[i].n;
    if (run->route->is_here)
        TRY(order_fulfil(run->ctx, order, ORDER_UNALLOCATE, n, qty));
    run->route->waiting += qty;
    return order_fulfil(run->ctx, order, ORDER_BACKORDER, n, qty);
}

static err_t move_rows(struct run *run, struct fulfillment_rows *rows)
{
    struct ctx *ctx = run->ctx;
    struct fulfillment_parts parts = {0};
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct routing_allocation *at = &run->plan.at[i];
        struct fulfillment_take take = {.line = line_of(run, at->line),
                                        .location = run->route->from,
                                        .qty = at->qty,
                                        .to = at->location};
        TRY(fulfillment_take_rows(ctx, rows, &take, &parts));
    }
    struct stock_fulfil cmd = {.order = run->work->order.id,
                               .channel = run->work->order.channel,
                               .event_id = run->route->event_id,
                               .parts = parts.at,
                               .count = parts.count};
    return inventory_relocate(ctx, &cmd);
}

static err_t free_rows(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct fulfillment_rows rows;
    struct fulfillment_parts parts = {0};
    if (run->plan.backordered_units == 0)
        return OK;
    /* Again: some of them have been moved. */
    TRY(fulfillment_rows_read(ctx, run->work->order.id, &rows));
    for (size_t i = 0; i < run->route->count; i++) {
        struct fulfillment_take take = {.line = line_of(run, i),
                                        .location = run->route->from,
                                        .qty = run->plan.backordered[i]};
        if (take.qty > 0)
            TRY(fulfillment_take_rows(ctx, &rows, &take, &parts));
    }
    struct stock_release *freed =
        arena_array(ctx->arena, struct stock_release, parts.count);
    for (size_t i = 0; i < parts.count; i++)
        freed[i] = (struct stock_release){parts.at[i].id, parts.at[i].qty};
    return inventory_release(ctx, run->work->order.id, freed, parts.count,
                             run->route->event_id);
}

static err_t allocate_rows(struct run *run)
{
    struct ctx *ctx = run->ctx;
    size_t room = 0, n = 0;
    for (size_t i = 0; i < run->plan.count; i++)
        room += 1 + line_of(run, run->plan.at[i].line)->part_count;
    struct stock_want *wants = arena_array(ctx->arena, struct stock_want, room);
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct routing_allocation *at = &run->plan.at[i];
        const struct order_line *line = line_of(run, at->line);
        if (line->is_tracked && line->part_count == 0)
            wants[n++] =
                (struct stock_want){line->n, line->sku, at->location, at->qty};
        for (size_t j = 0; j < line->part_count; j++)
            wants[n++] =
                (struct stock_want){line->n, line->parts[j].sku, at->location,
                                    at->qty * line->parts[j].quantity};
    }
    struct stock_allot cmd = {.order = run->work->order.id,
                              .channel = run->work->order.channel,
                              .event_id = run->route->event_id,
                              .wants = wants,
                              .count = n};
    return n > 0 ? inventory_allocate(ctx, &cmd) : OK;
}

/* Untracked lines stand where their order says; where no location is left
 * they wait, too. */
static err_t place_untracked(struct run *run)
{
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct routing_allocation *at = &run->plan.at[i];
        int64_t n = run->route->units[at->line].n;
        struct order_line *line = &run->work->order.lines[n - 1];
        if (line->is_tracked)
            continue;
        if (at->location.v != 0)
            line->untracked_at = at->location;
        else
            TRY(wait(run, at->line, at->qty));
    }
    return OK;
}

static err_t apply(struct run *run)
{
    struct fulfillment_rows rows;
    struct order *order = &run->work->order;
    if (run->route->is_here) {
        TRY(fulfillment_rows_read(run->ctx, order->id, &rows));
        TRY(move_rows(run, &rows));
        TRY(free_rows(run));
    } else {
        TRY(allocate_rows(run));
        for (size_t i = 0; i < run->plan.count; i++)
            if (run->plan.at[i].location.v != 0)
                TRY(order_fulfil(run->ctx, order, ORDER_ALLOCATE,
                                 run->route->units[run->plan.at[i].line].n,
                                 run->plan.at[i].qty));
    }
    for (size_t i = 0; i < run->route->count; i++)
        if (run->plan.backordered[i] > 0)
            TRY(wait(run, i, run->plan.backordered[i]));
    return place_untracked(run);
}

err_t fulfillment_route_ask(struct ctx *ctx, struct fulfillment_work *work,
                            struct fulfillment_route *route,
                            struct routing_plan *ret)
{
    struct run run = {.ctx = ctx, .work = work, .route = route};
    ASSERT(route->count > 0 && !route->bars && route->to.v == 0);
    TRY(decide(&run));
    *ret = run.plan;
    return OK;
}

err_t fulfillment_reroute(struct ctx *ctx, struct fulfillment_work *work,
                          struct fulfillment_route *route)
{
    struct run run = {.ctx = ctx, .work = work, .route = route};
    ASSERT(route->event_id != 0 && route->count > 0);
    TRY(decide(&run));
    if (run.plan.is_full)
        return fail_as(ctx, ERR_STATE, "location_full", "location",
                       "the location has no capacity left for these units");
    if (route->to.v != 0 && run.plan.backordered_units > 0)
        return fail_as(ctx, ERR_STATE, "out_of_stock", "location",
                       "not there: %lld of what is to go",
                       (long long)run.plan.backordered_units);
    TRY(keep_decision(&run));
    TRY(apply(&run));
    TRY(order_allocations_read(ctx, &work->order));
    return fulfillment_cover(ctx, work);
}
