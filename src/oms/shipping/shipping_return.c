/* shipping_return.c - a label with which a buyer sends goods back. */
#include "oms/shipping/shipping_return.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog_measure.h"
#include "oms/shipping/shipping_pack.h"
#include "oms/shipping/shipping_sql.h"
#include "store/sql.h"

/* Items of a shipped parcel, less what comes back already. */
struct left {
    struct package_item *items;
    size_t count;
    bool is_whole; /* Nothing does. */
};

static err_t list_returns(struct ctx *ctx, package_id of, package_id **ret,
                          size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(of.v)), sql_i(of.v),
                             sql_i(LIMIT_RETURNS_OF_PACKAGE)};
    TRY(sql_list(ctx, SQL_PACKAGE_RETURNS, args, COUNT_OF(args), &rows));
    if (rows.count == LIMIT_RETURNS_OF_PACKAGE)
        return fail_as(ctx, ERR_STATE, "limit_reached", "",
                       "at most %d packages bring goods of one back",
                       LIMIT_RETURNS_OF_PACKAGE);
    *ret = arena_array(ctx->arena, package_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

static err_t open_left(struct ctx *ctx, package_id of, struct left *ret)
{
    package_id *ids = NULL;
    size_t id_count = 0, count;
    struct package_item *back;
    TRY(list_returns(ctx, of, &ids, &id_count));
    TRY(package_item_list(ctx, &of, 1, &ret->items, &ret->count));
    TRY(package_item_list(ctx, ids, id_count, &back, &count));
    struct map *items = map_open(ctx->arena, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        map_set(
            items,
            (struct map_key){.a = ret->items[i].n, .b = ret->items[i].sku.v},
            &ret->items[i]);
    for (size_t i = 0; i < count; i++) {
        struct package_item *item = map_find(
            items, (struct map_key){.a = back[i].n, .b = back[i].sku.v});
        ASSERT(item && item->qty >= back[i].qty);
        item->qty -= back[i].qty;
    }
    ret->is_whole = count == 0;
    return OK;
}

err_t package_return_left(struct ctx *ctx, package_id of,
                          struct return_item **ret, size_t *ret_count)
{
    struct left left;
    size_t n = 0;
    TRY(open_left(ctx, of, &left));
    *ret = arena_array(ctx->arena, struct return_item, left.count);
    for (size_t i = 0; i < left.count; i++) {
        const struct package_item *item = &left.items[i];
        int64_t qty = item->qty / item->per;
        if (n == 0 || (*ret)[n - 1].n != item->n)
            (*ret)[n++] = (struct return_item){item->n, qty};
        else if (qty < (*ret)[n - 1].qty)
            (*ret)[n - 1].qty = qty;
    }
    *ret_count = n;
    return OK;
}

/* Of a kit all its components come. Items stand in order of line. */
static err_t take_line(struct ctx *ctx, const struct left *left,
                       const struct return_item *wanted, size_t at,
                       struct package_item *to)
{
    char field[48];
    bool is_there = false;
    snprintf(field, sizeof field, "items[%zu]", at);
    for (size_t i = 0; i < left->count; i++) {
        const struct package_item *item = &left->items[i];
        if (item->n != wanted->n)
            continue;
        is_there = true;
        if (to[i].qty + wanted->qty * item->per > item->qty)
            return fail_as(ctx, ERR_INVALID, "over_returned", field,
                           "line %lld has at most %lld left to come back",
                           (long long)wanted->n,
                           (long long)((item->qty - to[i].qty) / item->per));
        to[i].qty += wanted->qty * item->per;
    }
    if (!is_there)
        return fail_as(ctx, ERR_INVALID, "line_unknown", field,
                       "the package has nothing of line %lld",
                       (long long)wanted->n);
    return OK;
}

/* What comes back: *ret has room for all items of the parcel. */
static err_t choose(struct ctx *ctx, const struct return_cmd *cmd,
                    const struct left *left, struct package_item *ret,
                    size_t *ret_count)
{
    struct package_item *all =
        arena_array(ctx->arena, struct package_item, left->count);
    size_t n = 0;
    for (size_t i = 0; i < left->count; i++) {
        all[i] = left->items[i];
        if (cmd->count > 0)
            all[i].qty = 0;
    }
    for (size_t i = 0; i < cmd->count; i++)
        TRY(take_line(ctx, left, &cmd->items[i], i, all));
    for (size_t i = 0; i < left->count; i++)
        if (all[i].qty > 0)
            ret[n++] = all[i];
    *ret_count = n;
    if (n == 0)
        return fail_as(ctx, ERR_INVALID, "over_returned", "items",
                       "all units of the package come back already");
    return OK;
}

static err_t weigh(struct ctx *ctx, const struct package_item *items,
                   size_t count, int64_t *ret)
{
    struct sku_measure *m;
    size_t found;
    sku_id *ids = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = items[i].sku;
    TRY(sku_list_measures(ctx, ids, count, &m, &found));
    struct map *weights = map_open(ctx->arena, found);
    for (size_t i = 0; i < found; i++)
        map_set(weights, (struct map_key){.a = m[i].id.v}, &m[i]);
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sku_measure *one =
            map_find(weights, (struct map_key){.a = items[i].sku.v});
        *ret += one ? one->weight_g * items[i].qty : 0;
    }
    return OK;
}

static err_t find_place(struct ctx *ctx, str code, location_id *ret)
{
    struct location place;
    bool is_found;
    if (code.len == 0)
        return OK;
    TRY(location_find(ctx, code, &place, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "no location \"%.*s\"", STR_ARG(code));
    *ret = place.id;
    return OK;
}

static err_t add_parcel(struct ctx *ctx, const struct return_cmd *cmd,
                        const struct left *left, struct package *p)
{
    size_t count;
    struct package_item *items =
        arena_array(ctx->arena, struct package_item, left->count);
    TRY(choose(ctx, cmd, left, items, &count));
    for (size_t i = 0; i < count; i++)
        items[i].package = p->id;
    if (cmd->weight_g)
        p->weight_g = cmd->weight_g;
    else if (!left->is_whole || cmd->count > 0)
        TRY(weigh(ctx, items, count, &p->weight_g));
    p->is_weighed = cmd->weight_g > 0;
    TRY(package_add(ctx, p));
    TRY(package_item_save(ctx, items, count));
    return package_tell(ctx, "package.created", p, STR_NONE);
}

err_t package_return(struct ctx *ctx, const struct return_cmd *cmd,
                     package_id *ret)
{
    struct package from;
    struct fulfillment_work work;
    struct left left;
    struct label_cmd label = cmd->label;
    TRY(package_begin(ctx, cmd->package, &work, &from));
    if (cmd->version)
        TRY(check_version(ctx, cmd->version, from.version));
    if (from.returns.v || !package_is_shipped(from.place.state))
        return fail_as(ctx, ERR_STATE, "not_shipped", "state",
                       "only what was sent to a buyer can come back; it is %s",
                       package_state_name(from.place.state));
    TRY(open_left(ctx, from.id, &left));
    struct package back = package_new(ctx, work.fo);
    back.returns = from.id;
    back.is_closed = true;
    back.packed_at = ctx->now;
    back.location = from.location;
    back.weight_g = from.weight_g;
    back.size = from.size;
    TRY(find_place(ctx, cmd->location, &back.location));
    TRY(add_parcel(ctx, cmd, &left, &back));
    label.package = back.id;
    label.version = 0;
    TRY(label_want(ctx, &label));
    *ret = back.id;
    return OK;
}
