/* order_decide.c - decides one order of a batch in memory.
 *
 * Everything that can refuse comes before the first unit is taken.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/hold/hold_drop.h"
#include "oms/order/order_hold.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_price.h"
#include "oms/order/order_route.h"
#include "store/event.h"

static const utc_ms FUTURE_MS = (utc_ms)24 * 60 * 60 * 1000;

static err_t check_channel(struct ctx *ctx, const struct order_cmd *cmd,
                           const struct batch_channel *slot)
{
    if (!slot->channel)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with the code %.*s",
                       STR_ARG(cmd->channel));
    return OK;
}

/* The order stored under the same key answers again, if it says the same. */
static err_t check_same(struct ctx *ctx, const struct order_cmd *cmd,
                        int64_t body_hash)
{
    if (cmd->body_hash == body_hash)
        return OK;
    return fail_as(ctx, ERR_CONFLICT, "external_id_reused", "external_id",
                   "the channel has another order with the external id %.*s",
                   STR_ARG(cmd->external_id));
}

static err_t check_head(struct ctx *ctx, const struct order_cmd *cmd,
                        const struct channel *channel, utc_ms now)
{
    if (!channel->is_active)
        return fail_as(ctx, ERR_INVALID, "channel_inactive", "channel",
                       "the channel takes no orders now");
    if (cmd->is_currency_default &&
        strcmp(cmd->currency, channel->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "currency",
                       "amounts are in %s and the channel sells in %s; name "
                       "the currency of the order",
                       cmd->currency, channel->currency);
    if (cmd->placed_at < 0 || cmd->placed_at > now + FUTURE_MS)
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "placed_at",
                       "must not be before 1970 or more than a day ahead");
    return OK;
}

static err_t check_skus(struct ctx *ctx, const struct order_cmd *cmd,
                        struct batch_sku *const *skus)
{
    for (size_t i = 0; i < cmd->line_count; i++) {
        if (skus[i]->sku)
            continue;
        char field[48];
        snprintf(field, sizeof(field), "lines[%zu].sku", i);
        return fail_as(ctx, ERR_INVALID, "sku_unknown", field,
                       "there is no SKU with the code %.*s",
                       STR_ARG(skus[i]->code));
    }
    return OK;
}

static void fill_lines(struct ctx *ctx, const struct batch_item *item,
                       const struct order_sums *sums,
                       const struct routing_plan *plan, struct order *order)
{
    const struct order_cmd *cmd = item->item->cmd;
    bool is_queued = plan->after == AFTER_HOLD;
    order->line_count = cmd->line_count;
    order->lines = arena_array(ctx->arena, struct order_line, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct order_line_cmd *line = &cmd->lines[i];
        const struct sku *sku = item->skus[i]->sku;
        order->lines[i] = (struct order_line){
            .n = (int64_t)i + 1,
            .sku = sku->id,
            .sku_code = sku->code,
            .title = line->title.len > 0 ? line->title : sku->title,
            .doc = line->doc,
            .is_tracked = sku->is_tracked || sku->is_kit,
            .ordered = line->qty,
            .backordered = is_queued ? 0 : plan->backordered[i],
            .unallocated = is_queued ? plan->backordered[i] : 0,
            .allocated = line->qty - plan->backordered[i],
            .unit_price = line->unit_price,
            .unit_price_now = line->unit_price,
            .discount = line->discount,
            .tax = sums[i].tax,
            .total = sums[i].total,
            .discount_now = line->discount,
            .tax_now = sums[i].tax,
            .total_now = sums[i].total,
            .parts = item->skus[i]->parts,
            .part_count = item->skus[i]->part_count,
        };
    }
}

static void fill_head(struct ctx *ctx, const struct batch_item *item,
                      enum tax_mode mode, struct order *order)
{
    const struct order_cmd *cmd = item->item->cmd;
    struct order_key key = {item->channel->channel->id, item->channel->code,
                            cmd->external_id};
    int bucket = order_key_bucket(ctx->arena, &key);
    order->id.v = id_next(ctx->ids, ctx->now, bucket);
    order->channel = key.channel;
    order->channel_code = key.channel_code;
    order->external_id = cmd->external_id;
    order->doc = cmd->doc;
    order->origin = cmd->origin;
    memcpy(order->currency, cmd->currency, sizeof(order->currency));
    order->tax_mode = mode;
    order->body_hash = cmd->body_hash;
    order->placed_at = cmd->placed_at ? cmd->placed_at : ctx->now;
    order->updated_at = ctx->now;
    order->version = 1;
    order->status = order_next(ORDER_STATUS_NONE, ORDER_EVENT_PLACE);
}

/* The seam for payment: a placed order is confirmed once it is payable. */
static void confirm(struct order *order)
{
    struct order_facts facts = order_facts_of(order);
    if (order_is_payable(&facts))
        order->status = order_next(order->status, ORDER_EVENT_CONFIRM);
    ASSERT(order->status != ORDER_STATUS_NONE);
}

/* All components of the kits, each in a row of its own. */
static void commit_kits(struct order_batch *batch,
                        const struct routing_allocation *from,
                        const struct order_line *line,
                        const struct stock_owner *owner)
{
    for (size_t i = 0; i < line->part_count; i++)
        stock_commit(batch->ctx, batch->stock, from->parts[i],
                     from->qty * line->parts[i].quantity, owner);
}

