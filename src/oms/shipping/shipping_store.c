/* shipping_store.c - rows of parcels, their items and units. */
#include "oms/shipping/shipping_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/shipping/shipping_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum { ITEM_PARAMS = 6, UNIT_PARAMS = 7 };

/* ---- parcels ---- */

static int64_t or_unknown(const struct sql_rows *rows, size_t i, size_t column)
{
    return sql_is_null(rows, i, column) ? -1 : sql_int(rows, i, column);
}

static void read_row(const struct sql_rows *rows, size_t i, struct package *ret)
{
    *ret = (struct package){
        .id.v = sql_int(rows, i, 0),
        .order.v = sql_int(rows, i, 1),
        .fo.v = sql_int(rows, i, 2),
        .location.v = sql_int(rows, i, 3),
        .place.state = (enum package_state)sql_int(rows, i, 4),
        .place.reached = (enum package_state)sql_int(rows, i, 5),
        .place.at = sql_int(rows, i, 6),
        .is_closed = sql_int(rows, i, 7) != 0,
        .box.v = sql_int(rows, i, 8),
        .weight_g = sql_int(rows, i, 9),
        .size.length = sql_int(rows, i, 10),
        .size.width = sql_int(rows, i, 11),
        .size.height = sql_int(rows, i, 12),
        .is_weighed = sql_int(rows, i, 13) != 0,
        .account.v = sql_int(rows, i, 14),
        .carrier = sql_str(rows, i, 15),
        .service = sql_str(rows, i, 16),
        .tracking = sql_str(rows, i, 17),
        .sscc = sql_str(rows, i, 18),
        .list_minor = or_unknown(rows, i, 20),
        .quoted_minor = or_unknown(rows, i, 21),
        .cost_minor = or_unknown(rows, i, 22),
        .choice = sql_str(rows, i, 23),
        .label.v = sql_int(rows, i, 24),
        .manifest.v = sql_int(rows, i, 25),
        .packed_at = sql_int(rows, i, 26),
        .shipped_at = sql_int(rows, i, 27),
        .delivered_at = sql_int(rows, i, 28),
        .version = sql_int(rows, i, 29),
        .created_at = sql_int(rows, i, 30),
        .updated_at = sql_int(rows, i, 31),
        .erased_at = sql_int(rows, i, 32),
        .returns.v = sql_int(rows, i, 33),
    };
    (void)currency_from_str(sql_str(rows, i, 19), ret->currency);
}

