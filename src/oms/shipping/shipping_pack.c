/* shipping_pack.c - parcels made, filled, closed and emptied. */
#include "oms/shipping/shipping_pack.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/catalog/catalog_measure.h"
#include "oms/inventory/inventory_named.h"
#include "oms/shipping/shipping_fill.h"

/* ---- making ---- */

struct package package_new(struct ctx *ctx, const struct fulfillment *fo)
{
    return (struct package){
        .id = {id_next(ctx->ids, ctx->now,      id_bucket(fo->order.v))},
        .order = fo->order,
        .fo = fo->id,
        .location = fo->location,
        .place = {PACKAGE_DRAFT,    PACKAGE_DRAFT, 0                      },
        .choice = STR("{}"),
        .list_minor = -1,
        .quoted_minor = -1,
        .cost_minor = -1,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
}

static err_t add_package(struct ctx *ctx, struct filling *f, bool is_closed)
{
    struct package *p = f->package;
    TRY(fill_weigh(ctx, f));
    if (is_closed)
        TRY(fill_check(ctx, f));
    p->is_closed = is_closed;
    p->packed_at = is_closed ? ctx->now : 0;
    TRY(package_add(ctx, p));
    TRY(package_item_save(ctx, f->items, f->count));
    TRY(package_unit_add(ctx, f->units, f->unit_count));
    return package_tell(ctx, "package.created", p, STR_NONE);
}

/* ---- suggesting ---- */

static err_t measure_line(struct ctx *ctx, const struct order_line *line,
                          struct box_item *ret)
{
    struct order_part parts[PARTS_MAX];
    size_t count = fill_parts(line, parts), found;
    struct sku_measure *m;
    sku_id ids[PARTS_MAX + 1];
    for (size_t i = 0; i < count; i++)
        ids[i] = parts[i].sku;
    ids[count] = line->sku;
    TRY(sku_list_measures(ctx, ids, count + 1, &m, &found));
    int64_t weight = 0;
    for (size_t i = 0; i < found; i++) {
        for (size_t k = 0; k < count; k++)
            if (m[i].id.v == parts[k].sku.v)
                weight += m[i].weight_g * parts[k].quantity;
        if (m[i].id.v == line->sku.v)
            ret->size = (struct box_size){m[i].length_mm, m[i].width_mm,
                                          m[i].height_mm};
    }
    ret->weight_g = weight;
    return OK;
}

static err_t make_suggested(struct ctx *ctx, struct fulfillment_work *work,
                            const struct pack_cmd *cmd,
                            const struct box_parcel *parcel, package_id *ret)
{
    struct filling f;
    struct package package = package_new(ctx, work->fo);
    struct unit_names none = {0};
    package_id id = package.id;
    package.id.v = 0;
    TRY(fill_begin(ctx, work, &package, &f));
    package.id = id;
    f.is_picking = cmd->is_picking;
    if (parcel->box) {
        package.box.v = parcel->box->id;
        package.size = parcel->box->inner;
    }
    for (size_t i = 0; i < parcel->count; i++) {
        const struct order_line *line =
            fill_line(&work->order, parcel->contents[i].n);
        TRY(fill_put(ctx, &f, line, NULL, parcel->contents[i].qty, &none));
    }
    *ret = package.id;
    return add_package(ctx, &f, cmd->is_closed);
}

static err_t suggest(struct ctx *ctx, struct fulfillment_work *work,
                     const struct pack_cmd *cmd, package_id **ret,
                     size_t *ret_count)
{
    const struct fulfillment *fo = work->fo;
    struct box_kind *boxes;
    struct box_parcel *parcels;
    size_t box_count, count = 0;
    struct box_item *items =
        arena_array(ctx->arena, struct box_item, fo->line_count);
    for (size_t i = 0; i < fo->line_count; i++) {
        const struct fulfillment_line *l = &fo->lines[i];
        int64_t left = (cmd->is_picking ? l->qty : l->picked) - l->packed;
        if (left == 0)
            continue;
        items[count] = (struct box_item){.n = l->n, .qty = left};
        TRY(measure_line(ctx, fill_line(&work->order, l->n), &items[count++]));
    }
    if (count == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_pack", "",
                       "no picked unit is left to be packed");
    TRY(box_list_at(ctx, fo->location, &boxes, &box_count));
    TRY(box_suggest(ctx, boxes, box_count, items, count, &parcels, ret_count));
    if (*ret_count > LIMIT_PACKAGES_OF_FO)
        return fail_as(ctx, ERR_INVALID, "too_many_packages", "",
                       "more than %d packages", LIMIT_PACKAGES_OF_FO);
    *ret = arena_array(ctx->arena, package_id, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        TRY(make_suggested(ctx, work, cmd, &parcels[i], &(*ret)[i]));
    return OK;
}

err_t package_create(struct ctx *ctx, const struct pack_cmd *cmd,
                     package_id **ret, size_t *ret_count)
{
    struct fulfillment_work work;
    struct filling f;
    ASSERT(ctx->tx != NULL);
    TRY(fulfillment_lock(ctx, cmd->fo, &work));
    TRY(fulfillment_check_pickable(ctx, work.fo));
    if (work.fo->method == ORDER_PICKUP)
        return fail_as(ctx, ERR_STATE, "not_shipped", "fulfillment_order_id",
                       "its buyer collects it");
    if (cmd->is_suggested)
        return suggest(ctx, &work, cmd, ret, ret_count);
    struct package package = package_new(ctx, work.fo);
    package_id id = package.id;
    package.id.v = 0;
    TRY(fill_begin(ctx, &work, &package, &f));
    package.id = id;
    f.is_picking = cmd->is_picking;
    TRY(fill_outside(ctx, &package, &cmd->outside));
    for (size_t i = 0; i < cmd->count; i++)
        TRY(fail_in(ctx, fill_item(ctx, &f, &cmd->items[i]), "items", i));
    TRY(add_package(ctx, &f, cmd->is_closed));
    *ret = arena_new(ctx->arena, package_id);
    **ret = id;
    *ret_count = 1;
    return OK;
}

/* ---- changing ---- */

err_t package_open(struct ctx *ctx, const struct package_deed *deed,
                   struct package *package, struct fulfillment_work *work,
                   struct filling *f)
{
    TRY(package_begin(ctx, deed->id, work, package));
    if (package->returns.v)
        return fail_as(ctx, ERR_STATE, "is_return", "",
                       "a package that comes back is packed by its buyer");
    if (deed->version)
        TRY(check_version(ctx, deed->version, package->version));
    TRY(package_allow_draft(ctx, package->place.state, deed->command));
    return fill_begin(ctx, work, package, f);
}

static err_t check_open(struct ctx *ctx, const struct package *package)
{
    if (package->is_closed)
        return fail_as(ctx, ERR_STATE, "package_closed", "",
                       "the package is closed; take units out, or void it");
    return OK;
}

/* What a scan said, so that its id stands for no other one. */
static uint64_t hash_scan(struct ctx *ctx, const struct scan_cmd *cmd)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    buf_addf(&buf, "%.*s %lld %.*s", STR_ARG(cmd->code), (long long)cmd->qty,
             STR_ARG(cmd->names.lot));
    for (size_t i = 0; i < cmd->names.serial_count; i++)
        buf_addf(&buf, "\n%.*s", STR_ARG(cmd->names.serials[i]));
    ASSERT(!buf.is_full);
    return str_hash(buf_str(&buf));
}

err_t package_scan(struct ctx *ctx, const struct scan_cmd *cmd,
                   bool *ret_is_new)
{
    struct package package;
    struct fulfillment_work work;
    const struct package_deed deed = {cmd->package, 0, "pack"};
    struct filling f;
    struct wanted wanted = {.code = cmd->code, .field = cmd->field};
    *ret_is_new = true;
    TRY(package_get(ctx, cmd->package, &package));
    if (cmd->scan_id.len)
        TRY(package_scan_note(ctx, cmd->package, cmd->scan_id,
                              hash_scan(ctx, cmd), ret_is_new));
    if (!*ret_is_new)
        return OK;
    TRY(package_open(ctx, &deed, &package, &work, &f));
    TRY(check_open(ctx, &package));
    TRY(fill_code(ctx, &wanted));
    TRY(fill_wanted(ctx, &f, &wanted, cmd->qty, &cmd->names));
    TRY(package_item_save(ctx, f.items, f.count));
    TRY(package_unit_add(ctx, f.units, f.unit_count));
    TRY(fill_weigh(ctx, &f));
    return package_finish(ctx, "package.packed", &package, STR_NONE);
}

err_t package_change(struct ctx *ctx, package_id id, int64_t version,
                     const struct pack_outside *outside)
{
    struct package package;
    struct fulfillment_work work;
    const struct package_deed deed = {id, version, "change"};
    struct filling f;
    TRY(package_open(ctx, &deed, &package, &work, &f));
    TRY(fill_outside(ctx, &package, outside));
    TRY(fill_weigh(ctx, &f));
    return package_finish(ctx, "package.changed", &package, STR_NONE);
}

err_t package_close(struct ctx *ctx, package_id id, int64_t version,
                    const struct pack_outside *outside)
{
    struct package package;
    struct fulfillment_work work;
    const struct package_deed deed = {id, version, "close"};
    struct filling f;
    TRY(package_open(ctx, &deed, &package, &work, &f));
    TRY(check_open(ctx, &package));
    TRY(fill_check(ctx, &f));
    TRY(fill_outside(ctx, &package, outside));
    TRY(fill_weigh(ctx, &f));
    package.is_closed = true;
    package.packed_at = ctx->now;
    return package_finish(ctx, "package.closed", &package, STR_NONE);
}

/* ---- emptying ---- */

static err_t empty(struct ctx *ctx, struct filling *f)
{
    struct package *p = f->package;
    for (size_t i = 0; i < f->count; i++) {
        const struct order_line *line =
            fill_line(&f->work->order, f->items[i].n);
        bool is_first = i == 0 || f->items[i - 1].n != f->items[i].n;
        if (is_first)
            TRY(fill_tell(ctx, f, line->n, -fill_whole(f, line)));
    }
    package_move(p, PACKAGE_EVENT_VOID);
    TRY(package_finish(ctx, "package.voided", p, STR_NONE));
    return package_item_drop(ctx, p->id);
}

/* No unit is in it yet. */
static err_t void_return(struct ctx *ctx, struct package *package)
{
    package_move(package, PACKAGE_EVENT_VOID);
    TRY(package_finish(ctx, "package.voided", package, STR_NONE));
    return package_item_drop(ctx, package->id);
}

err_t package_void_now(struct ctx *ctx, struct package *package)
{
    struct fulfillment_work work;
    struct filling f;
    if (package->returns.v)
        return void_return(ctx, package);
    TRY(fulfillment_lock(ctx, package->fo, &work));
    TRY(fill_begin(ctx, &work, package, &f));
    return empty(ctx, &f);
}

err_t package_void(struct ctx *ctx, package_id id, int64_t version)
{
    struct package package;
    struct fulfillment_work work;
    const struct package_deed deed = {id, version, "void"};
    struct filling f;
    TRY(package_get(ctx, id, &package));
    TRY(package_allow(ctx, package.place.state, PACKAGE_EVENT_VOID));
    if (package.returns.v) {
        TRY(package_lock(ctx, id, &package));
        TRY(check_version(ctx, version, package.version));
        TRY(package_allow(ctx, package.place.state, PACKAGE_EVENT_VOID));
        return void_return(ctx, &package);
    }
    TRY(package_open(ctx, &deed, &package, &work, &f));
    return empty(ctx, &f);
}
