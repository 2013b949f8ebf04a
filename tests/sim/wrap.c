/* wrap.c - wrong ways to take stock: what a mistake in the rooms would do. */
#include "wrap.h"

#include "oms/inventory/inventory.h"

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