static err_t row_one(struct ctx *ctx, int stmt, package_id id,
                     struct package *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "package", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

err_t package_get(struct ctx *ctx, package_id id, struct package *ret)
{
    return row_one(ctx, SQL_PACKAGE_ROW, id, ret);
}

err_t package_lock(struct ctx *ctx, package_id id, struct package *ret)
{
    return row_one(ctx, SQL_PACKAGE_LOCK, id, ret);
}

err_t package_page(struct ctx *ctx, const struct package_filter *f,
                   struct package **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[4];
    size_t count = 0;
    int stmt = SQL_PACKAGE_PAGE;
    if (f->fo.v) {
        stmt = SQL_PACKAGE_PAGE_FO;
        args[count++] = sql_i(f->fo.v);
    } else if (f->order.v) {
        stmt = SQL_PACKAGE_PAGE_ORDER;
        args[count++] = sql_i(f->order.v);
    } else if (f->manifest.v) {
        stmt = SQL_PACKAGE_PAGE_MANIFEST;
        args[count++] = sql_i(f->manifest.v);
    } else if (f->tracking.len) {
        stmt =
            f->account.v ? SQL_PACKAGE_PAGE_NUMBER : SQL_PACKAGE_PAGE_TRACKING;
        args[count++] = sql_s(f->tracking);
        if (f->account.v)
            args[count++] = sql_i(f->account.v);
    } else if (f->state) {
        stmt = f->place.v ? SQL_PACKAGE_PAGE_PLACE : SQL_PACKAGE_PAGE_STATE;
        if (f->place.v)
            args[count++] = sql_i(f->place.v);
        args[count++] = sql_i(f->state);
    } else if (f->to_ship.v) {
        stmt = SQL_PACKAGE_PAGE_TO_SHIP;
        args[count++] = sql_i(f->to_ship.v);
        args[count++] = sql_i(f->account.v);
    }
    args[count++] = sql_i(f->after.v);
    args[count++] = sql_i((int64_t)f->limit);
    TRY(sql_list(ctx, stmt, args, count, &rows));
    *ret = arena_array(ctx->arena, struct package, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t package_add(struct ctx *ctx, const struct package *row)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_i(id_bucket(row->id.v)),
        sql_i(row->order.v),
        sql_i(row->fo.v),
        sql_i(row->location.v),
        sql_i(row->is_closed),
        sql_i_or_null(row->box.v),
        sql_i(row->weight_g),
        sql_i(row->size.length),
        sql_i(row->size.width),
        sql_i(row->size.height),
        sql_i(row->is_weighed),
        sql_i_or_null(row->packed_at),
        sql_i(row->created_at),
        sql_i_or_null(row->returns.v),
    };
    ASSERT(id_bucket(row->id.v) == id_bucket(row->order.v));
    return sql_run(ctx, SQL_PACKAGE_ADD, args, COUNT_OF(args), NULL);
}

static struct sql_arg price(int64_t minor)
{
    return minor < 0 ? sql_null() : sql_i(minor);
}

err_t package_save(struct ctx *ctx, struct package *row)
{
    struct sql_arg args[] = {
        sql_i(row->place.state),
        sql_i(row->place.reached),
        sql_i(row->place.at),
        sql_i(row->is_closed),
        sql_i_or_null(row->box.v),
        sql_i(row->weight_g),
        sql_i(row->size.length),
        sql_i(row->size.width),
        sql_i(row->size.height),
        sql_i(row->is_weighed),
        sql_i_or_null(row->account.v),
        sql_s(row->carrier),
        sql_s(row->service),
        sql_s_or_null(row->tracking),
        sql_s_or_null(row->sscc),
        sql_s_or_null(str_from_cstr(row->currency)),
        price(row->list_minor),
        price(row->quoted_minor),
        price(row->cost_minor),
        sql_s(row->choice),
        sql_i_or_null(row->label.v),
        sql_i_or_null(row->manifest.v),
        sql_i_or_null(row->packed_at),
        sql_i_or_null(row->shipped_at),
        sql_i_or_null(row->delivered_at),
        sql_i(ctx->now),
        sql_i(id_bucket(row->id.v)),
        sql_i(row->id.v),
        sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PACKAGE_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

void package_move(struct package *package, enum package_event event)
{
    enum package_state to = package_next(package->place.state, event);
    ASSERT(to != PACKAGE_NONE);
    package->place.state = to;
    if (package_rank(to) >= 0 && event < PACKAGE_EVENT_MOVING)
        package->place.reached = to;
}

/* ---- items and units ---- */

static err_t list_of(struct ctx *ctx, int stmt, const package_id *ids,
                     size_t count, struct sql_rows *ret)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    return sql_list_distinct(ctx, stmt, keys, count, ret);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_item(const void *a, const void *b)
{
    const struct package_item *x = a, *y = b;
    int order = compare(x->package.v, y->package.v);
    if (order == 0)
        order = compare(x->n, y->n);
    return order ? order : compare(x->sku.v, y->sku.v);
}

err_t package_item_list(struct ctx *ctx, const package_id *ids, size_t count,
                        struct package_item **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(list_of(ctx, SQL_PACKAGE_ITEM_LIST, ids, count, &rows));
    *ret = arena_array(ctx->arena, struct package_item, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct package_item){
            .package = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
            .per = sql_int(&rows, i, 4),
        };
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, by_item);
    return OK;
}

err_t package_item_save(struct ctx *ctx, const struct package_item *items,
                        size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ITEM_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * ITEM_PARAMS];
        at[0] = sql_i(items[i].package.v);
        at[1] = sql_i(id_bucket(items[i].package.v));
        at[2] = sql_i(items[i].n);
        at[3] = sql_i(items[i].sku.v);
        at[4] = sql_i(items[i].qty);
        at[5] = sql_i(items[i].per);
    }
    if (count == 0)
        return OK;
    return sql_run_many(ctx, SQL_PACKAGE_ITEM_SAVE, args, ITEM_PARAMS, count,
                        NULL);
}

err_t package_item_drop(struct ctx *ctx, package_id id)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_run(ctx, SQL_PACKAGE_UNIT_DROP, args, COUNT_OF(args), NULL));
    return sql_run(ctx, SQL_PACKAGE_ITEM_DROP, args, COUNT_OF(args), NULL);
}

