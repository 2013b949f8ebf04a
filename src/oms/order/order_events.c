/* order_events.c - the consumer that keeps the order list and the counters.
 *
 * Events only say which orders to look at again. The list row is compared with
 * the order as it is now, and the counters move by the difference: to handle
 * an event twice, or two events of one order at once, changes nothing more.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_people.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_search.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "store/event.h"
#include "store/sql.h"

static const utc_ms QUARTER_MS = (utc_ms)15 * 60 * 1000;

/* One order to look at again. */
struct refresh {
    int64_t id;
    size_t fact; /* Row of `facts`. */
    int64_t ordered, cancelled, backordered, line_count;
    int64_t added;                  /* Of those ordered, by changes. */
    int64_t lines_total, lines_now; /* Of all lines, as placed and now. */
    int64_t old_version;            /* 0: not in the list yet. */
    int64_t old_status;
};

struct tally {
    int64_t channel, status, orders;
    bool is_moved;
};

struct sale {
    utc_ms quarter_at;
    int64_t channel;
    str currency;
    int64_t orders, units, total;
};

struct run {
    struct ctx *ctx;
    struct refresh *orders;
    size_t count;
    struct map *by_id;
    struct sql_rows facts;
    struct map *by_status; /* (channel, status) -> struct tally */
    struct tally *tallies;
    size_t tally_count;
    struct map *sales; /* (quarter, channel, currency) -> struct sale */
    struct sale *sale_at;
    size_t sale_count;
};

/* Columns of order_fact_list. */
enum {
    F_ID,
    F_CHANNEL,
    F_STATUS,
    F_VERSION,
    F_EXTERNAL,
    F_NUMBER,
    F_CUSTOMER,
    F_CURRENCY,
    F_TOTAL,
    F_PLACED,
    F_HISTORY,
    F_PAY, /* Five columns. */
    F_CHARGES = F_PAY + 5,
    F_ALLOWANCE
};

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

static void collect(struct run *run, const struct event *events, size_t count)
{
    run->orders = arena_array(run->ctx->arena, struct refresh, count);
    run->by_id = map_open(run->ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        int64_t id = events[i].subject_id;
        if (!str_equal_cstr(events[i].subject_kind, "order") ||
            map_find(run->by_id, id_key(id)))
            continue;
        struct refresh *order = &run->orders[run->count++];
        order->id = id;
        order->fact = SIZE_MAX;
        map_set(run->by_id, id_key(id), order);
    }
}

static struct refresh *refresh_of(const struct run *run,
                                  const struct sql_rows *rows, size_t row)
{
    struct refresh *order = map_find(run->by_id, id_key(sql_int(rows, row, 0)));
    ASSERT(order);
    return order;
}

/* The orders as they are now, and as the list has them. */
static err_t read_orders(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, run->count * 2);
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, run->count);
    for (size_t i = 0; i < run->count; i++) {
        keys[i * 2] = sql_i(id_bucket(run->orders[i].id));
        keys[i * 2 + 1] = ids[i] = sql_i(run->orders[i].id);
    }
    struct sql_rows units, old;
    TRY(sql_list_many(ctx, SQL_ORDER_FACT_LIST, keys, 2, run->count,
                      &run->facts));
    TRY(sql_list_many(ctx, SQL_ORDER_UNIT_LIST, keys, 2, run->count, &units));
    TRY(sql_list_many(ctx, SQL_ORDER_LIST_VERSIONS, ids, 1, run->count, &old));
    for (size_t i = 0; i < run->facts.count; i++)
        refresh_of(run, &run->facts, i)->fact = i;
    for (size_t i = 0; i < units.count; i++) {
        struct refresh *order = refresh_of(run, &units, i);
        order->ordered = sql_int(&units, i, 1);
        order->cancelled = sql_int(&units, i, 2);
        order->backordered = sql_int(&units, i, 3);
        order->line_count = sql_int(&units, i, 4);
        order->lines_total = sql_int(&units, i, 5);
        order->lines_now = sql_int(&units, i, 6);
        order->added = sql_int(&units, i, 7);
    }
    for (size_t i = 0; i < old.count; i++) {
        struct refresh *order = refresh_of(run, &old, i);
        order->old_version = sql_int(&old, i, 1);
        order->old_status = sql_int(&old, i, 2);
    }
    return OK;
}

