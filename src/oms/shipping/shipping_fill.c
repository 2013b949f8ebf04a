/* shipping_fill.c - units go into a parcel that is being filled. */
#include "oms/shipping/shipping_fill.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/catalog/catalog_measure.h"

/* ---- lines ---- */

const struct order_line *fill_line(const struct order *order, int64_t n)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].n == n)
            return &order->lines[i];
    return NULL;
}

/* What a unit of the line is made of: itself, or components. */
size_t fill_parts(const struct order_line *line,
                  struct order_part ret[PARTS_MAX])
{
    if (line->part_count == 0) {
        ret[0] = (struct order_part){line->sku, line->sku_code, 1};
        return 1;
    }
    ASSERT(line->part_count < PARTS_MAX);
    for (size_t i = 0; i < line->part_count; i++)
        ret[i] = line->parts[i];
    return line->part_count;
}

static struct package_item *item_of(struct filling *f, int64_t n, sku_id sku)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].n == n && f->items[i].sku.v == sku.v)
            return &f->items[i];
    return NULL;
}

/* Whole units of the line in this parcel. */
int64_t fill_whole(struct filling *f, const struct order_line *line)
{
    struct order_part parts[PARTS_MAX];
    size_t count = fill_parts(line, parts);
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct package_item *item = item_of(f, line->n, parts[i].sku);
        int64_t whole = item ? item->qty / parts[i].quantity : 0;
        if (whole < least)
            least = whole;
    }
    return least;
}

/* ---- putting units in ---- */

err_t fill_tell(struct ctx *ctx, struct filling *f, int64_t n, int64_t delta)
{
    struct fulfillment_units units = {.n = n,
                                      .qty = delta < 0 ? -delta : delta};
    struct fulfillment_note note = {.units = &units, .count = 1};
    if (delta == 0)
        return OK;
    if (delta < 0)
        return fulfillment_note_unpacked(ctx, f->work, &note);
    struct fulfillment_line *line = fulfillment_line_of(f->work->fo, n);
    ASSERT(line != NULL);
    int64_t missing = delta - (line->picked - line->packed);
    if (f->is_picking && missing > 0) {
        struct fulfillment_units picks = {.n = n, .qty = missing};
        struct fulfillment_note pick = {.units = &picks, .count = 1};
        TRY(fulfillment_note_picked(ctx, f->work, &pick));
    }
    return fulfillment_note_packed(ctx, f->work, &note);
}

static err_t note_names(struct ctx *ctx, struct filling *f, int64_t n,
                        sku_id sku, int64_t qty, const struct unit_names *names)
{
    size_t more = names->serial_count ? names->serial_count : 1;
    if (names->lot.len == 0 && names->serial_count == 0)
        return OK;
    if (names->serial_count && (int64_t)names->serial_count != qty)
        return fail_as(ctx, ERR_INVALID, "serials_count", "serials",
                       "a quantity of %lld has %zu serial numbers",
                       (long long)qty, names->serial_count);
    if (f->unit_count + more > f->unit_room) {
        struct package_unit *to = arena_array(ctx->arena, struct package_unit,
                                              f->unit_room * 2 + more);
        if (f->unit_count)
            memcpy(to, f->units, f->unit_count * sizeof *to);
        f->units = to;
        f->unit_room = f->unit_room * 2 + more;
    }
    for (size_t i = 0; i < more; i++)
        f->units[f->unit_count++] = (struct package_unit){
            .package = f->package->id,
            .n = n,
            .sku = sku,
            .lot = names->lot.len ? names->lot : STR(""),
            .serial = names->serial_count ? names->serials[i] : STR(""),
            .qty = names->serial_count ? 1 : qty};
    return OK;
}

static err_t put_part(struct ctx *ctx, struct filling *f, int64_t n,
                      const struct order_part *part, int64_t qty)
{
    struct package_item *item = item_of(f, n, part->sku);
    if (!item) {
        if (f->count == LIMIT_PACKAGE_ITEMS)
            return fail_as(ctx, ERR_INVALID, "too_many_items", "items",
                           "a package holds at most %d items",
                           LIMIT_PACKAGE_ITEMS);
        item = &f->items[f->count++];
        *item = (struct package_item){.package = f->package->id,
                                      .n = n,
                                      .sku = part->sku,
                                      .per = part->quantity};
    }
    item->qty += qty;
    return OK;
}

