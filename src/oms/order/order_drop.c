/* order_drop.c - orders of SKUs that a drop shares out. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/hold/hold_drop.h"
#include "oms/order/order_hold.h"

/* Who buys: as the hold says, else as the order does. */
static str customer_of(const struct batch_item *item, const struct hold *hold)
{
    const struct order_party *customer = item->item->cmd->customer;
    if (hold && hold->customer.len > 0)
        return hold->customer;
    if (!customer)
        return STR_NONE;
    return customer->external_id.len > 0 ? customer->external_id
                                         : customer->email;
}

/* Units of the SKU that the line takes: as itself, or in kits. */
static int64_t units_of(const struct batch_item *item, size_t line, sku_id sku)
{
    const struct batch_sku *slot = item->skus[line];
    int64_t qty = item->item->cmd->lines[line].qty;
    if (!slot->sku)
        return 0;
    if (slot->sku->id.v == sku.v)
        return qty;
    for (size_t i = 0; i < slot->part_count; i++)
        if (slot->components[i].sku.v == sku.v)
            return qty * slot->components[i].quantity;
    return 0;
}

/* The whole order's wish for a SKU, on the first line that takes some. */
static bool want_of(const struct batch_item *item, const struct held_plan *held,
                    const struct hold *hold, size_t i, sku_id sku,
                    struct drop_want *ret)
{
    const struct order_cmd *cmd = item->item->cmd;
    *ret = (struct drop_want){.sku = sku,
                              .channel = item->channel->channel->id,
                              .customer = customer_of(item, hold)};
    for (size_t j = 0; j < cmd->line_count; j++) {
        int64_t units = units_of(item, j, sku);
        if (units == 0)
            continue;
        if (j < i)
            return false;
        ret->qty += units;
        /* Holds are of SKUs, never of kits. */
        if (held && held->qty && item->skus[j]->sku->id.v == sku.v)
            ret->had += held->qty[j];
    }
    bool is_his = hold && hold->customer.len > 0;
    for (size_t j = 0; is_his && j < hold->held_count; j++)
        if (hold->held[j].sku.v == sku.v)
            ret->free += hold->held[j].left;
    return true;
}

static size_t want_room(const struct batch_item *item)
{
    size_t room = 0;
    for (size_t i = 0; i < item->item->cmd->line_count; i++)
        room += 1 + item->skus[i]->part_count;
    return room;
}

/* One for each SKU that has a drop or had one; into want_room() places. */
static size_t wants_of(const struct batch_item *item,
                       const struct held_plan *held, const struct hold *hold,
                       struct drop_want *ret)
{
    size_t n = 0;
    if (!item->channel->channel)
        return 0;
    for (size_t i = 0; i < item->item->cmd->line_count; i++) {
        const struct batch_sku *slot = item->skus[i];
        if (slot->sku && slot->sku->is_drop)
            n += want_of(item, held, hold, i, slot->sku->id, &ret[n]);
        for (size_t j = 0; j < slot->part_count; j++)
            if (slot->components[j].is_drop)
                n += want_of(item, held, hold, i, slot->components[j].sku,
                             &ret[n]);
    }
    return n;
}

err_t order_drop_gather(struct order_batch *batch)
{
    size_t n = 0, room = 0;
    for (size_t i = 0; i < batch->count; i++)
        room += want_room(&batch->items[i]);
    struct drop_want *wants =
        arena_array(batch->ctx->arena, struct drop_want, room);
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_item *item = &batch->items[i];
        n += wants_of(item, NULL, order_hold_find(batch, item), &wants[n]);
    }
    return drop_batch_open(batch->ctx, wants, n, &batch->drops);
}

err_t order_drop_check(const struct order_batch *batch,
                       const struct batch_item *item,
                       const struct held_plan *held)
{
    if (!batch->drops)
        return OK;
    struct drop_want *wants =
        arena_array(batch->ctx->arena, struct drop_want, want_room(item));
    size_t n = wants_of(item, held, held->hold, wants);
    for (size_t i = 0; i < n; i++) {
        int64_t qty;
        TRY(drop_check(item->item->ctx, batch->drops, &wants[i], &qty));
    }
    return OK;
}

void order_drop_take(const struct order_batch *batch,
                     const struct batch_item *item,
                     const struct held_plan *held, order_id order)
{
    if (!batch->drops)
        return;
    struct drop_want *wants =
        arena_array(batch->ctx->arena, struct drop_want, want_room(item));
    size_t n = wants_of(item, held, held->hold, wants);
    for (size_t i = 0; i < n; i++)
        drop_take(batch->drops, &wants[i], OWNER_ORDER_LINE, order.v);
}
