/* shipping_ship.c - parcels leave: their units are shipped with them. */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_units.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_pack.h"
#include "oms/shipping/shipping_sql.h"
#include "store/sql.h"

/* What a parcel takes out of the house, line by line. */
struct leaving {
    const struct package_item *items;
    size_t count;
    const struct package_unit *units;
    size_t unit_count;
};

static void write_parcel(struct json_out *out, const void *arg)
{
    const struct package *package = arg;
    json_put_id(out, "package_id", "pkg", package->id.v);
    if (package->carrier.len)
        json_put_str(out, "carrier", package->carrier);
    if (package->tracking.len)
        json_put_str(out, "tracking", package->tracking);
}

/* The named units of an item, one piece a lot. */
static size_t add_pieces(struct arena *arena, const struct leaving *l,
                         const struct package_item *item,
                         struct fulfillment_piece *ret)
{
    size_t count = 0;
    int64_t left = item->qty;
    for (size_t i = 0; i < l->unit_count; i++) {
        const struct package_unit *u = &l->units[i];
        if (u->n != item->n || u->sku.v != item->sku.v)
            continue;
        bool is_same = count > 0 &&
                       str_equal(ret[count - 1].names.lot, u->lot) &&
                       u->serial.len > 0;
        if (!is_same)
            ret[count++] = (struct fulfillment_piece){.sku = item->sku,
                                                      .names = {.lot = u->lot}};
        struct fulfillment_piece *piece = &ret[count - 1];
        if (u->serial.len) {
            str *serials =
                arena_array(arena, str, piece->names.serial_count + 1);
            if (piece->names.serial_count)
                memcpy(serials, piece->names.serials,
                       piece->names.serial_count * sizeof *serials);
            serials[piece->names.serial_count++] = u->serial;
            piece->names.serials = serials;
        }
        piece->qty += u->qty;
        left -= u->qty;
    }
    if (left > 0)
        ret[count++] =
            (struct fulfillment_piece){.sku = item->sku, .qty = left};
    return count;
}

static bool is_named(const struct leaving *l, int64_t n)
{
    for (size_t i = 0; i < l->unit_count; i++)
        if (l->units[i].n == n)
            return true;
    return false;
}

/* Which units were picked for lines that name none: they leave in this parcel,
 * and a recall finds them by it. */
static err_t name_picked(struct ctx *ctx, const struct fulfillment_work *work,
                         const struct package *package,
                         struct fulfillment_units *rows, size_t count)
{
    bool *was_named = arena_array(ctx->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++)
        was_named[i] = rows[i].piece_count > 0;
    TRY(fulfillment_picked_pieces(ctx, work->fo->id, rows, count));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !was_named[i] && k < rows[i].piece_count; k++) {
            const struct fulfillment_piece *piece = &rows[i].pieces[k];
            size_t numbers = piece->names.serial_count;
            for (size_t m = 0; m < (numbers ? numbers : 1); m++) {
                struct package_unit unit = {
                    .package = package->id,
                    .n = rows[i].n,
                    .sku = piece->sku,
                    .lot = piece->names.lot.len ? piece->names.lot : STR(""),
                    .serial = numbers ? piece->names.serials[m] : STR(""),
                    .qty = numbers ? 1 : piece->qty,
                };
                if (unit.lot.len || unit.serial.len)
                    TRY(package_unit_add(ctx, &unit, 1));
            }
        }
    return OK;
}