/* How many units of the part may be in this parcel at most. */
static int64_t limit_of(struct filling *f, const struct order_line *line,
                        int64_t per)
{
    const struct fulfillment_line *fl =
        fulfillment_line_of(f->work->fo, line->n);
    int64_t ready = f->is_picking ? fl->qty : fl->picked;
    return (ready - fl->packed + fill_whole(f, line)) * per;
}

/* part NULL: whole units of the line, all components of a kit. */
err_t fill_put(struct ctx *ctx, struct filling *f,
               const struct order_line *line, const struct order_part *part,
               int64_t qty, const struct unit_names *names)
{
    struct order_part parts[PARTS_MAX];
    size_t count = fill_parts(line, parts);
    if (part) {
        parts[0] = *part;
        count = 1;
    }
    int64_t before = fill_whole(f, line);
    for (size_t i = 0; i < count; i++) {
        int64_t units = part ? qty : qty * parts[i].quantity;
        const struct package_item *item = item_of(f, line->n, parts[i].sku);
        int64_t room =
            limit_of(f, line, parts[i].quantity) - (item ? item->qty : 0);
        if (units > room)
            return fail_as(ctx, ERR_INVALID, "over_packed", "quantity",
                           "line %lld has at most %lld left to pack",
                           (long long)line->n,
                           (long long)(part ? room : room / parts[i].quantity));
    }
    for (size_t i = 0; i < count; i++) {
        int64_t units = part ? qty : qty * parts[i].quantity;
        TRY(put_part(ctx, f, line->n, &parts[i], units));
    }
    if (count == 1)
        TRY(note_names(ctx, f, line->n, parts[0].sku,
                       part ? qty : qty * parts[0].quantity, names));
    else if (names->lot.len || names->serial_count)
        return fail_as(ctx, ERR_INVALID, "kit_names", "lot",
                       "scan the components of a kit to name their units");
    return fill_tell(ctx, f, line->n, fill_whole(f, line) - before);
}

/* ---- which line a code means ---- */

static bool part_matches(const struct order_line *line, sku_id sku,
                         struct order_part *ret_part, bool *ret_is_whole)
{
    struct order_part parts[PARTS_MAX];
    size_t count = fill_parts(line, parts);
    *ret_is_whole = line->sku.v == sku.v;
    if (*ret_is_whole)
        return true;
    for (size_t i = 0; i < count; i++)
        if (parts[i].sku.v == sku.v) {
            *ret_part = parts[i];
            return true;
        }
    return false;
}

/* The first line of the FO with room for it; else the last without. */
err_t fill_wanted(struct ctx *ctx, struct filling *f,
                  const struct wanted *wanted, int64_t qty,
                  const struct unit_names *names)
{
    const struct fulfillment *fo = f->work->fo;
    const struct order_line *line = NULL;
    struct order_part part = {0}, found = {0};
    bool is_whole = false, is_found_whole = false, has_room = false;
    for (size_t i = 0; i < fo->line_count && !has_room; i++) {
        const struct order_line *at =
            fill_line(&f->work->order, fo->lines[i].n);
        if (!at || (wanted->n && at->n != wanted->n))
            continue;
        for (size_t k = 0; k < wanted->count && !has_room; k++) {
            if (!part_matches(at, wanted->skus[k], &part, &is_whole))
                continue;
            const struct package_item *item = item_of(f, at->n, part.sku);
            line = at;
            found = part;
            is_found_whole = is_whole;
            has_room = is_whole ? limit_of(f, at, 1) - fill_whole(f, at) >= qty
                                : limit_of(f, at, part.quantity) -
                                          (item ? item->qty : 0) >=
                                      qty;
        }
    }
    if (!line)
        return fail_as(ctx, ERR_INVALID, "wrong_item", wanted->field,
                       "%.*s is not among what this package is for",
                       STR_ARG(wanted->code));
    return fill_put(ctx, f, line, is_found_whole ? NULL : &found, qty, names);
}

