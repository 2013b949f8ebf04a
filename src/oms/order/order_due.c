/* order_due.c - what of many orders is allocated, in a few set reads. */
#include "oms/order/order_due.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "store/event.h"
#include "store/sql.h"

/* Columns of order_due_lock. */
enum { D_ID, D_CHANNEL, D_STATUS, D_FLAGS, D_METHOD, D_FULFIL_AT };
/* Columns of order_due_line. */
enum { L_ORDER, L_N, L_SKU, L_UNTRACKED_AT, L_QTY, L_IS_KIT, L_GATE, L_DAY };

struct run {
    struct ctx *ctx;
    struct order_due *orders; /* By id. */
    size_t count;
    struct map *by_id;
    struct map *kits;  /* (order, line) -> its first component. */
    struct map *gates; /* (order, line) of those that do not leave yet. */
    struct map *days;  /* (order, line) -> utc_ms, of lines with their own. */
    struct sql_rows lines;
};
struct kit {
    int64_t sku, quantity;
};
/* A unit before it is handed out. */
struct found {
    int64_t order;
    struct order_due_unit unit;
};

static int compare_ids(const void *a, const void *b)
{
    const order_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

static struct sql_arg *keys_of(struct ctx *ctx, const struct run *run)
{
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, run->count * 2);
    for (size_t i = 0; i < run->count; i++) {
        keys[i * 2] = sql_i(id_bucket(run->orders[i].id.v));
        keys[i * 2 + 1] = sql_i(run->orders[i].id.v);
    }
    return keys;
}

static void read_order(const struct sql_rows *rows, size_t i,
                       struct order_due *ret)
{
    *ret = (struct order_due){
        .id = {sql_int(rows, i, D_ID)},
        .channel = {sql_int(rows, i, D_CHANNEL)},
        .method = order_method_of(sql_str(rows, i, D_METHOD)),
        .fulfil_flags = sql_int(rows, i, D_FLAGS),
    };
    (void)time_from_text(sql_str(rows, i, D_FULFIL_AT), &ret->fulfil_at);
}

static int compare_orders(const void *a, const void *b)
{
    const struct order_due *x = a, *y = b;
    return compare_ids(&x->id, &y->id);
}

static err_t lock_orders(struct run *run, const order_id *ids, size_t count)
{
    struct ctx *ctx = run->ctx;
    order_id *sorted = arena_array(ctx->arena, order_id, count);
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct sql_rows rows;
    size_t n = 0;
    memcpy(sorted, ids, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sorted[i].v == sorted[i - 1].v)
            continue;
        keys[n * 2] = sql_i(id_bucket(sorted[i].v));
        keys[n++ * 2 + 1] = sql_i(sorted[i].v);
    }
    TRY(sql_list_many(ctx, SQL_ORDER_DUE_LOCK, keys, 2, n, &rows));
    run->orders = arena_array(ctx->arena, struct order_due, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        if (sql_int(&rows, i, D_STATUS) == ORDER_CONFIRMED)
            read_order(&rows, i, &run->orders[run->count++]);
    if (run->count > 1)
        qsort(run->orders, run->count, sizeof *run->orders, compare_orders);
    run->by_id = map_open(ctx->arena, run->count);
    for (size_t i = 0; i < run->count; i++)
        map_set(run->by_id, (struct map_key){.a = run->orders[i].id.v},
                &run->orders[i]);
    return OK;
}

static err_t read_kits(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct sql_rows rows;
    bool has_kits = false;
    for (size_t i = 0; i < run->lines.count; i++)
        has_kits |= sql_int(&run->lines, i, L_IS_KIT) != 0;
    run->kits = map_open(ctx->arena, 4);
    if (!has_kits)
        return OK;
    TRY(sql_list_many(ctx, SQL_ORDER_DUE_PART, keys_of(ctx, run), 2, run->count,
                      &rows));
    struct kit *kits = arena_array(ctx->arena, struct kit, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        kits[i] = (struct kit){sql_int(&rows, i, 2), sql_int(&rows, i, 3)};
        map_set(run->kits,
                (struct map_key){.a = sql_int(&rows, i, 0),
                                 .b = sql_int(&rows, i, 1)},
                &kits[i]);
    }
    return OK;
}

static void read_gates(struct run *run)
{
    run->gates = map_open(run->ctx->arena, 4);
    for (size_t i = 0; i < run->lines.count; i++)
        if (!sql_is_null(&run->lines, i, L_GATE))
            map_set(run->gates,
                    (struct map_key){.a = sql_int(&run->lines, i, L_ORDER),
                                     .b = sql_int(&run->lines, i, L_N)},
                    run->gates);
}

