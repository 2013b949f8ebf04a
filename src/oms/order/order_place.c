/* order_place.c - the command "place these orders", in batch form. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/hold/hold_drop.h"
#include "oms/order/order_hold.h"
#include "oms/order/order_route.h"
#include "store/event.h"

enum { EVENT_BYTES = 512 };

static str placed_data(struct arena *arena, const struct batch_order *fresh)
{
    const struct order *order = &fresh->order;
    struct order_facts facts = order_facts_of(order);
    int64_t backordered = 0;
    for (size_t i = 0; i < order->line_count; i++)
        backordered += order->lines[i].backordered;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "channel", "chn", order->channel.v);
    json_put_i64(&out, "lines", (int64_t)order->line_count);
    json_put_i64(&out, "units", facts.ordered);
    json_put_i64(&out, "backordered", backordered);
    json_put_money(&out, "total",
                   money_make(order->totals.total, order->currency));
    if (fresh->promise_at)
        json_put_time(&out, "promise_at", fresh->promise_at);
    json_end_object(&out);
    return buf_str(&buf);
}

static struct event make_event(const struct order_batch *batch,
                               const struct batch_order *fresh, int64_t id,
                               const char *type, str data)
{
    return (struct event){.id = id,
                          .at = batch->ctx->now,
                          .type = str_from_cstr(type),
                          .subject_kind = STR("order"),
                          .subject_id = fresh->order.id.v,
                          .actor = fresh->ctx->actor,
                          .data = data};
}

static err_t write_events(struct order_batch *batch)
{
    struct arena *arena = batch->ctx->arena;
    struct event *events =
        arena_array(arena, struct event, batch->fresh_count * 3);
    size_t n = 0;
    for (size_t i = 0; i < batch->fresh_count; i++) {
        const struct batch_order *fresh = batch->fresh[i];
        events[n++] = make_event(batch, fresh, fresh->placed_event,
                                 "order.placed", placed_data(arena, fresh));
        if (fresh->confirmed_event)
            events[n++] = make_event(batch, fresh, fresh->confirmed_event,
                                     "order.confirmed", STR("{}"));
        if (fresh->doubts)
            events[n++] = make_event(
                batch, fresh, event_id(batch->ctx, fresh->order.id.v),
                "order.doubtful", order_doubt_data(arena, fresh->doubts));
    }
    return event_add_many(batch->ctx, events, n);
}

static err_t write_decisions(struct order_batch *batch)
{
    struct routing_decision *rows = arena_array(
        batch->ctx->arena, struct routing_decision, batch->fresh_count);
    for (size_t i = 0; i < batch->fresh_count; i++) {
        const struct batch_order *fresh = batch->fresh[i];
        rows[i] = (struct routing_decision){
            fresh->order.id, fresh->strategy_version, batch->ctx->now,
            fresh->decision, fresh->candidates};
    }
    return routing_decision_add_many(batch->ctx, rows, batch->fresh_count);
}

static int by_channel(const void *a, const void *b)
{
    int64_t x = (*(struct batch_channel *const *)a)->channel->id.v;
    int64_t y = (*(struct batch_channel *const *)b)->channel->id.v;

    return (x > y) - (x < y);
}

/* The counters' rows stay locked until commit, so this comes late, and in the
 * order of their keys, so that two writers never wait for each other. */
static err_t take_numbers(struct order_batch *batch)
{
    struct batch_channel **slots = arena_array(
        batch->ctx->arena, struct batch_channel *, batch->channel_count);
    size_t count = 0;

    for (size_t i = 0; i < batch->channel_count; i++)
        if (batch->channel_at[i].accepted > 0)
            slots[count++] = &batch->channel_at[i];
    qsort(slots, count, sizeof(struct batch_channel *), by_channel);
    for (size_t i = 0; i < count; i++)
        TRY(channel_take_numbers(batch->ctx, slots[i]->channel->id,
                                 slots[i]->accepted, &slots[i]->next_number));
    return OK;
}

static err_t number_orders(struct order_batch *batch)
{
    TRY(take_numbers(batch));
    for (size_t i = 0; i < batch->fresh_count; i++) {
        struct batch_order *fresh = batch->fresh[i];
        struct batch_channel *slot = fresh->channel;
        fresh->order.number = str_printf(batch->ctx->arena, "%.*s%lld",
                                         STR_ARG(slot->channel->number_prefix),
                                         (long long)slot->next_number++);
    }
    return OK;
}

static err_t write_all(struct order_batch *batch)
{
    if (batch->fresh_count == 0)
        return OK;
    const struct order **orders = arena_array(
        batch->ctx->arena, const struct order *, batch->fresh_count);
    for (size_t i = 0; i < batch->fresh_count; i++)
        orders[i] = &batch->fresh[i]->order;
    TRY(stock_save(batch->ctx, batch->stock));
    TRY(order_hold_save(batch));
    TRY(drop_batch_save(batch->ctx, batch->drops));
    TRY(order_line_insert_many(batch->ctx, orders, batch->fresh_count));
    TRY(order_part_insert_many(batch->ctx, orders, batch->fresh_count));
    TRY(write_decisions(batch));
    TRY(order_route_save(batch));
    TRY(write_events(batch));
    TRY(number_orders(batch));
    return order_insert_many(batch->ctx, orders, batch->fresh_count);
}

/* Takes nothing yet but locks: all is in memory. */
static err_t decide_all(struct ctx *ctx, struct order_place_item *items,
                        size_t count, bool may_be_near, struct order_batch *ret)
{
    TRY(order_batch_gather(ctx, items, count, may_be_near, ret));
    for (size_t i = 0; i < count && !ret->is_short; i++)
        TRY(order_batch_decide(ret, &ret->items[i]));
    return OK;
}

err_t order_place_many(struct ctx *ctx, struct order_place_item *items,
                       size_t count)
{
    ASSERT(ctx->tx && ctx->ids);
    if (count == 0)
        return OK;
    struct order_batch batch;
    TRY(decide_all(ctx, items, count, true, &batch));
    if (batch.is_short) {
        for (size_t i = 0; i < count; i++)
            err_clear(items[i].ctx);
        TRY(decide_all(ctx, items, count, false, &batch));
    }
    ASSERT(!batch.is_short);
    return write_all(&batch);
}

err_t order_place(struct ctx *ctx, const struct order_cmd *cmd,
                  struct order *ret, bool *ret_is_new)
{
    struct order_place_item item = {.ctx = ctx, .cmd = cmd};
    TRY(order_place_many(ctx, &item, 1));
    TRY(item.err);
    *ret = *item.order;
    if (ret_is_new)
        *ret_is_new = item.is_new;
    return OK;
}