static int by_unit(const void *a, const void *b)
{
    const struct package_unit *x = a, *y = b;
    int order = compare(x->package.v, y->package.v);
    if (order == 0)
        order = compare(x->n, y->n);
    if (order == 0)
        order = compare(x->sku.v, y->sku.v);
    if (order == 0)
        order = str_compare(x->lot, y->lot);
    return order ? order : str_compare(x->serial, y->serial);
}

err_t package_unit_list(struct ctx *ctx, const package_id *ids, size_t count,
                        struct package_unit **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(list_of(ctx, SQL_PACKAGE_UNIT_LIST, ids, count, &rows));
    *ret = arena_array(ctx->arena, struct package_unit, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct package_unit){
            .package = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .lot = sql_str(&rows, i, 3),
            .serial = sql_str(&rows, i, 4),
            .qty = sql_int(&rows, i, 5),
        };
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, by_unit);
    return OK;
}

err_t package_unit_add(struct ctx *ctx, const struct package_unit *units,
                       size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * UNIT_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * UNIT_PARAMS];
        at[0] = sql_i(units[i].package.v);
        at[1] = sql_i(id_bucket(units[i].package.v));
        at[2] = sql_i(units[i].n);
        at[3] = sql_i(units[i].sku.v);
        at[4] = sql_s(units[i].lot);
        at[5] = sql_s(units[i].serial);
        at[6] = sql_i(units[i].qty);
    }
    /* One after another: a set may not name a row twice. */
    for (size_t i = 0; i < count; i++)
        TRY(sql_run_many(ctx, SQL_PACKAGE_UNIT_ADD, &args[i * UNIT_PARAMS],
                         UNIT_PARAMS, 1, NULL));
    return OK;
}

err_t package_scan_note(struct ctx *ctx, package_id id, str scan_id,
                        uint64_t hash, bool *ret_is_new)
{
    struct sql_rows rows;
    int64_t changed;
    struct sql_arg args[] = {sql_i(id.v), sql_s(scan_id), sql_i((int64_t)hash)};
    TRY(sql_run(ctx, SQL_PACKAGE_SCAN_ADD, args, COUNT_OF(args), &changed));
    *ret_is_new = changed == 1;
    if (changed == 1)
        return OK;
    TRY(sql_list(ctx, SQL_PACKAGE_SCAN_FIND, args, 2, &rows));
    if (rows.count == 0)
        return ERR_RETRY;
    if (sql_int(&rows, 0, 0) != (int64_t)hash)
        return fail_as(ctx, ERR_CONFLICT, "scan_id_reused", "scan_id",
                       "this scan_id stood for another scan");
    return OK;
}

/* ---- events ---- */

static err_t put_items(struct ctx *ctx, struct json_out *out,
                       const struct package *package)
{
    struct package_item *items;
    size_t count;
    TRY(package_item_list(ctx, &package->id, 1, &items, &count));
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "line", items[i].n);
        json_put_id(out, "sku_id", "sku", items[i].sku.v);
        json_put_i64(out, "quantity", items[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

err_t package_tell(struct ctx *ctx, const char *type,
                   const struct package *package, str why)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order_id", "ord", package->order.v);
    json_put_id(&out, "fulfillment_order_id", "fo", package->fo.v);
    json_put_id(&out, "location_id", "loc", package->location.v);
    if (package->returns.v)
        json_put_id(&out, "returns_package_id", "pkg", package->returns.v);
    json_put_cstr(&out, "state", package_state_name(package->place.state));
    json_put_i64(&out, "version", package->version);
    json_put_i64(&out, "weight_g", package->weight_g);
    if (package->carrier.len) {
        json_put_str(&out, "carrier", package->carrier);
        json_put_str(&out, "service", package->service);
    }
    if (package->tracking.len)
        json_put_str(&out, "tracking", package->tracking);
    if (why.len)
        json_put_str(&out, "reason", why);
    TRY(put_items(ctx, &out, package));
    json_end_object(&out);
    return event_add(ctx, type, "package", package->id.v, buf_str(&buf), NULL);
}

err_t package_finish(struct ctx *ctx, const char *type, struct package *package,
                     str why)
{
    TRY(package_save(ctx, package));
    return package_tell(ctx, type, package, why);
}