err_t fill_code(struct ctx *ctx, struct wanted *wanted)
{
    struct sku sku, *rows;
    bool found;
    size_t count;
    TRY(sku_list_barcode(ctx, wanted->code, &rows, &count));
    TRY(sku_find(ctx, wanted->code, &sku, &found));
    sku_id *skus = arena_array(ctx->arena, sku_id, count + 1);
    wanted->skus = skus;
    wanted->count = 0;
    if (found)
        skus[wanted->count++] = sku.id;
    for (size_t i = 0; i < count; i++)
        skus[wanted->count++] = rows[i].id;
    if (wanted->count == 0)
        return fail_as(ctx, ERR_INVALID, "wrong_item", wanted->field,
                       "%.*s is no barcode and no SKU", STR_ARG(wanted->code));
    return OK;
}

err_t fill_item(struct ctx *ctx, struct filling *f,
                const struct pack_item *item)
{
    struct wanted wanted = {.n = item->n, .code = item->sku, .field = "sku"};
    sku_id own;
    if (item->n && !fulfillment_line_of(f->work->fo, item->n))
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the fulfillment order has no such line");
    if (item->sku.len) {
        TRY(fill_code(ctx, &wanted));
    } else {
        own = fill_line(&f->work->order, item->n)->sku;
        wanted.skus = &own;
        wanted.count = 1;
    }
    return fill_wanted(ctx, f, &wanted, item->qty, &item->names);
}

/* ---- outside ---- */

err_t fill_weigh(struct ctx *ctx, struct filling *f)
{
    struct package *p = f->package;
    struct sku_measure *measures;
    size_t count;
    struct box box = {0};
    sku_id *ids = arena_array(ctx->arena, sku_id, f->count);
    if (p->is_weighed)
        return OK;
    for (size_t i = 0; i < f->count; i++)
        ids[i] = f->items[i].sku;
    TRY(sku_list_measures(ctx, ids, f->count, &measures, &count));
    if (p->box.v)
        TRY(box_get(ctx, p->box, &box));
    int64_t sum = box.kind.weight_g;
    for (size_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < count; k++)
            if (measures[k].id.v == f->items[i].sku.v)
                sum += measures[k].weight_g * f->items[i].qty;
    p->weight_g = sum < LIMIT_PACKAGE_G ? sum : LIMIT_PACKAGE_G;
    return OK;
}

err_t fill_outside(struct ctx *ctx, struct package *p,
                   const struct pack_outside *outside)
{
    struct box box;
    if (outside->box.len) {
        TRY(box_by_code(ctx, outside->box, &box));
        p->box.v = box.kind.id;
        p->size = box.kind.inner;
    }
    if (outside->weight_g) {
        p->weight_g = outside->weight_g;
        p->is_weighed = true;
    }
    if (box_volume(&outside->size) > 0)
        p->size = outside->size;
    return OK;
}

err_t fill_begin(struct ctx *ctx, struct fulfillment_work *work,
                 struct package *package, struct filling *ret)
{
    *ret = (struct filling){.work = work, .package = package};
    ret->items =
        arena_array(ctx->arena, struct package_item, LIMIT_PACKAGE_ITEMS);
    if (package->id.v == 0)
        return OK;
    struct package_item *items;
    TRY(package_item_list(ctx, &package->id, 1, &items, &ret->count));
    ASSERT(ret->count <= LIMIT_PACKAGE_ITEMS);
    if (ret->count)
        memcpy(ret->items, items, ret->count * sizeof *items);
    return OK;
}

err_t fill_check(struct ctx *ctx, struct filling *f)
{
    if (f->count == 0)
        return fail_as(ctx, ERR_STATE, "package_empty", "",
                       "there is nothing in the package");
    for (size_t i = 0; i < f->count; i++) {
        const struct order_line *line =
            fill_line(&f->work->order, f->items[i].n);
        ASSERT(line != NULL);
        if (f->items[i].qty != fill_whole(f, line) * f->items[i].per)
            return fail_as(ctx, ERR_STATE, "kit_incomplete", "items",
                           "components of the kit on line %lld are missing",
                           (long long)line->n);
    }
    return OK;
}
