/* fulfillment_store.c - fulfillment orders and their lines as rows. */
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_then.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_sql.h"
#include "store/sql.h"

/* ---- reading ---- */

static void read_row(const struct sql_rows *rows, size_t i,
                     struct fulfillment *ret)
{
    *ret = (struct fulfillment){
        .id = {sql_int(rows, i, 0)},
        .order = {sql_int(rows, i, 1)},
        .channel = {sql_int(rows, i, 2)},
        .location = {sql_int(rows, i, 3)},
        .method = (enum order_method)sql_int(rows, i, 4),
        .status = (enum fulfillment_status)sql_int(rows, i, 5),
        .request_status = (enum fulfillment_request_status)sql_int(rows, i, 6),
        .hold_reason = sql_str(rows, i, 7),
        .fulfil_at = sql_int(rows, i, 8),
        .deadline_at = sql_int(rows, i, 9),
        .promise_at = sql_int(rows, i, 10),
        .is_sticky = sql_int(rows, i, 11) != 0,
        .request = sql_str(rows, i, 12),
        .version = sql_int(rows, i, 13),
        .created_at = sql_int(rows, i, 14),
        .updated_at = sql_int(rows, i, 15),
        .closed_at = sql_int(rows, i, 16),
    };
}

/* Rows of lines of many FOs, by FO and n. */
struct line_row {
    int64_t fo;
    struct fulfillment_line line;
};

static int compare_lines(const void *a, const void *b)
{
    const struct line_row *x = a, *y = b;
    if (x->fo != y->fo)
        return x->fo < y->fo ? -1 : 1;
    return (x->line.n > y->line.n) - (x->line.n < y->line.n);
}

static void read_line_row(const struct sql_rows *rows, size_t i,
                          struct line_row *ret)
{
    *ret = (struct line_row){
        sql_int(rows, i, 0),
        {sql_int(rows, i, 1),
                      {sql_int(rows, i, 2)},
                      sql_int(rows, i, 3),
                      sql_int(rows, i, 4),
                      sql_int(rows, i, 5),
                      sql_int(rows, i, 6)}
    };
}

static err_t read_lines(struct ctx *ctx, struct fulfillment *at, size_t count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct map *by_id = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = sql_i(at[i].id.v);
        map_set(by_id, (struct map_key){.a = at[i].id.v}, &at[i]);
    }
    TRY(sql_list_distinct(ctx, SQL_FULFILLMENT_LINE_LIST, keys, count, &rows));
    struct line_row *all = arena_array(ctx->arena, struct line_row, rows.count);
    struct fulfillment_line *lines =
        arena_array(ctx->arena, struct fulfillment_line, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        read_line_row(&rows, i, &all[i]);
    if (rows.count > 1)
        qsort(all, rows.count, sizeof *all, compare_lines);
    for (size_t i = 0; i < rows.count; i++) {
        struct fulfillment *fo =
            map_find(by_id, (struct map_key){.a = all[i].fo});
        ASSERT(fo != NULL);
        lines[i] = all[i].line;
        if (fo->line_count++ == 0)
            fo->lines = &lines[i];
    }
    return OK;
}

static err_t read_all(struct ctx *ctx, const struct sql_rows *rows,
                      struct fulfillment **ret, size_t *ret_count)
{
    struct fulfillment *at =
        arena_array(ctx->arena, struct fulfillment, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_row(rows, i, &at[i]);
    *ret = at;
    *ret_count = rows->count;
    return rows->count > 0 ? read_lines(ctx, at, rows->count) : OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct fulfillment *x = a, *y = b;
    if (x->order.v != y->order.v)
        return x->order.v < y->order.v ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

err_t fulfillment_list_ids(struct ctx *ctx, const fulfillment_order_id *ids,
                           size_t count, struct fulfillment **ret,
                           size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_FULFILLMENT_ROW, keys, count, &rows));
    return read_all(ctx, &rows, ret, ret_count);
}

err_t fulfillment_get(struct ctx *ctx, fulfillment_order_id id,
                      struct fulfillment *ret)
{
    struct fulfillment *at;
    size_t count;
    TRY(fulfillment_list_ids(ctx, &id, 1, &at, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id",
                    "there is no fulfillment order with this id");
    *ret = *at;
    return OK;
}

err_t fulfillment_list_orders(struct ctx *ctx, const order_id *orders,
                              size_t count, struct fulfillment **ret,
                              size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i].v);
    TRY(sql_list_distinct(ctx, SQL_FULFILLMENT_OF_ORDER, keys, count, &rows));
    TRY(read_all(ctx, &rows, ret, ret_count));
    if (*ret_count > 1)
        qsort(*ret, *ret_count, sizeof **ret, compare_rows);
    return OK;
}