static enum order_payment payment_of(const struct sql_rows *facts,
                                     const struct refresh *order)
{
    size_t row = order->fact;
    int64_t total = sql_int(facts, row, F_TOTAL);
    int64_t charges = sql_is_null(facts, row, F_CHARGES)
                          ? total - order->lines_total
                          : sql_int(facts, row, F_CHARGES);
    struct order_facts known = {
        .total = total,
        .total_now = order_total_of(order->lines_now, charges,
                                    sql_int(facts, row, F_ALLOWANCE)),
        .is_history = sql_int(facts, row, F_HISTORY) != 0,
        .pay = {.pending = sql_int(facts, row, F_PAY),
                .authorized = sql_int(facts, row, F_PAY + 1),
                .captured = sql_int(facts, row, F_PAY + 2),
                .refunded = sql_int(facts, row, F_PAY + 3),
                .disputed = sql_int(facts, row, F_PAY + 4)},
    };
    return order_payment_status(&known);
}

static struct sql_arg *put_item(struct sql_arg *at, const struct run *run,
                                const struct refresh *order)
{
    const struct sql_rows *facts = &run->facts;
    size_t row = order->fact;
    *at++ = sql_i(order->id);
    *at++ = sql_i(id_bucket(order->id));
    *at++ = sql_i(sql_int(facts, row, F_CHANNEL));
    *at++ = sql_i(sql_int(facts, row, F_STATUS));
    *at++ = sql_s(sql_str(facts, row, F_EXTERNAL));
    *at++ = sql_s(sql_str(facts, row, F_NUMBER));
    *at++ = sql_s(sql_str(facts, row, F_CUSTOMER));
    *at++ = sql_i(order->ordered - order->cancelled);
    *at++ = sql_i(order->line_count);
    *at++ = sql_i(order->backordered);
    *at++ = sql_s(sql_str(facts, row, F_CURRENCY));
    *at++ = sql_i(sql_int(facts, row, F_TOTAL));
    *at++ = sql_i(sql_int(facts, row, F_PLACED));
    *at++ = sql_i(sql_int(facts, row, F_VERSION));
    *at++ = sql_i(payment_of(facts, order));
    return at;
}

static bool is_changed(const struct run *run, const struct refresh *order)
{
    return order->fact != SIZE_MAX &&
           sql_int(&run->facts, order->fact, F_VERSION) > order->old_version;
}

static err_t save_items(struct run *run)
{
    enum { PARAMS = 15 };
    struct sql_arg *args =
        arena_array(run->ctx->arena, struct sql_arg, run->count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < run->count; i++)
        if (is_changed(run, &run->orders[i]))
            at = put_item(at, run, &run->orders[i]);
    return sql_run_many(run->ctx, SQL_ORDER_LIST_SAVE, args, PARAMS,
                        (size_t)(at - args) / PARAMS, NULL);
}

static struct tally *tally_of(struct run *run, int64_t channel, int64_t status)
{
    struct map_key key = {.a = channel, .b = status};
    struct tally *tally = map_find(run->by_status, key);
    if (!tally) {
        tally = &run->tallies[run->tally_count++];
        *tally = (struct tally){channel, status, 0, false};
        map_set(run->by_status, key, tally);
    }
    return tally;
}

static void move_tally(struct run *run, int64_t channel, int64_t status,
                       int64_t by)
{
    struct tally *tally = tally_of(run, channel, status);
    tally->orders += by;
    tally->is_moved = true;
}

/* Channels times statuses: the whole table is small. */
static err_t read_counts(struct run *run)
{
    struct order_count *now;
    size_t count;
    TRY(order_count_list(run->ctx, &now, &count));
    run->by_status = map_open(run->ctx->arena, count);
    run->tallies =
        arena_array(run->ctx->arena, struct tally, count + run->count * 2);
    for (size_t i = 0; i < count; i++)
        tally_of(run, now[i].channel.v, now[i].status)->orders = now[i].orders;
    return OK;
}

static err_t save_counts(struct run *run)
{
    enum { PARAMS = 3 };
    TRY(read_counts(run));
    for (size_t i = 0; i < run->count; i++) {
        const struct refresh *order = &run->orders[i];
        if (!is_changed(run, order))
            continue;
        int64_t channel = sql_int(&run->facts, order->fact, F_CHANNEL);
        if (order->old_version)
            move_tally(run, channel, order->old_status, -1);
        move_tally(run, channel, sql_int(&run->facts, order->fact, F_STATUS),
                   1);
    }
    struct sql_arg *args =
        arena_array(run->ctx->arena, struct sql_arg, run->tally_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < run->tally_count; i++) {
        const struct tally *tally = &run->tallies[i];
        if (!tally->is_moved)
            continue;
        ASSERT(tally->orders >= 0);
        *at++ = sql_i(tally->channel);
        *at++ = sql_i(tally->status);
        *at++ = sql_i(tally->orders);
    }
    return sql_run_many(run->ctx, SQL_ORDER_COUNT_SAVE, args, PARAMS,
                        (size_t)(at - args) / PARAMS, NULL);
}

