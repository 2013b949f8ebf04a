/* inventory_hold.c - units set aside for a while: held, confirmed, given back.
 *
 * A held row is live until it ends, once: confirmed into the commit row of an
 * order line, released or expired. Only row ids count, as for releases.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "store/sql.h"

static enum ref_kind ref_of(enum owner_kind owner)
{
    switch (owner) {
    case OWNER_ORDER_LINE: return REF_ORDER;
    case OWNER_HOLD: return REF_HOLD;
    case OWNER_TRANSFER: return REF_TRANSFER;
    }
    UNREACHABLE("not an owner");
}

reservation_id stock_hold(struct ctx *ctx, struct stock *stock,
                          struct stock_level *level, int64_t qty,
                          const struct stock_owner *owner)
{
    ASSERT(owner->kind != OWNER_ORDER_LINE);
    ASSERT(stock_is_there(level, qty));
    reservation_id id = stock_reserve(ctx, stock, level, owner, qty);
    struct stock_move move = {
        .type = MOVEMENT_HOLD,
        .from = STOCK_AVAILABLE,
        .to = STOCK_RESERVED,
        .qty = qty,
        .ref_kind = ref_of(owner->kind),
        .ref_id = owner->id,
        .event_id = owner->event_id,
    };
    stock_move(ctx, stock, level, &move);
    return id;
}

reservation_id stock_confirm(struct ctx *ctx, struct stock *stock,
                             struct stock_held *held, int64_t qty,
                             const struct stock_owner *owner)
{
    ASSERT(owner->kind == OWNER_ORDER_LINE);
    ASSERT(qty > 0 && qty <= held->left);
    struct stock_level *level =
        stock_level_find(stock, held->sku, held->location);
    ASSERT(level != NULL);
    reservation_id id = stock_reserve(ctx, stock, level, owner, qty);
    struct stock_move move = {
        .type = MOVEMENT_CONFIRM,
        .from = STOCK_RESERVED,
        .to = STOCK_COMMITTED,
        .qty = qty,
        .ref_kind = REF_ORDER,
        .ref_id = owner->id,
        .event_id = owner->event_id,
    };
    stock_move(ctx, stock, level, &move);
    held->left -= qty;
    if (held->successor.v == 0)
        held->successor = id;
    return id;
}

static void give_back(struct ctx *ctx, struct stock *stock,
                      const struct stock_held *held, int64_t event_id)
{
    struct stock_level *level =
        stock_level_find(stock, held->sku, held->location);
    ASSERT(level != NULL);
    struct stock_move move = {
        .type = MOVEMENT_UNHOLD,
        .from = STOCK_RESERVED,
        .to = STOCK_AVAILABLE,
        .qty = held->left,
        .ref_kind = ref_of(held->owner.kind),
        .ref_id = held->owner.id,
        .event_id = event_id,
    };
    stock_move(ctx, stock, level, &move);
}

void stock_unhold(struct ctx *ctx, struct stock *stock, struct stock_held *held,
                  enum reservation_state end, int64_t event_id)
{
    ASSERT(end == RESERVATION_RELEASED || end == RESERVATION_EXPIRED);
    ASSERT(held->left >= 0);
    if (held->left > 0)
        give_back(ctx, stock, held, event_id);
    held->left = 0;
    stock_end(stock, held, held->successor.v ? RESERVATION_COMMITTED : end);
}

bool stock_covers(struct stock *stock, const struct stock_held *held,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct stock_level *level =
            stock_level_find(stock, held[i].sku, held[i].location);
        if (!level || stock_bucket_qty(level, STOCK_RESERVED) < held[i].left)
            return false;
    }
    return true;
}

static int compare_held(const void *a, const void *b)
{
    const struct stock_held *x = a, *y = b;
    if (x->owner.id != y->owner.id)
        return x->owner.id < y->owner.id ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

err_t inventory_held_list(struct ctx *ctx, const int64_t *owners, size_t count,
                          struct stock_held **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(owners[i]);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_RESERVATION_HELD, keys, count, &rows));
    struct stock_held *held =
        arena_array(ctx->arena, struct stock_held, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        held[i] = (struct stock_held){
            .id = {sql_int(&rows,                          i, 1)},
            .owner = {.kind = (enum owner_kind)sql_int(&rows, i, 2),
                   .id = sql_int(&rows, i, 0),
                   .n = sql_int(&rows, i, 3)},
            .sku = {sql_int(&rows,                                     i,                                    4)                           },
            .location = {sql_int(&rows,                                    i,                                     5)                          },
            .qty = sql_int(&rows, i, 6),
            .left = sql_int(&rows, i, 6),
        };
    if (rows.count > 1)
        qsort(held, rows.count, sizeof *held, compare_held);
    *ret = held;
    *ret_count = rows.count;
    return OK;
}
