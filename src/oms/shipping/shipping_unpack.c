/* shipping_unpack.c - some units are taken out of a parcel again. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/shipping/shipping_fill.h"

struct emptying {
    struct filling f;
    struct package_unit *units; /* Those with names; qty 0: taken out. */
    size_t unit_count;
};
struct taken { /* What an item of the command stands for. */
    const struct order_line *line;
    struct order_part parts[PARTS_MAX];
    size_t part_count;
};

/* ---- what is meant ---- */

static bool is_candidate(const struct wanted *wanted, sku_id sku)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->skus[i].v == sku.v)
            return true;
    return false;
}

static bool fits(const struct order_line *line, const struct wanted *wanted,
                 struct taken *ret)
{
    struct order_part parts[PARTS_MAX];
    size_t count = fill_parts(line, parts);
    ret->line = line;
    if (wanted->count == 0 || is_candidate(wanted, line->sku)) {
        memcpy(ret->parts, parts, count * sizeof parts[0]);
        ret->part_count = count;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (is_candidate(wanted, parts[i].sku)) {
            ret->parts[0] = parts[i];
            ret->parts[0].quantity = 1;
            ret->part_count = 1;
            return true;
        }
    return false;
}

static err_t find(struct ctx *ctx, const struct filling *f,
                  const struct pack_item *item, struct taken *ret)
{
    struct wanted wanted = {.n = item->n, .code = item->sku, .field = "sku"};
    if (item->sku.len)
        TRY(fill_code(ctx, &wanted));
    for (size_t i = 0; i < f->count; i++) {
        const struct package_item *at = &f->items[i];
        const struct order_line *line = fill_line(&f->work->order, at->n);
        ASSERT(line != NULL);
        if ((item->n == 0 || item->n == at->n) && fits(line, &wanted, ret))
            return OK;
    }
    return fail_as(ctx, ERR_INVALID, "not_packed",
                   item->sku.len ? "sku" : "line",
                   "this package holds no such units");
}

/* ---- taking out ---- */

static err_t take_part(struct ctx *ctx, struct filling *f, int64_t n,
                       const struct order_part *part, int64_t qty,
                       struct package_item **ret)
{
    struct package_item *item = NULL;
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].n == n && f->items[i].sku.v == part->sku.v)
            item = &f->items[i];
    int64_t here = item ? item->qty : 0;
    if (qty * part->quantity > here)
        return fail_as(ctx, ERR_INVALID, "over_unpacked", "quantity",
                       "this package holds %lld of %.*s for line %lld",
                       (long long)here, STR_ARG(part->code), (long long)n);
    ASSERT(item != NULL);
    item->qty -= qty * part->quantity;
    *ret = item;
    return OK;
}

/* Takes up to qty of the units of that lot and number; *ret: how many. */
static int64_t take_named(struct emptying *e, const struct package_item *item,
                          str lot, str serial, int64_t qty)
{
    int64_t done = 0;
    for (size_t i = 0; i < e->unit_count && done < qty; i++) {
        struct package_unit *u = &e->units[i];
        if (u->n != item->n || u->sku.v != item->sku.v ||
            (lot.len && !str_equal(u->lot, lot)) ||
            !str_equal(u->serial, serial))
            continue;
        int64_t some = u->qty < qty - done ? u->qty : qty - done;
        u->qty -= some;
        done += some;
    }
    return done;
}

static int64_t named_left(const struct emptying *e,
                          const struct package_item *item)
{
    int64_t sum = 0;
    for (size_t i = 0; i < e->unit_count; i++)
        if (e->units[i].n == item->n && e->units[i].sku.v == item->sku.v)
            sum += e->units[i].qty;
    return sum;
}

/* Units with a lot or a number are named as they went in. */
static err_t take_names(struct ctx *ctx, struct emptying *e,
                        const struct package_item *item, int64_t qty,
                        const struct unit_names *names)
{
    if (names->serial_count && (int64_t)names->serial_count != qty)
        return fail_as(ctx, ERR_INVALID, "serials_count", "serials",
                       "a quantity of %lld has %zu serial numbers",
                       (long long)qty, names->serial_count);
    for (size_t i = 0; i < names->serial_count; i++)
        if (take_named(e, item, names->lot, names->serials[i], 1) == 0)
            return fail_as(ctx, ERR_INVALID, "not_packed", "serials",
                           "number %.*s is not in this package",
                           STR_ARG(names->serials[i]));
    if (names->serial_count == 0 && names->lot.len &&
        take_named(e, item, names->lot, STR(""), qty) < qty)
        return fail_as(ctx, ERR_INVALID, "not_packed", "lot",
                       "this package holds fewer of lot %.*s",
                       STR_ARG(names->lot));
    if (named_left(e, item) > item->qty)
        return fail_as(ctx, ERR_INVALID, "names_required", "lot",
                       "say the lot or the serial numbers of what comes out");
    return OK;
}

static err_t take_item(struct ctx *ctx, struct emptying *e,
                       const struct pack_item *wanted)
{
    struct taken taken;
    struct filling *f = &e->f;
    TRY(find(ctx, f, wanted, &taken));
    int64_t before = fill_whole(f, taken.line);
    if (taken.part_count > 1 &&
        (wanted->names.lot.len || wanted->names.serial_count))
        return fail_as(ctx, ERR_INVALID, "kit_names", "lot",
                       "take out the components of a kit to name their units");
    for (size_t i = 0; i < taken.part_count; i++) {
        struct package_item *item;
        const struct order_part *part = &taken.parts[i];
        TRY(take_part(ctx, f, taken.line->n, part, wanted->qty, &item));
        TRY(take_names(ctx, e, item, wanted->qty * part->quantity,
                       &wanted->names));
    }
    return fill_tell(ctx, f, taken.line->n, fill_whole(f, taken.line) - before);
}

/* ---- what stays ---- */

static err_t keep_rest(struct ctx *ctx, struct emptying *e)
{
    struct filling *f = &e->f;
    size_t items = 0, units = 0;
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].qty > 0)
            f->items[items++] = f->items[i];
    for (size_t i = 0; i < e->unit_count; i++)
        if (e->units[i].qty > 0)
            e->units[units++] = e->units[i];
    f->count = items;
    TRY(package_item_drop(ctx, f->package->id));
    TRY(package_item_save(ctx, f->items, items));
    return package_unit_add(ctx, e->units, units);
}

err_t package_unpack(struct ctx *ctx, package_id id, int64_t version,
                     const struct pack_item *items, size_t count)
{
    struct package package;
    struct fulfillment_work work;
    struct emptying e = {0};
    const struct package_deed deed = {id, version, "unpack"};
    TRY(package_open(ctx, &deed, &package, &work, &e.f));
    TRY(package_unit_list(ctx, &id, 1, &e.units, &e.unit_count));
    for (size_t i = 0; i < count; i++)
        TRY(fail_in(ctx, take_item(ctx, &e, &items[i]), "items", i));
    TRY(keep_rest(ctx, &e));
    package.is_closed = false;
    package.packed_at = 0;
    package.is_weighed = false;
    TRY(fill_weigh(ctx, &e.f));
    return package_finish(ctx, "package.unpacked", &package, STR_NONE);
}