static utc_ms quarter_of(utc_ms at)
{
    ASSERT(at >= 0);
    return at - at % QUARTER_MS;
}

/* A sum past 63 bits stays at the greatest number: it must not stop the log. */
static void add(struct sale *sale, int64_t orders, int64_t units, int64_t total)
{
    sale->orders += orders;
    sale->units += units;
    if (!i64_add(sale->total, total, &sale->total))
        sale->total = INT64_MAX;
}

/* Sales are as placed: an order counts once, when it is new to the list. */
static void add_sale(struct run *run, const struct refresh *order)
{
    const struct sql_rows *facts = &run->facts;
    struct map_key key = {.a =
                              quarter_of(sql_int(facts, order->fact, F_PLACED)),
                          .b = sql_int(facts, order->fact, F_CHANNEL),
                          .s = sql_str(facts, order->fact, F_CURRENCY)};
    struct sale *sale = map_find(run->sales, key);
    if (!sale) {
        sale = &run->sale_at[run->sale_count++];
        *sale = (struct sale){key.a, key.b, key.s, 0, 0, 0};
        map_set(run->sales, key, sale);
    }
    add(sale, 1, order->ordered - order->added,
        sql_int(facts, order->fact, F_TOTAL));
}

/* Adds what the store has of the same quarters. */
static err_t read_sales(struct run *run)
{
    enum { PARAMS = 3 };
    struct sql_arg *args =
        arena_array(run->ctx->arena, struct sql_arg, run->sale_count * PARAMS);
    for (size_t i = 0; i < run->sale_count; i++) {
        args[i * PARAMS] = sql_i(run->sale_at[i].quarter_at);
        args[i * PARAMS + 1] = sql_i(run->sale_at[i].channel);
        args[i * PARAMS + 2] = sql_s(run->sale_at[i].currency);
    }
    struct sql_rows rows;
    TRY(sql_list_many(run->ctx, SQL_ORDER_SALE_FIND, args, PARAMS,
                      run->sale_count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0),
                              .b = sql_int(&rows, i, 1),
                              .s = sql_str(&rows, i, 2)};
        struct sale *sale = map_find(run->sales, key);
        ASSERT(sale);
        add(sale, sql_int(&rows, i, 3), sql_int(&rows, i, 4),
            sql_int(&rows, i, 5));
    }
    return OK;
}

static err_t save_sales(struct run *run)
{
    enum { PARAMS = 6 };
    struct arena *arena = run->ctx->arena;
    run->sales = map_open(arena, 16);
    run->sale_at = arena_array(arena, struct sale, run->count);
    for (size_t i = 0; i < run->count; i++)
        if (is_changed(run, &run->orders[i]) && !run->orders[i].old_version)
            add_sale(run, &run->orders[i]);
    if (run->sale_count == 0)
        return OK;
    TRY(read_sales(run));
    struct sql_arg *args =
        arena_array(arena, struct sql_arg, run->sale_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < run->sale_count; i++) {
        const struct sale *sale = &run->sale_at[i];
        *at++ = sql_i(sale->quarter_at);
        *at++ = sql_i(sale->channel);
        *at++ = sql_s(sale->currency);
        *at++ = sql_i(sale->orders);
        *at++ = sql_i(sale->units);
        *at++ = sql_i(sale->total);
    }
    return sql_run_many(run->ctx, SQL_ORDER_SALE_SAVE, args, PARAMS,
                        run->sale_count, NULL);
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct run run = {.ctx = ctx};
    collect(&run, events, count);
    if (run.count == 0)
        return OK;
    TRY(read_orders(&run));
    TRY(save_items(&run));
    TRY(save_counts(&run));
    return save_sales(&run);
}

static const struct event_consumer consumers[] = {
    {.name = ORDER_CONSUMER, .consume = consume, .is_prompt = true},
    {.name = ORDER_SEARCH_CONSUMER,                      .consume = order_search_consume           },
    {.name = ORDER_PEOPLE_CONSUMER,                      .consume = order_people_consume},
    {.name = ORDER_BACKORDER_CONSUMER,                      .consume = order_backorder_consume        },
};
const struct event_list order_events = {consumers, COUNT_OF(consumers)};
