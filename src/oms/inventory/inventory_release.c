/* inventory_release.c - gives committed units back, by reservation row.
 *
 * Only row ids count, never "the line": restoring by line has given units
 * back twice elsewhere. A row released in part is closed as moved and the rest
 * goes on in its successor.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "store/sql.h"

enum { END_PARAMS = 6 };

/* A row to be released, and what of it. */
struct part {
    const struct reservation *row;
    int64_t qty;
};

static err_t check_part(struct ctx *ctx, const struct reservation *row,
                        const struct stock_release *release)
{
    if (!row)
        return fail_as(ctx, ERR_NOT_FOUND, "reservation_unknown",
                       "reservations", "the order has no such reservation");
    if (row->kind != RESERVATION_COMMIT ||
        !reservation_next(row->state, RESERVATION_EVENT_RELEASE))
        return fail(ctx, ERR_STATE, "reservations",
                    "a %s reservation cannot be released",
                    reservation_state_name(row->state));
    if (release->qty <= 0 || release->qty > row->qty)
        return fail(ctx, ERR_STATE, "reservations",
                    "%lld of %lld committed units cannot be released",
                    (long long)release->qty, (long long)row->qty);
    return OK;
}

static err_t find_parts(struct ctx *ctx, order_id order,
                        const struct stock_release *releases, size_t count,
                        struct part *ret)
{
    struct reservation *rows;
    size_t row_count;
    TRY(inventory_reservations_list(ctx, order, &rows, &row_count));
    struct map *by_id = map_open(ctx->arena, row_count);
    for (size_t i = 0; i < row_count; i++)
        map_set(by_id, (struct map_key){.a = rows[i].id.v}, &rows[i]);
    struct map *seen = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = releases[i].id.v};
        ret[i].row = map_find(by_id, key);
        ret[i].qty = releases[i].qty;
        TRY(check_part(ctx, ret[i].row, &releases[i]));
        ASSERT(!map_find(seen, key)); /* Each element names another row. */
        map_set(seen, key, &ret[i]);
    }
    return OK;
}

static err_t lock_parts(struct ctx *ctx, const struct part *parts, size_t count,
                        struct stock **ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        skus[i] = parts[i].row->sku;
    return stock_lock(ctx, skus, count, ret);
}

/* Moves one part in memory and says how its row ends. */
static err_t release_part(struct ctx *ctx, struct stock *stock,
                          const struct part *part, struct stock_owner owner,
                          struct sql_arg *ret)
{
    const struct reservation *row = part->row;
    struct stock_level *level =
        stock_level_find(stock, row->sku, row->location);
    if (!level || stock_bucket_qty(level, STOCK_COMMITTED) < part->qty)
        return fail(ctx, ERR_INTERNAL, "",
                    "the level of reservation %lld lacks its units",
                    (long long)row->id.v);
    struct stock_move move = {
        .type = MOVEMENT_RELEASE,
        .from = STOCK_COMMITTED,
        .to = STOCK_AVAILABLE,
        .qty = part->qty,
        .ref_kind = REF_ORDER,
        .ref_id = owner.id,
        .event_id = owner.event_id,
    };
    stock_move(ctx, stock, level, &move);
    reservation_id successor = {0};
    owner.n = row->owner_n;
    if (part->qty < row->qty)
        successor =
            stock_reserve(ctx, stock, level, &owner, row->qty - part->qty);
    ret[0] = sql_i(
        reservation_next(row->state, successor.v ? RESERVATION_EVENT_MOVE
                                                 : RESERVATION_EVENT_RELEASE));
    ret[1] = sql_i_or_null(successor.v);
    ret[2] = sql_i(owner.id);
    ret[3] = sql_i(row->id.v);
    ret[4] = sql_i(id_bucket(row->sku.v));
    ret[5] = sql_i(row->qty);
    return OK;
}

err_t inventory_release(struct ctx *ctx, order_id order,
                        const struct stock_release *rows, size_t count,
                        int64_t event_id)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(event_id != 0);
    if (count == 0)
        return OK;
    struct part *parts = arena_array(ctx->arena, struct part, count);
    TRY(find_parts(ctx, order, rows, count, parts));
    struct stock *stock;
    TRY(lock_parts(ctx, parts, count, &stock));
    struct stock_owner owner = {
        .kind = OWNER_ORDER_LINE, .id = order.v, .event_id = event_id};
    struct sql_arg *ends =
        arena_array(ctx->arena, struct sql_arg, count * END_PARAMS);
    for (size_t i = 0; i < count; i++)
        TRY(release_part(ctx, stock, &parts[i], owner, &ends[i * END_PARAMS]));
    int64_t changed;
    TRY(sql_run_many(ctx, SQL_RESERVATION_END, ends, END_PARAMS, count,
                     &changed));
    if (changed != (int64_t)count)
        return ERR_RETRY;
    return stock_save(ctx, stock);
}
