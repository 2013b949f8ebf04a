/* fulfillment_pick_units.c - which very units were picked. */
#include "oms/fulfillment/fulfillment_pick_units.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_store.h"
#include "oms/inventory/inventory_pick.h"
#include "oms/order/order_pick.h"

struct naming {
    struct pick_unit *units; /* Of the fulfillment order, still here. */
    size_t count;
    struct lot_name *lots;
    size_t lot_count;
    struct order_kit_part *parts;
    size_t part_count;
};

static err_t open_naming(struct ctx *ctx, const struct fulfillment *fo,
                         struct naming *ret)
{
    TRY(pick_unit_list_fo(ctx, fo->id, &ret->units, &ret->count));
    if (ret->count == 0)
        return OK;
    lot_id *ids = arena_array(ctx->arena, lot_id, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ids[i] = ret->units[i].lot;
    TRY(inventory_lot_names(ctx, ids, ret->count, &ret->lots, &ret->lot_count));
    return order_kit_parts(ctx, &fo->order, 1, &ret->parts, &ret->part_count);
}

static str lot_code(const struct naming *n, lot_id lot)
{
    for (size_t i = 0; i < n->lot_count; i++)
        if (n->lots[i].lot.v == lot.v)
            return n->lots[i].code;
    return STR("");
}

/* A line's pieces while they are named. */
struct pieces {
    struct fulfillment_piece *at;
    size_t count;
};

/* Units of one SKU: those that were picked, one piece for each lot or number,
 * and the rest without a name. */
static void name_sku(struct ctx *ctx, const struct naming *n, int64_t line,
                     sku_id sku, int64_t qty, struct pieces *ret)
{
    for (size_t i = 0; i < n->count && qty > 0; i++) {
        const struct pick_unit *unit = &n->units[i];
        int64_t there = unit->qty - unit->gone;
        int64_t take = there < qty ? there : qty;
        if (unit->fo_n != line || unit->sku.v != sku.v || take <= 0)
            continue;
        struct unit_names names = {.lot = lot_code(n, unit->lot)};
        if (unit->serial.len > 0) {
            str *serial = arena_new(ctx->arena, str);
            *serial = unit->serial;
            names.serials = serial;
            names.serial_count = 1;
        }
        ret->at[ret->count++] =
            (struct fulfillment_piece){.sku = sku, .qty = take, .names = names};
        qty -= take;
    }
    if (qty > 0)
        ret->at[ret->count++] = (struct fulfillment_piece){
            .sku = sku, .qty = qty, .names = {.lot = STR("")}};
}

static bool has_units(const struct naming *n, int64_t line)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->units[i].fo_n == line)
            return true;
    return false;
}

static void name_line(struct ctx *ctx, const struct naming *n,
                      const struct fulfillment_line *line,
                      struct fulfillment_units *units)
{
    struct pieces ret = {.at = arena_array(ctx->arena, struct fulfillment_piece,
                                           n->count + n->part_count + 1)};
    bool is_kit = false;
    for (size_t i = 0; i < n->part_count; i++) {
        const struct order_kit_part *part = &n->parts[i];
        if (part->key.n != line->n)
            continue;
        is_kit = true;
        name_sku(ctx, n, line->n, part->sku, units->qty * part->quantity, &ret);
    }
    if (!is_kit)
        name_sku(ctx, n, line->n, line->sku, units->qty, &ret);
    units->pieces = ret.at;
    units->piece_count = ret.count;
}

err_t fulfillment_picked_pieces(struct ctx *ctx, fulfillment_order_id id,
                                struct fulfillment_units *units, size_t count)
{
    struct fulfillment fo;
    struct naming n = {0};
    TRY(fulfillment_get(ctx, id, &fo));
    TRY(open_naming(ctx, &fo, &n));
    for (size_t i = 0; i < count; i++) {
        const struct fulfillment_line *line =
            fulfillment_line_of(&fo, units[i].n);
        if (line && units[i].piece_count == 0 && has_units(&n, units[i].n))
            name_line(ctx, &n, line, &units[i]);
    }
    return OK;
}

/* ---- leaving ---- */

static bool is_named(const struct pick_unit *unit, str lot,
                     const struct fulfillment_piece *piece)
{
    if (unit->sku.v != piece->sku.v || !str_equal(lot, piece->names.lot))
        return false;
    if (unit->serial.len == 0)
        return true;
    for (size_t i = 0; i < piece->names.serial_count; i++)
        if (str_equal(unit->serial, piece->names.serials[i]))
            return true;
    return false;
}

static void leave(struct naming *n, int64_t line,
                  const struct fulfillment_piece *piece)
{
    int64_t qty = piece->qty;
    for (size_t i = 0; i < n->count && qty > 0; i++) {
        struct pick_unit *unit = &n->units[i];
        int64_t there = unit->qty - unit->gone;
        int64_t take = there < qty ? there : qty;
        if (unit->fo_n != line ||
            !is_named(unit, lot_code(n, unit->lot), piece))
            continue;
        unit->gone += take;
        qty -= take;
    }
}

err_t pick_units_gone(struct ctx *ctx, fulfillment_order_id id,
                      const struct fulfillment_units *units, size_t count)
{
    struct fulfillment fo = {.id = id};
    struct naming n = {0};
    TRY(open_naming(ctx, &fo, &n));
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < units[i].piece_count; p++)
            leave(&n, units[i].n, &units[i].pieces[p]);
    return pick_unit_save(ctx, n.units, n.count);
}

err_t pick_units_back(struct ctx *ctx, fulfillment_order_id fo)
{
    struct pick_unit *units;
    size_t count;
    TRY(pick_unit_list_fo(ctx, fo, &units, &count));
    for (size_t i = 0; i < count; i++)
        units[i].gone = units[i].qty;
    return pick_unit_save(ctx, units, count);
}