static void read_days(struct run *run)
{
    run->days = map_open(run->ctx->arena, 4);
    for (size_t i = 0; i < run->lines.count; i++) {
        str text = sql_str(&run->lines, i, L_DAY);
        if (text.len == 0)
            continue;
        utc_ms *day = arena_new(run->ctx->arena, utc_ms);
        if (time_from_text(text, day))
            map_set(run->days,
                    (struct map_key){.a = sql_int(&run->lines, i, L_ORDER),
                                     .b = sql_int(&run->lines, i, L_N)},
                    day);
    }
}

static bool is_gated(const struct run *run, int64_t order, int64_t n)
{
    return map_find(run->gates, (struct map_key){.a = order, .b = n}) != NULL;
}

/* Live rows; untracked lines where they are. */
static size_t find_units(const struct run *run, const struct stock_live *live,
                         size_t count, struct found *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < run->lines.count; i++) {
        int64_t at = sql_int(&run->lines, i, L_UNTRACKED_AT);
        if (sql_is_null(&run->lines, i, L_UNTRACKED_AT) ||
            sql_int(&run->lines, i, L_QTY) == 0 ||
            !sql_is_null(&run->lines, i, L_GATE))
            continue;
        ret[n++] = (struct found){
            sql_int(&run->lines, i, L_ORDER),
            {sql_int(&run->lines, i, L_N),
                                       {sql_int(&run->lines, i, L_SKU)},
                                       {at},
                                       sql_int(&run->lines, i, L_QTY),
                                       0, false}
        };
    }
    for (size_t i = 0; i < count; i++) {
        const struct kit *kit = map_find(
            run->kits, (struct map_key){.a = live[i].order.v, .b = live[i].n});
        if ((kit && kit->sku != live[i].sku.v) ||
            is_gated(run, live[i].order.v, live[i].n))
            continue;
        ret[n++] = (struct found){
            live[i].order.v,
            {live[i].n, live[i].sku, live[i].location, live[i].qty, 0, true}
        };
    }
    return n;
}

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->unit.n != y->unit.n)
        return x->unit.n < y->unit.n ? -1 : 1;
    return (x->unit.location.v > y->unit.location.v) -
           (x->unit.location.v < y->unit.location.v);
}

/* A kit's unit is the kit, not the component that stood for it. */
static void set_skus(const struct run *run, struct found *found, size_t count)
{
    if (map_count(run->kits) == 0)
        return;
    struct map *skus = map_open(run->ctx->arena, run->lines.count);
    for (size_t i = 0; i < run->lines.count; i++) {
        struct kit *sku = arena_new(run->ctx->arena, struct kit);
        sku->sku = sql_int(&run->lines, i, L_SKU);
        map_set(skus,
                (struct map_key){.a = sql_int(&run->lines, i, L_ORDER),
                                 .b = sql_int(&run->lines, i, L_N)},
                sku);
    }
    for (size_t i = 0; i < count; i++) {
        const struct kit *sku = map_find(
            skus, (struct map_key){.a = found[i].order, .b = found[i].unit.n});
        if (sku)
            found[i].unit.sku.v = sku->sku;
    }
}

static void hand_out(struct run *run, struct found *found, size_t count)
{
    struct order_due_unit *units =
        arena_array(run->ctx->arena, struct order_due_unit, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct order_due *due =
            map_find(run->by_id, (struct map_key){.a = found[i].order});
        ASSERT(due != NULL);
        if (due->count > 0 && units[n - 1].n == found[i].unit.n &&
            units[n - 1].location.v == found[i].unit.location.v) {
            units[n - 1].qty += found[i].unit.qty;
            continue;
        }
        if (due->count++ == 0)
            due->units = &units[n];
        const utc_ms *day =
            map_find(run->days, (struct map_key){.a = found[i].order,
                                                 .b = found[i].unit.n});
        units[n] = found[i].unit;
        units[n++].fulfil_at = day ? *day : due->fulfil_at;
    }
}

/* Rows of a kit may be torn anywhere: they are counted in kits together. */
static void count_kits(const struct run *run)
{
    for (size_t i = 0; i < run->count && map_count(run->kits) > 0; i++)
        for (size_t j = 0; j < run->orders[i].count; j++) {
            struct order_due_unit *unit = &run->orders[i].units[j];
            const struct kit *kit =
                map_find(run->kits, (struct map_key){.a = run->orders[i].id.v,
                                                     .b = unit->n});
            if (kit)
                unit->qty /= kit->quantity;
        }
}

/* ---- payments ---- */

/* Columns of order_due_worth. */
enum { W_ID, W_LINES, W_CHARGES, W_ALLOWANCE, W_PAY };