static int by_line(const void *a, const void *b)
{
    const struct order_allocation *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* Takes the units of the plan: from here on nothing refuses. */
static void commit_plan(struct order_batch *batch, const struct held_plan *held,
                        const struct routing_plan *plan,
                        struct batch_order *fresh)
{
    struct ctx *ctx = batch->ctx;
    struct order_allocation *at = arena_array(
        ctx->arena, struct order_allocation, plan->count + held->count);
    size_t n = held->count;
    for (size_t i = 0; i < plan->count; i++) {
        const struct routing_allocation *from = &plan->at[i];
        int64_t line = (int64_t)from->line + 1;
        struct stock_owner owner = {OWNER_ORDER_LINE, fresh->order.id.v, line,
                                    fresh->placed_event};
        if (from->level)
            stock_commit(ctx, batch->stock, from->level, from->qty, &owner);
        if (from->parts)
            commit_kits(batch, from, &fresh->order.lines[from->line], &owner);
        if (from->location.v)
            at[n++] =
                (struct order_allocation){line, from->location, from->qty};
    }
    /* Last, so that no line was routed to what the hold gives back. */
    if (held->hold) {
        order_hold_confirm(batch, held, fresh, at);
        qsort(at, n, sizeof(*at), by_line);
    }
    fresh->order.allocations = at;
    fresh->order.allocation_count = n;
}

err_t order_batch_check(struct order_batch *batch, struct batch_item *item)
{
    struct ctx *ctx = item->item->ctx;
    const struct order_cmd *cmd = item->item->cmd;
    struct order_totals totals;
    struct order_sums *sums;
    TRY(check_channel(ctx, cmd, item->channel));
    const struct channel *channel = item->channel->channel;
    enum tax_mode mode = cmd->tax_mode ? cmd->tax_mode : channel->tax_mode;
    TRY(check_skus(ctx, cmd, item->skus));
    if (item->is_past)
        return OK; /* It was accepted as it is. */
    TRY(check_head(ctx, cmd, channel, batch->ctx->now));
    TRY(order_doubt_check(item));
    TRY(order_totals_check(ctx, cmd, mode, &totals, &sums));
    item->total = totals.total;
    return OK;
}

/* Everything that can refuse a new order; on success *fresh is complete. */
static err_t decide_new(struct order_batch *batch, struct batch_item *item,
                        struct batch_order **ret)
{
    struct ctx *ctx = item->item->ctx;
    if (batch->taxes)
        TRY(order_taxes_settle(batch, item));
    const struct order_cmd *cmd = item->item->cmd;
    const struct channel *channel = item->channel->channel;
    enum tax_mode mode = cmd->tax_mode ? cmd->tax_mode : channel->tax_mode;
    struct order_totals totals;
    struct order_sums *sums;
    struct routing_request request;
    struct routing_plan plan;
    struct held_plan held;
    TRY(check_head(ctx, cmd, channel, batch->ctx->now));
    TRY(order_doubt_check(item));
    TRY(order_totals_check(ctx, cmd, mode, &totals, &sums));
    TRY(check_skus(ctx, cmd, item->skus));
    TRY(order_hold_plan(batch, item, &held));
    TRY(order_drop_check(batch, item, &held));
    item->total = totals.total;
    TRY(order_route_check(batch, item));
    order_route_plan(batch, item, &held, &request, &plan);
    if (!order_near_covers(batch, item, &plan)) {
        batch->is_short = true;
        return OK;
    }
    TRY(order_route_verdict(batch, item, &plan));

    struct batch_order *fresh =
        arena_new(batch->ctx->arena, struct batch_order);
    fill_head(batch->ctx, item, mode, &fresh->order);
    fill_lines(batch->ctx, item, sums, &plan, &fresh->order);
    fresh->order.totals = totals;
    fresh->order.charges_now = order_charges(&fresh->order);
    fresh->order.charges_tax_now = order_charges_tax(&fresh->order);
    fresh->channel = item->channel;
    fresh->doubts = item->doubts;
    fresh->ctx = ctx;
    fresh->placed_event = event_id(batch->ctx, fresh->order.id.v);
    confirm(&fresh->order);
    if (fresh->order.status == ORDER_CONFIRMED)
        fresh->confirmed_event = event_id(batch->ctx, fresh->order.id.v);
    fresh->strategy_version = item->channel->strategy->version;
    fresh->decision = routing_decision_doc(batch->ctx->arena, &request, &plan);
    fresh->candidates = routing_pack(batch->ctx->arena, &plan);
    order_drop_take(batch, item, &held, fresh->order.id);
    commit_plan(batch, &held, &plan, fresh);
    order_route_take(batch, &request, &plan, item->item->cmd, fresh);
    *ret = fresh;
    return OK;
}

/* Answers again what is stored, or was decided earlier in this batch. */
static err_t decide_known(struct order_batch *batch, struct batch_item *item)
{
    struct order_place_item *to = item->item;
    struct batch_key *key = item->key;
    int64_t hash =
        key->fresh ? key->fresh->order.body_hash : key->known->body_hash;
    to->is_new = false;
    to->err = check_same(to->ctx, to->cmd, hash);
    if (to->err != OK)
        return OK;
    if (key->fresh) {
        to->order = &key->fresh->order;
        return OK;
    }
    struct order *order = arena_new(batch->ctx->arena, struct order);
    to->order = order;
    return order_get(batch->ctx, key->known->id, order);
}

err_t order_batch_decide(struct order_batch *batch, struct batch_item *item)
{
    struct order_place_item *to = item->item;
    to->err = check_channel(to->ctx, to->cmd, item->channel);
    if (to->err != OK)
        return OK;
    if (item->key->known || item->key->fresh)
        return decide_known(batch, item);
    struct batch_order *fresh;
    to->err = decide_new(batch, item, &fresh);
    if (to->err != OK || batch->is_short)
        return OK;
    to->order = &fresh->order;
    to->is_new = true;
    item->key->fresh = fresh;
    item->channel->accepted++;
    batch->fresh[batch->fresh_count++] = fresh;
    return OK;
}
