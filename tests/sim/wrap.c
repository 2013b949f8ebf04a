/* wrap.c - wrong ways to take stock: what a mistake in the rooms would do. */
#include "wrap.h"

#include "base/arena.h"
#include "oms/fulfillment/fulfillment_give_up.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_fulfil.h"
#include "oms/order/order_fulfil.h"
#include "oms/shipping/shipping_package.h"

enum wrong_stock wrong_stock;

reservation_id __real_stock_commit(struct ctx *ctx, struct stock *stock,
                                   struct stock_level *level, int64_t qty,
                                   const struct stock_owner *owner);
int64_t __real_stock_sellable(const struct stock *stock,
                              const struct stock_level *level,
                              channel_id channel);
reservation_id __wrap_stock_commit(struct ctx *ctx, struct stock *stock,
                                   struct stock_level *level, int64_t qty,
                                   const struct stock_owner *owner);
int64_t __wrap_stock_sellable(const struct stock *stock,
                              const struct stock_level *level,
                              channel_id channel);

/* A second SKU of one line of one order: the line is one of a kit. */
static bool is_second_part(const struct stock_level *level,
                           const struct stock_owner *owner)
{
    static int64_t order, line, sku;
    bool is_second =
        owner->id == order && owner->n == line && level->sku.v != sku;
    order = owner->id;
    line = owner->n;
    sku = level->sku.v;
    return is_second;
}

/* Another level of the same SKU that holds as much. */
static struct stock_level *elsewhere(struct stock *stock,
                                     struct stock_level *level, int64_t qty)
{
    struct stock_level *levels;
    size_t count = stock_levels(stock, level->sku, &levels);
    for (size_t i = 0; i < count; i++) {
        if (&levels[i] != level && stock_available(&levels[i]) >= qty)
            return &levels[i];
    }
    return level;
}

reservation_id __wrap_stock_commit(struct ctx *ctx, struct stock *stock,
                                   struct stock_level *level, int64_t qty,
                                   const struct stock_owner *owner)
{
    bool is_second = is_second_part(level, owner);
    if (is_second && wrong_stock == STOCK_FORGETS_PART)
        return (reservation_id){0};
    if (is_second && wrong_stock == STOCK_PART_ELSEWHERE)
        level = elsewhere(stock, level, qty);
    return __real_stock_commit(ctx, stock, level, qty, owner);
}

int64_t __wrap_stock_sellable(const struct stock *stock,
                              const struct stock_level *level,
                              channel_id channel)
{
    int64_t sellable = __real_stock_sellable(stock, level, channel);
    if (wrong_stock == STOCK_BLIND_IN_BATCH)
        sellable += level->delta_committed;
    if (wrong_stock == STOCK_TRUSTS_FIRST && sellable > 0)
        sellable += 1000;
    return sellable;
}

/* ---- goods ---- */

err_t __real_inventory_short(struct ctx *ctx, const struct stock_fulfil *cmd);
err_t __real_inventory_relocate(struct ctx *ctx,
                                const struct stock_fulfil *cmd);
err_t __wrap_inventory_relocate(struct ctx *ctx,
                                const struct stock_fulfil *cmd);
err_t __real_fulfillment_give_up(struct ctx *ctx, struct fulfillment_work *work,
                                 const char *reason);
err_t __wrap_fulfillment_give_up(struct ctx *ctx, struct fulfillment_work *work,
                                 const char *reason);

struct fulfillment *__real_fulfillment_make(struct ctx *ctx,
                                            const struct fulfillment_key *key,
                                            size_t line_room);
struct fulfillment *__wrap_fulfillment_make(struct ctx *ctx,
                                            const struct fulfillment_key *key,
                                            size_t line_room);

struct fulfillment *__wrap_fulfillment_make(struct ctx *ctx,
                                            const struct fulfillment_key *key,
                                            size_t line_room)
{
    struct fulfillment_key now = *key;
    if (wrong_stock == GOODS_TOO_EARLY)
        now.fulfil_at = 0;
    return __real_fulfillment_make(ctx, &now, line_room);
}

err_t __wrap_inventory_relocate(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    if (wrong_stock == GOODS_MOVE_STAYS)
        return OK;
    if (wrong_stock == GOODS_MOVE_FREES && cmd->count > 0) {
        struct stock_fulfil fewer = *cmd;
        struct stock_release first = {cmd->parts[0].id, cmd->parts[0].qty};
        fewer.parts++;
        fewer.count--;
        TRY(inventory_release(ctx, cmd->order, &first, 1, cmd->event_id));
        return __real_inventory_relocate(ctx, &fewer);
    }
    return __real_inventory_relocate(ctx, cmd);
}

err_t __wrap_fulfillment_give_up(struct ctx *ctx, struct fulfillment_work *work,
                                 const char *reason)
{
    if (wrong_stock == GOODS_BACK_NOWHERE)
        return OK;
    return __real_fulfillment_give_up(ctx, work, reason);
}

err_t __wrap_inventory_short(struct ctx *ctx, const struct stock_fulfil *cmd);
err_t __real_inventory_ship(struct ctx *ctx, const struct stock_fulfil *cmd);
err_t __wrap_inventory_ship(struct ctx *ctx, const struct stock_fulfil *cmd);
err_t __real_order_fulfil(struct ctx *ctx, struct order *order,
                          enum order_fulfil_move move, int64_t n, int64_t qty);
err_t __wrap_order_fulfil(struct ctx *ctx, struct order *order,
                          enum order_fulfil_move move, int64_t n, int64_t qty);
bool __real_trace_apply(struct trace_place *place, enum trace_code code,
                        utc_ms at);
bool __wrap_trace_apply(struct trace_place *place, enum trace_code code,
                        utc_ms at);

err_t __wrap_inventory_short(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    if (wrong_stock != STOCK_SHORT_FREES)
        return __real_inventory_short(ctx, cmd);
    struct stock_release *freed =
        arena_array(ctx->arena, struct stock_release, cmd->count);
    for (size_t i = 0; i < cmd->count; i++)
        freed[i] = (struct stock_release){cmd->parts[i].id, cmd->parts[i].qty};
    return inventory_release(ctx, cmd->order, freed, cmd->count, cmd->event_id);
}

err_t __wrap_inventory_ship(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    if (wrong_stock == STOCK_SHIP_KEEPS)
        return OK;
    return __real_inventory_ship(ctx, cmd);
}

err_t __wrap_order_fulfil(struct ctx *ctx, struct order *order,
                          enum order_fulfil_move move, int64_t n, int64_t qty)
{
    bool is_wrong = wrong_stock == GOODS_PICK_MORE && move == ORDER_PICK;
    if (is_wrong && order->lines[n - 1].allocated > qty)
        qty++;
    return __real_order_fulfil(ctx, order, move, n, qty);
}

bool __wrap_trace_apply(struct trace_place *place, enum trace_code code,
                        utc_ms at)
{
    if (wrong_stock == TRACE_TRUSTS_LATEST) {
        place->at = 0;
        place->reached = PACKAGE_DRAFT;
    }
    return __real_trace_apply(place, code, at);
}