/* Those of channels that ask for money; others may leave. */
static err_t ask_channels(struct run *run, struct channel *ret)
{
    struct map *seen = map_open(run->ctx->arena, 4);
    for (size_t i = 0; i < run->count; i++) {
        struct order_due *due = &run->orders[i];
        struct map_key key = {.a = due->channel.v};
        struct channel *channel = map_find(seen, key);
        if (!channel) {
            channel = arena_new(run->ctx->arena, struct channel);
            TRY(channel_get(run->ctx, due->channel, channel));
            map_set(seen, key, channel);
        }
        ret[i] = *channel;
        due->may_leave = channel->payment_release == RELEASE_ALWAYS;
    }
    return OK;
}

static err_t check_payments(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct channel *channels =
        arena_array(ctx->arena, struct channel, run->count);
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, run->count * 2);
    struct sql_rows rows;
    size_t n = 0;
    TRY(ask_channels(run, channels));
    for (size_t i = 0; i < run->count; i++) {
        if (run->orders[i].may_leave)
            continue;
        keys[n * 2] = sql_i(id_bucket(run->orders[i].id.v));
        keys[n++ * 2 + 1] = sql_i(run->orders[i].id.v);
    }
    if (n == 0)
        return OK;
    TRY(sql_list_many(ctx, SQL_ORDER_DUE_WORTH, keys, 2, n, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct order_due *due = map_find(
            run->by_id, (struct map_key){.a = sql_int(&rows, i, W_ID)});
        struct order_pay pay = {.authorized = sql_int(&rows, i, W_PAY),
                                .captured = sql_int(&rows, i, W_PAY + 1),
                                .refunded = sql_int(&rows, i, W_PAY + 2),
                                .disputed = sql_int(&rows, i, W_PAY + 3)};
        int64_t total = order_total_of(sql_int(&rows, i, W_LINES),
                                       sql_int(&rows, i, W_CHARGES),
                                       sql_int(&rows, i, W_ALLOWANCE));
        ASSERT(due != NULL);
        due->may_leave =
            order_is_releasable(ORDER_CONFIRMED, total, &pay,
                                channels[due - run->orders].payment_release);
    }
    return OK;
}

static err_t check_holds(struct run *run, const order_id *ids)
{
    struct order_held *held =
        arena_array(run->ctx->arena, struct order_held, run->count);
    TRY(order_held_many(run->ctx, ids, run->count, held));
    for (size_t i = 0; i < run->count; i++)
        run->orders[i].held = held[i];
    return OK;
}

err_t order_due_list(struct ctx *ctx, const order_id *ids, size_t count,
                     struct order_due **ret, size_t *ret_count)
{
    struct run run = {.ctx = ctx};
    struct stock_live *live;
    size_t live_count;
    ASSERT(ctx->tx != NULL);
    TRY(lock_orders(&run, ids, count));
    *ret = run.orders;
    *ret_count = run.count;
    if (run.count == 0)
        return OK;
    order_id *open = arena_array(ctx->arena, order_id, run.count);
    for (size_t i = 0; i < run.count; i++)
        open[i] = run.orders[i].id;
    TRY(sql_list_many(ctx, SQL_ORDER_DUE_LINE, keys_of(ctx, &run), 2, run.count,
                      &run.lines));
    read_gates(&run);
    read_days(&run);
    TRY(check_payments(&run));
    TRY(check_holds(&run, open));
    TRY(read_kits(&run));
    TRY(inventory_live_list(ctx, open, run.count, &live, &live_count));
    struct found *found =
        arena_array(ctx->arena, struct found, run.lines.count + live_count);
    size_t n = find_units(&run, live, live_count, found);
    if (n > 1)
        qsort(found, n, sizeof *found, compare_found);
    set_skus(&run, found, n);
    hand_out(&run, found, n);
    count_kits(&run);
    return OK;
}

err_t order_release_get(struct ctx *ctx, channel_id id, int64_t *ret)
{
    struct channel channel;
    TRY(channel_get(ctx, id, &channel));
    *ret = channel.payment_release;
    return OK;
}

err_t order_due_page(struct ctx *ctx, const struct order_page *page,
                     order_id **ret, size_t *ret_count, bool *ret_is_ready)
{
    struct event_cursor at, told;
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(page->channel.v), sql_i(ORDER_CONFIRMED),
                             sql_i(page->after.v), sql_i((int64_t)page->limit)};
    bool is_there;
    *ret_count = 0;
    *ret_is_ready = false;
    TRY(event_cursor_find(ctx, page->event_id, &is_there, &told));
    TRY(event_cursor_of(ctx, ORDER_CONSUMER, &at));
    if (is_there && event_cursor_cmp(at, told) < 0)
        return OK;
    TRY(sql_list(ctx, SQL_ORDER_LIST_CONFIRMED, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, order_id, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    *ret_count = rows.count;
    *ret_is_ready = true;
    return OK;
}
