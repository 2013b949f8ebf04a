/* inventory_lot.c - lots read in the order in which they expire, and what
 * happens when they do. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"
#include "oms/inventory/inventory_units.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/sql.h"

enum { DUE_PAGE = 100 };

/* The day is later in no zone. */
#define FURTHEST_EAST_MS ((utc_ms)14 * 3600 * 1000)

err_t lot_list_ids(struct ctx *ctx, const lot_id *ids, size_t count,
                   struct lot **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (ids[i].v != 0)
            keys[n++] = sql_i(ids[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOT_BY_ID, keys, n, &rows));
    *ret = arena_array(ctx->arena, struct lot, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct lot){
            .id = {sql_int(&rows, i, 0)},
            .sku = {sql_int(&rows, i, 1)},
            .code = sql_str(&rows, i, 2),
            .expires_on = sql_int(&rows, i, 3),
            .created_at = sql_int(&rows, i, 4),
        };
    return OK;
}

/* Which of them are expired, by the day at their location. */
static err_t mark_expired(struct ctx *ctx, struct lot_stock *lots, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(lots[i].location.v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOCATION_ZONE, keys, count, &rows));
    struct map *days = map_open(ctx->arena, rows.count);
    int64_t *day = arena_array(ctx->arena, int64_t, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        TRY(zone_date(ctx, sql_str(&rows, i, 1), ctx->now, &day[i]));
        map_set(days, (struct map_key){.a = sql_int(&rows, i, 0)}, &day[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const int64_t *today =
            map_find(days, (struct map_key){.a = lots[i].location.v});
        lots[i].is_expired = today && lots[i].expires_on < *today;
    }
    return OK;
}

static err_t read_stocks(struct ctx *ctx, const struct sql_rows *rows,
                         struct lot_stock **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct lot_stock, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] = (struct lot_stock){
            .lot = {sql_int(rows, i, 0)},
            .sku = {sql_int(rows, i, 1)},
            .location = {sql_int(rows, i, 2)},
            .code = sql_str(rows, i, 3),
            .expires_on = sql_int(rows, i, 4),
            .on_hand = sql_int(rows, i, 5),
            .damaged = sql_int(rows, i, 6),
            .quality_control = sql_int(rows, i, 7),
            .held = sql_int(rows, i, 8),
        };
    return mark_expired(ctx, *ret, rows->count);
}

err_t lot_list(struct ctx *ctx, const struct lot_filter *filter,
               struct lot_stock **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct location_row at;
    int64_t good = INT64_MIN;
    ASSERT(!filter->is_usable || filter->location.v != 0);
    if (filter->is_usable) {
        TRY(location_row_get(ctx, filter->location, &at));
        TRY(zone_date(ctx, at.tz, ctx->now, &good));
    }
    struct sql_arg args[] = {
        sql_i(filter->sku.v),
        sql_i(filter->after_expires_on),
        sql_i(filter->after_lot.v),
        sql_i(filter->after_location.v),
        sql_i(filter->location.v),
        sql_i(filter->is_usable),
        sql_i(good),
        sql_i((int64_t)filter->limit),
    };
    TRY(sql_list(ctx, SQL_LOT_FEFO, args, COUNT_OF(args), &rows));
    TRY(read_stocks(ctx, &rows, ret, ret_count));
    return OK;
}

/* ---- expiry ---- */

static str expired_text(struct ctx *ctx, const struct lot_stock *lot,
                        int64_t held, int64_t claimed)
{
    char day[DATE_TEXT_BYTES];
    struct buf buf;
    struct json_out out;
    date_to_text(lot->expires_on, day);
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", lot->sku.v);
    json_put_id(&out, "location", "loc", lot->location.v);
    json_put_str(&out, "lot", lot->code);
    json_put_str(&out, "expires_on", (str){day, sizeof day});
    json_put_i64(&out, "held", held);
    json_put_i64(&out, "claimed", claimed);
    json_end_object(&out);
    return buf_str(&buf);
}

/* One lot at one location that has expired. */
struct expiry {
    const struct lot_stock *lot;
    struct unit_names names; /* With all its loose serial numbers. */
    struct stock *stock;
    struct units *units;
    int64_t loose, moved;
};

/* Which of its numbered units are claimed nobody knows yet: any will do. */
static err_t read_serials(struct ctx *ctx, struct expiry *e)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(e->lot->sku.v), sql_i(e->lot->lot.v),
                             sql_i(e->lot->location.v), sql_i(LIMIT_SERIALS)};
    TRY(sql_list(ctx, SQL_UNIT_OF_LOT, args, COUNT_OF(args), &rows));
    str *codes = arena_array(ctx->arena, str, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        codes[i] = sql_str(&rows, i, 0);
    e->names.serials = codes;
    e->names.serial_count = rows.count;
    return OK;
}

static err_t open_expiry(struct ctx *ctx, struct expiry *e)
{
    const struct lot_stock *lot = e->lot;
    struct unit_policy *policy;
    struct unit_want want = {lot->sku, lot->location, &e->names};
    size_t count;
    location_id at = lot->location;
    TRY(stock_lock_at(ctx, &lot->sku, 1, &at, 1, &e->stock));
    TRY(policy_list(ctx, &lot->sku, 1, &policy, &count));
    if (count == 1 && policy->is_serial)
        TRY(read_serials(ctx, e));
    TRY(units_open(ctx, &want, 1, &e->units));
    e->loose = units_lot_loose(e->units, lot->location, lot->lot);
    if (count == 1 && policy->is_serial &&
        e->loose > (int64_t)e->names.serial_count)
        e->loose = (int64_t)e->names.serial_count;
    return OK;
}

