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

/* The order's wish for a SKU, on the first line of it; false: no drop's. */
static bool want_of(const struct batch_item *item, const struct held_plan *held,
                    const struct hold *hold, size_t i, struct drop_want *ret)
{
    const struct order_cmd *cmd = item->item->cmd;
    const struct sku *sku = item->skus[i]->sku;
    if (!sku || !sku->is_drop || !item->channel->channel)
        return false;
    *ret = (struct drop_want){.sku = sku->id,
                              .channel = item->channel->channel->id,
                              .customer = customer_of(item, hold)};
    for (size_t j = 0; j < cmd->line_count; j++) {
        if (item->skus[j] != item->skus[i])
            continue;
        if (j < i)
            return false;
        ret->qty += cmd->lines[j].qty;
        ret->had += held && held->qty ? held->qty[j] : 0;
    }
    bool is_his = hold && hold->customer.len > 0;
    for (size_t j = 0; is_his && j < hold->held_count; j++)
        if (hold->held[j].sku.v == sku->id.v)
            ret->free += hold->held[j].left;
    return true;
}

err_t order_drop_gather(struct order_batch *batch)
{
    size_t n = 0, room = 0;
    for (size_t i = 0; i < batch->count; i++)
        room += batch->items[i].item->cmd->line_count;
    struct drop_want *wants =
        arena_array(batch->ctx->arena, struct drop_want, room);
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_item *item = &batch->items[i];
        const struct hold *hold = order_hold_find(batch, item);
        for (size_t j = 0; j < item->item->cmd->line_count; j++)
            n += want_of(item, NULL, hold, j, &wants[n]);
    }
    return drop_batch_open(batch->ctx, wants, n, &batch->drops);
}

err_t order_drop_check(const struct order_batch *batch,
                       const struct batch_item *item,
                       const struct held_plan *held)
{
    for (size_t i = 0; batch->drops && i < item->item->cmd->line_count; i++) {
        struct drop_want want;
        int64_t qty;
        if (want_of(item, held, held->hold, i, &want))
            TRY(drop_check(item->item->ctx, batch->drops, &want, &qty));
    }
    return OK;
}

void order_drop_take(const struct order_batch *batch,
                     const struct batch_item *item,
                     const struct held_plan *held, order_id order)
{
    for (size_t i = 0; batch->drops && i < item->item->cmd->line_count; i++) {
        struct drop_want want;
        if (want_of(item, held, held->hold, i, &want))
            drop_take(batch->drops, &want, OWNER_ORDER_LINE, order.v);
    }
}