err_t fulfillment_list_order(struct ctx *ctx, order_id order,
                             struct fulfillment **ret, size_t *ret_count)
{
    return fulfillment_list_orders(ctx, &order, 1, ret, ret_count);
}

err_t fulfillment_page(struct ctx *ctx, const struct fulfillment_filter *filter,
                       struct fulfillment **ret, size_t *ret_count)
{
    struct sql_rows rows;
    bool is_up = filter->is_oldest_first;
    struct sql_arg after =
        sql_i(filter->after.v || is_up ? filter->after.v : INT64_MAX);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg all[] = {after, limit};
    struct sql_arg status[] = {sql_i(filter->status), after, limit};
    struct sql_arg place[] = {sql_i(filter->location.v), sql_i(filter->status),
                              after, sql_i(filter->method), limit};
    if (filter->location.v)
        TRY(sql_list(ctx,
                     is_up ? SQL_FULFILLMENT_OLDEST_LOCATION
                           : SQL_FULFILLMENT_PAGE_LOCATION,
                     place, COUNT_OF(place), &rows));
    else if (filter->status)
        TRY(sql_list(ctx,
                     is_up ? SQL_FULFILLMENT_OLDEST_STATUS
                           : SQL_FULFILLMENT_PAGE_STATUS,
                     status, COUNT_OF(status), &rows));
    else
        TRY(sql_list(ctx, SQL_FULFILLMENT_PAGE, all, COUNT_OF(all), &rows));
    return read_all(ctx, &rows, ret, ret_count);
}

/* ---- one for a command ---- */

err_t fulfillment_lock(struct ctx *ctx, fulfillment_order_id id,
                       struct fulfillment_work *ret)
{
    ASSERT(ctx->tx != NULL);
    struct fulfillment seen, *at;
    *ret = (struct fulfillment_work){0};
    TRY(fulfillment_get(ctx, id, &seen));
    TRY(order_lock(ctx, seen.order, &ret->order));
    /* Only now: the order's lock guards them. */
    TRY(fulfillment_list_order(ctx, seen.order, &at, &ret->count));
    ret->room = ret->count;
    ret->all = arena_array(ctx->arena, struct fulfillment *, ret->count);
    for (size_t i = 0; i < ret->count; i++) {
        ret->all[i] = &at[i];
        if (at[i].id.v == id.v)
            ret->fo = &at[i];
    }
    ASSERT(ret->fo != NULL);
    ret->before = order_keep(ctx->arena, &ret->order);
    return OK;
}

size_t fulfillment_place_of(const struct fulfillment *fo, int64_t n)
{
    size_t low = 0, high = fo->line_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (fo->lines[mid].n < n)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct fulfillment_line *fulfillment_line_of(const struct fulfillment *fo,
                                             int64_t n)
{
    size_t at = fulfillment_place_of(fo, n);
    return at < fo->line_count && fo->lines[at].n == n ? &fo->lines[at] : NULL;
}

struct fulfillment *fulfillment_make(struct ctx *ctx,
                                     const struct fulfillment_key *key,
                                     size_t line_room)
{
    struct fulfillment *fo = arena_new(ctx->arena, struct fulfillment);
    bool waits = key->fulfil_at > ctx->now;
    *fo = (struct fulfillment){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(key->order.v))},
        .order = key->order,
        .channel = key->channel,
        .location = key->location,
        .method = key->method,
        .status = fulfillment_next(0, waits ? FULFILLMENT_EVENT_SCHEDULE
                                            : FULFILLMENT_EVENT_OPEN),
        .request_status = fulfillment_request_next(0, REQUEST_EVENT_RESET),
        .fulfil_at = waits ? key->fulfil_at : 0,
        .request = STR("{}"),
        .created_at = ctx->now,
        .lines = arena_array(ctx->arena, struct fulfillment_line, line_room),
        .line_room = line_room,
        .is_new = true,
        .is_routed = true,
        .told =
            waits ? "fulfillment_order.scheduled" : "fulfillment_order.opened",
    };
    return fo;
}

void fulfillment_add_to(struct ctx *ctx, struct fulfillment_work *work,
                        struct fulfillment *fo)
{
    if (work->count == work->room) {
        size_t room = work->room * 2 + 4;
        struct fulfillment **more =
            arena_array(ctx->arena, struct fulfillment *, room);
        if (work->count > 0)
            memcpy(more, work->all, work->count * sizeof *more);
        work->all = more;
        work->room = room;
    }
    work->all[work->count++] = fo;
}