static err_t ship_one(struct ctx *ctx, struct fulfillment_work *work,
                      const struct package *package)
{
    struct leaving l = {0};
    struct package_item *items;
    struct package_unit *units;
    size_t count = 0;
    TRY(package_item_list(ctx, &package->id, 1, &items, &l.count));
    TRY(package_unit_list(ctx, &package->id, 1, &units, &l.unit_count));
    l.items = items;
    l.units = units;
    struct fulfillment_units *rows =
        arena_array(ctx->arena, struct fulfillment_units, l.count + 1);
    struct fulfillment_piece *pieces = arena_array(
        ctx->arena, struct fulfillment_piece, l.count + l.unit_count + 1);
    for (size_t i = 0; i < l.count; i++) {
        const struct package_item *item = &items[i];
        if (i == 0 || items[i - 1].n != item->n)
            rows[count++] = (struct fulfillment_units){
                .n = item->n, .qty = item->qty / item->per};
        struct fulfillment_units *row = &rows[count - 1];
        if (!is_named(&l, item->n))
            continue;
        if (!row->pieces)
            row->pieces = pieces;
        size_t more = add_pieces(ctx->arena, &l, item, pieces);
        row->piece_count += more;
        pieces += more;
    }
    TRY(name_picked(ctx, work, package, rows, count));
    struct fulfillment_note note = {
        .units = rows, .count = count, .write = write_parcel, .arg = package};
    return fulfillment_note_shipped(ctx, work, &note);
}

err_t package_begin(struct ctx *ctx, package_id id,
                    struct fulfillment_work *work, struct package *ret)
{
    TRY(package_get(ctx, id, ret));
    TRY(fulfillment_lock(ctx, ret->fo, work));
    return package_lock(ctx, id, ret);
}

err_t package_ship_units(struct ctx *ctx, struct fulfillment_work *work,
                         const struct package *const *packages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ASSERT(packages[i]->fo.v == work->fo->id.v);
        TRY(ship_one(ctx, work, packages[i]));
    }
    return OK;
}

/* ---- arrived ---- */

static err_t arrived_units(struct ctx *ctx, package_id id,
                           struct fulfillment_note *ret)
{
    struct package_item *items;
    size_t count;
    TRY(package_item_list(ctx, &id, 1, &items, &count));
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || items[i - 1].n != items[i].n)
            units[ret->count++] = (struct fulfillment_units){
                .n = items[i].n, .qty = items[i].qty / items[i].per};
    ret->units = units;
    return OK;
}

static err_t is_other_in_trouble(struct ctx *ctx, const struct package *package,
                                 bool *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(package->id.v)),
                             sql_i(package->order.v), sql_i(package->id.v)};
    TRY(sql_list(ctx, SQL_PACKAGE_TROUBLE, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

err_t package_tell_order(struct ctx *ctx, struct fulfillment_work *work,
                         const struct package *package,
                         enum package_state before)
{
    struct fulfillment_note note = {.write = write_parcel, .arg = package};
    enum package_state now = package->place.state;
    bool has_trouble = package_is_in_trouble(now);
    bool has_arrived = now == PACKAGE_DELIVERED && now != before;
    if (package->returns.v) /* It says nothing of what was sent. */
        return OK;
    if (!has_arrived && has_trouble == package_is_in_trouble(before))
        return OK;
    if (has_arrived)
        TRY(arrived_units(ctx, package->id, &note));
    if (!has_trouble)
        TRY(is_other_in_trouble(ctx, package, &has_trouble));
    return fulfillment_note_delivered(ctx, work, &note, has_trouble);
}

/* ---- by hand ---- */

err_t package_may_ship(struct ctx *ctx, const struct package *package)
{
    struct label label;
    TRY(package_allow(ctx, package->place.state, PACKAGE_EVENT_SHIP));
    if (package->returns.v)
        return fail_as(ctx, ERR_STATE, "is_return", "",
                       "a package that comes back is handed over by its buyer");
    if (package->label.v == 0)
        return OK;
    TRY(label_get(ctx, package->label, &label));
    if (label.state == LABEL_VOIDING)
        return fail_as(ctx, ERR_STATE, "label_voiding", "",
                       "the package's label is being voided");
    return OK;
}

err_t package_ship(struct ctx *ctx, package_id id, int64_t version)
{
    struct package package;
    struct fulfillment_work work;
    const struct package *one = &package;
    TRY(package_begin(ctx, id, &work, &package));
    if (version)
        TRY(check_version(ctx, version, package.version));
    TRY(package_may_ship(ctx, &package));
    TRY(package_ship_units(ctx, &work, &one, 1));
    package_move(&package, PACKAGE_EVENT_SHIP);
    package.shipped_at = ctx->now;
    return package_finish(ctx, "package.shipped", &package, STR_NONE);
}