/* Moves what is loose and claimed by nobody. */
static err_t hold_units(struct ctx *ctx, struct expiry *e)
{
    struct stock_level *level =
        stock_level_find(e->stock, e->lot->sku, e->lot->location);
    int64_t unclaimed = level ? stock_bucket_qty(level, STOCK_AVAILABLE) : 0;
    e->moved = e->loose < unclaimed ? e->loose : unclaimed;
    if (e->moved == 0)
        return OK;
    struct unit_names names = e->names;
    names.serial_count = names.serial_count > 0 ? (size_t)e->moved : 0;
    struct unit_move which = {.sku = e->lot->sku,
                              .location = e->lot->location,
                              .from = STOCK_AVAILABLE,
                              .to = STOCK_HELD,
                              .qty = e->moved,
                              .names = &names};
    struct stock_move move = {
        .type = MOVEMENT_MOVE,
        .from = STOCK_AVAILABLE,
        .to = STOCK_HELD,
        .qty = e->moved,
        .reason = STR("lot expired"),
        .event_id = event_id(ctx, e->lot->sku.v),
    };
    stock_move(ctx, e->stock, level, &move);
    (void)units_apply(ctx, e->units, &which, level->last_movement_id);
    struct event event = stock_event(ctx, "stock.expired", level, &move);
    return event_add_many(ctx, &event, 1);
}

static err_t expire_one(struct ctx *ctx, const struct lot_stock *lot,
                        bool *ret_is_done)
{
    struct expiry e = {.lot = lot, .names = {.lot = lot->code}};
    TRY(open_expiry(ctx, &e));
    bool is_first = e.loose > 0 && units_note_expired(e.units, lot->location,
                                                      lot->lot, ctx->now);
    TRY(hold_units(ctx, &e));
    *ret_is_done = e.moved > 0 || is_first;
    if (!*ret_is_done)
        return OK;
    if (is_first)
        TRY(event_add(ctx, "lot.expired", "lot", lot->lot.v,
                      expired_text(ctx, lot, e.moved, e.loose - e.moved),
                      NULL));
    TRY(stock_save(ctx, e.stock));
    return units_save(ctx, e.units);
}

/* A page of lots that have expired somewhere by now, after *lot. */
static err_t due_page(struct ctx *ctx, const struct lot_stock *after,
                      struct lot_stock **ret, size_t *ret_count)
{
    int64_t today;
    struct sql_rows rows;
    TRY(zone_date(ctx, STR("UTC"), ctx->now + FURTHEST_EAST_MS, &today));
    struct sql_arg args[] = {
        sql_i(today),        sql_i(after->expires_on),
        sql_i(after->lot.v), sql_i(after->location.v),
        sql_i(DUE_PAGE),
    };
    TRY(sql_list(ctx, SQL_LOT_DUE, args, COUNT_OF(args), &rows));
    return read_stocks(ctx, &rows, ret, ret_count);
}

err_t lot_expire(struct ctx *ctx, size_t limit, bool *ret_is_more)
{
    ASSERT(ctx->tx != NULL);
    struct lot_stock after = {0}, *lots;
    size_t count = DUE_PAGE, done = 0;
    *ret_is_more = false;
    while (count == DUE_PAGE) {
        TRY(due_page(ctx, &after, &lots, &count));
        for (size_t i = 0; i < count; i++) {
            bool is_done = false;
            if (lots[i].is_expired)
                TRY(expire_one(ctx, &lots[i], &is_done));
            done += is_done;
            *ret_is_more = done == limit;
            if (*ret_is_more)
                return OK;
        }
        if (count > 0)
            after = lots[count - 1];
    }
    return OK;
}

err_t lot_next_expiry(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    struct sql_arg never = sql_i(LOT_NEVER);
    *ret = 0;
    TRY(sql_list(ctx, SQL_LOT_NEXT, &never, 1, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        utc_ms at;
        TRY(zone_date_start(ctx, sql_str(&rows, i, 0), sql_int(&rows, i, 1) + 1,
                            &at));
        if (*ret == 0 || at < *ret)
            *ret = at;
    }
    return OK;
}

/* ---- serial numbers ---- */

err_t serial_page(struct ctx *ctx, const struct serial_filter *filter,
                  struct serial_row **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(filter->sku.v), sql_s(filter->after),
                             sql_s(filter->code),
                             sql_i((int64_t)filter->limit)};
    TRY(sql_list(ctx, SQL_UNIT_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct serial_row, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct serial_row){
            .sku = {sql_int(&rows, i, 0)},
            .code = sql_str(&rows, i, 1),
            .lot = {sql_int(&rows, i, 2)},
            .location = {sql_int(&rows, i, 3)},
            .place = sql_int(&rows, i, 4),
            .transit_id = sql_int(&rows, i, 5),
            .movement_id = sql_int(&rows, i, 6),
        };
    return OK;
}