/* ---- rows of stock ---- */

static int compare_reservations(const void *a, const void *b)
{
    const struct reservation *x = a, *y = b;
    if (x->owner_n != y->owner_n)
        return x->owner_n < y->owner_n ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

err_t fulfillment_rows_read(struct ctx *ctx, order_id order,
                            struct fulfillment_rows *ret)
{
    TRY(inventory_reservations_list(ctx, order, &ret->at, &ret->count));
    if (ret->count > 1)
        qsort(ret->at, ret->count, sizeof *ret->at, compare_reservations);
    ret->left = arena_array(ctx->arena, int64_t, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ret->left[i] =
            ret->at[i].state == RESERVATION_COMMITTED ? ret->at[i].qty : 0;
    return OK;
}

/* The first row of a line. */
static size_t first_row(const struct fulfillment_rows *rows, int64_t n)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rows->at[mid].owner_n < n)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void add_part(struct ctx *ctx, struct fulfillment_parts *parts,
                     struct stock_part part)
{
    if (parts->count == parts->room) {
        size_t room = parts->room * 2 + 16;
        struct stock_part *more =
            arena_array(ctx->arena, struct stock_part, room);
        if (parts->count > 0)
            memcpy(more, parts->at, parts->count * sizeof *more);
        parts->at = more;
        parts->room = room;
    }
    parts->at[parts->count++] = part;
}

/* One piece may stand in many rows: its numbers are dealt out to them. */
static err_t take_piece(struct ctx *ctx, struct fulfillment_rows *rows,
                        const struct fulfillment_take *take,
                        struct fulfillment_piece piece,
                        struct fulfillment_parts *ret)
{
    for (size_t i = first_row(rows, take->line->n);
         i < rows->count && piece.qty > 0; i++) {
        const struct reservation *row = &rows->at[i];
        if (row->owner_n != take->line->n)
            break;
        if (rows->left[i] == 0 || row->sku.v != piece.sku.v ||
            row->location.v != take->location.v)
            continue;
        int64_t qty = rows->left[i] < piece.qty ? rows->left[i] : piece.qty;
        struct stock_part part = {
            .id = row->id, .qty = qty, .names = piece.names, .to = take->to};
        if (piece.names.serial_count > (size_t)qty) {
            part.names.serial_count = (size_t)qty;
            piece.names.serials += qty;
            piece.names.serial_count -= (size_t)qty;
        }
        rows->left[i] -= qty;
        piece.qty -= qty;
        add_part(ctx, ret, part);
    }
    if (piece.qty > 0)
        return fail(ctx, ERR_INTERNAL, "",
                    "line %lld lacks reservations of %lld units",
                    (long long)take->line->n, (long long)piece.qty);
    return OK;
}

static err_t take_sku(struct ctx *ctx, struct fulfillment_rows *rows,
                      const struct fulfillment_take *take, sku_id sku,
                      int64_t qty, struct fulfillment_parts *ret)
{
    int64_t named = 0;
    bool is_named = false;
    for (size_t i = 0; i < take->piece_count; i++) {
        if (take->pieces[i].sku.v != sku.v)
            continue;
        is_named = true;
        named += take->pieces[i].qty;
        if (named <= qty)
            TRY(take_piece(ctx, rows, take, take->pieces[i], ret));
    }
    if (!is_named)
        return take_piece(ctx, rows, take,
                          (struct fulfillment_piece){.sku = sku, .qty = qty},
                          ret);
    if (named != qty)
        return fail_as(ctx, ERR_INVALID, "pieces_differ", "units",
                       "of line %lld there is %lld named, and %lld meant",
                       (long long)take->line->n, (long long)named,
                       (long long)qty);
    return OK;
}

err_t fulfillment_take_rows(struct ctx *ctx, struct fulfillment_rows *rows,
                            const struct fulfillment_take *take,
                            struct fulfillment_parts *ret)
{
    const struct order_line *line = take->line;
    if (!line->is_tracked)
        return OK;
    if (line->part_count == 0)
        return take_sku(ctx, rows, take, line->sku, take->qty, ret);
    for (size_t i = 0; i < line->part_count; i++)
        TRY(take_sku(ctx, rows, take, line->parts[i].sku,
                     take->qty * line->parts[i].quantity, ret));
    return OK;
}
