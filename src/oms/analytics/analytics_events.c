/* analytics_events.c - the consumer that adds facts up.
 *
 * A fact is added once, in the transaction that moves the cursor. What it says
 * of orders is as placed, so it is the same whenever it is read.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/analytics/analytics_sql.h"
#include "oms/analytics/analytics_store.h"
#include "store/event.h"
#include "store/sql.h"

/* Cells of one key each, found by it. */
struct node {
    struct report_cell cell;
    struct node *next;
};
struct run {
    struct ctx *ctx;
    const struct event *events;
    size_t count;
    struct map *by_key;
    struct node *first;
    size_t cells;
};

static void put(struct run *run, const struct report_cell *fact)
{
    struct arena *arena = run->ctx->arena;
    struct report_cell cell = *fact;
    cell.quarter_at -= cell.quarter_at % REPORT_QUARTER_MS;
    struct map_key key = report_key(arena, &cell);
    struct node *node = map_find(run->by_key, key);
    if (node) {
        report_add(&node->cell.sum, &cell.sum);
        return;
    }
    node = arena_array(arena, struct node, 1);
    *node = (struct node){cell, run->first};
    run->first = node;
    run->cells += 1;
    map_set(run->by_key, key, node);
}

/* ---- events by type ---- */

static bool is_any(const struct event *event, const char *const *types)
{
    for (; *types; types++)
        if (str_equal_cstr(event->type, *types))
            return true;
    return false;
}

/* Rows of a statement for the subjects of events of these types, each once. */
static err_t rows_of(struct run *run, const char *const *types, int stmt,
                     struct sql_rows *ret)
{
    struct sql_arg *keys =
        arena_array(run->ctx->arena, struct sql_arg, run->count);
    size_t n = 0;
    for (size_t i = 0; i < run->count; i++)
        if (is_any(&run->events[i], types))
            keys[n++] = sql_i(run->events[i].subject_id);
    return sql_list_distinct(run->ctx, stmt, keys, n, ret);
}

static struct map *by_first(struct ctx *ctx, const struct sql_rows *rows)
{
    struct map *map = map_open(ctx->arena, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        size_t *at = arena_array(ctx->arena, size_t, 1);
        *at = i;
        map_set(map, (struct map_key){.a = sql_int(rows, i, 0)}, at);
    }
    return map;
}

static const size_t *find(const struct map *map, int64_t id)
{
    return map_find(map, (struct map_key){.a = id});
}

/* Ours: what does not parse names nothing. */
static struct json_in *data_of(struct ctx *ctx, const struct event *event)
{
    struct json_in *in = NULL;
    if (json_parse(ctx, event->data, &in) != OK)
        err_clear(ctx);
    return in;
}

static str text_of(struct ctx *ctx, struct json_in *in, const char *key)
{
    str text = STR_NONE;
    if (in && json_opt_str(in, key, 0, SIZE_MAX, &text) != OK)
        err_clear(ctx);
    return text;
}

static int64_t id_of(struct ctx *ctx, struct json_in *in, const char *key,
                     const char *prefix)
{
    int64_t id = 0;
    if (in && json_opt_id(in, key, prefix, &id) != OK)
        err_clear(ctx);
    return id;
}

/* ---- orders: placed, cancelled, and money given back ---- */

static const char *const placed[] = {"order.placed", "order.imported", NULL};
static const char *const cancelled[] = {"order.cancelled", NULL};
static const char *const refunded[] = {"refund.succeeded", NULL};

enum {
    O_ID,
    O_CHANNEL,
    O_CURRENCY,
    O_PLACED,
    O_TOTAL,
    O_DISCOUNT,
    O_SHIPPING,
    O_TAX,
    O_COUNTRY
};

static int64_t order_of(struct run *run, const struct event *event)
{
    if (is_any(event, placed) || is_any(event, cancelled))
        return event->subject_id;
    if (is_any(event, refunded))
        return id_of(run->ctx, data_of(run->ctx, event), "order", "ord");
    return 0;
}

static err_t read_orders(struct run *run, int64_t **ret_of,
                         struct sql_rows *ret, struct map **ret_map)
{
    enum { PARAMS = 2 };
    struct arena *arena = run->ctx->arena;
    struct sql_arg *args =
        arena_array(arena, struct sql_arg, run->count * PARAMS);
    struct map *seen = map_open(arena, run->count);
    size_t n = 0;
    *ret_of = arena_array(arena, int64_t, run->count);
    for (size_t i = 0; i < run->count; i++) {
        int64_t id = (*ret_of)[i] = order_of(run, &run->events[i]);
        struct map_key key = {.a = id};
        if (id == 0 || map_find(seen, key))
            continue;
        map_set(seen, key, args);
        args[n++] = sql_i(id_bucket(id));
        args[n++] = sql_i(id);
    }
    *ret = (struct sql_rows){0};
    if (n > 0)
        TRY(sql_list_many(run->ctx, SQL_REPORT_ORDER, args, PARAMS, n / PARAMS,
                          ret));
    *ret_map = by_first(run->ctx, ret);
    return OK;
}

static void put_charge(struct run *run, struct report_cell cell,
                       enum report_fact fact, int64_t amount)
{
    cell.fact = fact;
    cell.sum = (struct report_sum){.n = 1, .amount = amount};
    if (amount > 0)
        put(run, &cell);
}

/* The units of each order, by its row. */
static int64_t *put_lines(struct run *run, const struct sql_rows *orders,
                          const struct map *by_id, const struct sql_rows *lines)
{
    int64_t *units = arena_array(run->ctx->arena, int64_t, orders->count);
    for (size_t i = 0; i < orders->count; i++)
        units[i] = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const size_t *at = find(by_id, sql_int(lines, i, 0));
        if (!at)
            continue;
        struct report_cell cell = {
            .fact = FACT_SKU,
            .quarter_at = sql_int(orders, *at, O_PLACED),
            .of = sql_int(orders, *at, O_CHANNEL),
            .part = sql_str(lines, i, 1),
            .currency = sql_str(orders, *at, O_CURRENCY),
            .sum = {1, sql_int(lines, i, 2), sql_int(lines, i, 3)},
        };
        units[*at] += cell.sum.units;
        put(run, &cell);
    }
    return units;
}

static void put_placed(struct run *run, const struct sql_rows *rows, size_t at,
                       int64_t units)
{
    struct report_cell cell = {
        .fact = FACT_ORDER,
        .quarter_at = sql_int(rows, at, O_PLACED),
        .of = sql_int(rows, at, O_CHANNEL),
        .part = sql_str(rows, at, O_COUNTRY),
        .currency = sql_str(rows, at, O_CURRENCY),
        .sum = {1, units, sql_int(rows, at, O_TOTAL)},
    };
    put(run, &cell);
    put_charge(run, cell, FACT_DISCOUNT, sql_int(rows, at, O_DISCOUNT));
    put_charge(run, cell, FACT_SHIPPING, sql_int(rows, at, O_SHIPPING));
    put_charge(run, cell, FACT_TAX, sql_int(rows, at, O_TAX));
}

/* What was taken from an order: cancelled whole, or money given back. */
static void put_taken(struct run *run, const struct event *event,
                      const struct sql_rows *rows, size_t at)
{
    struct ctx *ctx = run->ctx;
    struct json_in *data = data_of(ctx, event), *amount = NULL;
    struct report_cell cell = {
        .fact = FACT_CANCEL,
        .quarter_at = event->at,
        .of = sql_int(rows, at, O_CHANNEL),
        .part = text_of(ctx, data, "reason"),
        .currency = sql_str(rows, at, O_CURRENCY),
        .sum = {.n = 1, .amount = sql_int(rows, at, O_TOTAL)},
    };
    if (is_any(event, refunded)) {
        cell.fact = FACT_REFUND;
        cell.sum.amount = 0;
        if (!data || json_opt_object(data, "amount", &amount) != OK ||
            !amount ||
            json_opt_i64(amount, "amount", 0, INT64_MAX, &cell.sum.amount) !=
                OK)
            err_clear(ctx);
    }
    put(run, &cell);
}

static err_t add_orders(struct run *run)
{
    struct sql_rows rows, lines;
    struct map *by_id;
    int64_t *of;
    TRY(read_orders(run, &of, &rows, &by_id));
    TRY(rows_of(run, placed, SQL_REPORT_LINE, &lines));
    const int64_t *units = put_lines(run, &rows, by_id, &lines);
    for (size_t i = 0; i < run->count; i++) {
        const size_t *at = of[i] ? find(by_id, of[i]) : NULL;
        if (at && is_any(&run->events[i], placed))
            put_placed(run, &rows, *at, units[*at]);
        else if (at)
            put_taken(run, &run->events[i], &rows, *at);
    }
    return OK;
}

/* ---- returns ---- */

static const char *const opened[] = {"return.opened", NULL};

static err_t add_returns(struct run *run)
{
    struct sql_rows rows;
    TRY(rows_of(run, opened, SQL_REPORT_RETURN, &rows));
    struct map *told = map_open(run->ctx->arena, run->count);
    utc_ms *at = arena_array(run->ctx->arena, utc_ms, run->count);
    for (size_t i = 0; i < run->count; i++) {
        at[i] = run->events[i].at;
        if (is_any(&run->events[i], opened))
            map_set(told, (struct map_key){.a = run->events[i].subject_id},
                    &at[i]);
    }
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0)};
        const utc_ms *when = map_find(told, key);
        struct report_cell cell = {
            .fact = FACT_RETURN,
            .quarter_at = *when,
            .of = sql_int(&rows, i, 1),
            .part = sql_str(&rows, i, 2),
            .sum = {1, sql_int(&rows, i, 3), 0}
        };
        put(run, &cell);
    }
    return OK;
}

/* ---- how long things take ---- */

static const char *const shipped_fos[] = {"fulfillment_order.shipped", NULL};

/* Between two moments; nothing where one of them was not. */
static void put_stage(struct run *run, const char *stage, int64_t location,
                      utc_ms from, utc_ms until)
{
    struct report_cell cell = {
        .fact = FACT_STAGE,
        .quarter_at = until,
        .of = location,
        .part = str_from_cstr(stage),
        .sum = {.n = 1, .amount = until - from}
    };
    if (from > 0 && until >= from)
        put(run, &cell);
}

static err_t add_stages(struct run *run)
{
    enum { ID, LOCATION, PLACED, OPENED, STARTED, PICKED, PACKED };
    struct sql_rows rows;
    TRY(rows_of(run, shipped_fos, SQL_REPORT_STAGES, &rows));
    struct map *by_id = by_first(run->ctx, &rows);
    for (size_t i = 0; i < run->count; i++) {
        const struct event *event = &run->events[i];
        const size_t *at =
            is_any(event, shipped_fos) ? find(by_id, event->subject_id) : NULL;
        /* Sent in parts, it is over with the last of them. */
        if (!at || !str_equal_cstr(
                       text_of(run->ctx, data_of(run->ctx, event), "status"),
                       "closed"))
            continue;
        int64_t where = sql_int(&rows, *at, LOCATION);
        utc_ms started = sql_int(&rows, *at, STARTED);
        utc_ms picked = sql_int(&rows, *at, PICKED);
        utc_ms packed = sql_int(&rows, *at, PACKED);
        put_stage(run, "route", where, sql_int(&rows, *at, PLACED),
                  sql_int(&rows, *at, OPENED));
        put_stage(run, "wait", where, sql_int(&rows, *at, OPENED), started);
        put_stage(run, "pick", where, started, picked);
        put_stage(run, "pack", where, picked, packed);
        put_stage(run, "hand_over", where, packed, event->at);
        put_stage(run, "place_to_ship", where, sql_int(&rows, *at, PLACED),
                  event->at);
    }
    return OK;
}

/* ---- parcels ---- */

static const char *const shipped[] = {"package.shipped", NULL};
static const char *const delivered[] = {"package.delivered", NULL};
static const char *const moved[] = {"package.shipped", "package.delivered",
                                    NULL};
enum {
    P_ID,
    P_LOCATION,
    P_CHANNEL,
    P_CARRIER,
    P_SERVICE,
    P_GRAMS,
    P_CURRENCY,
    P_COST,
    P_SHIPPED,
    P_DELIVERED,
    P_PROMISE,
    P_PLACED,
    P_RANK
};

static void put_shipped(struct run *run, const struct sql_rows *rows, size_t at,
                        str way)
{
    int64_t rank = sql_int(rows, at, P_RANK);
    struct report_cell cell = {
        .fact = FACT_PARCEL,
        .quarter_at = sql_int(rows, at, P_SHIPPED),
        .of = sql_int(rows, at, P_LOCATION),
        .part = way,
        .currency = sql_str(rows, at, P_CURRENCY),
        .sum = {1, sql_int(rows, at, P_GRAMS), sql_int(rows, at, P_COST)},
    };
    put(run, &cell);
    cell = (struct report_cell){
        .fact = FACT_SPLIT,
        .quarter_at = cell.quarter_at,
        .of = sql_int(rows, at, P_CHANNEL),
        .sum = {rank == 1, rank == 2, 1}
    };
    put(run, &cell);
}

static void put_delivered(struct run *run, const struct sql_rows *rows,
                          size_t at, str way)
{
    utc_ms when = sql_int(rows, at, P_DELIVERED);
    utc_ms promise = sql_int(rows, at, P_PROMISE);
    int64_t where = sql_int(rows, at, P_LOCATION);
    bool is_late = when > promise;
    struct report_cell cell = {
        .fact = FACT_DELIVERY,
        .quarter_at = when,
        .of = where,
        .part = way,
        .sum = {1, is_late, is_late ? when - promise : 0},
    };
    if (when == 0)
        return;
    if (promise > 0)
        put(run, &cell);
    put_stage(run, "carry", where, sql_int(rows, at, P_SHIPPED), when);
    put_stage(run, "place_to_door", where, sql_int(rows, at, P_PLACED), when);
}

static err_t add_parcels(struct run *run)
{
    struct sql_rows rows;
    TRY(rows_of(run, moved, SQL_REPORT_PARCEL, &rows));
    struct map *by_id = by_first(run->ctx, &rows);
    for (size_t i = 0; i < run->count; i++) {
        const struct event *event = &run->events[i];
        const size_t *at =
            is_any(event, moved) ? find(by_id, event->subject_id) : NULL;
        if (!at)
            continue;
        str way = str_printf(run->ctx->arena, "%.*s %.*s",
                             STR_ARG(sql_str(&rows, *at, P_CARRIER)),
                             STR_ARG(sql_str(&rows, *at, P_SERVICE)));
        if (is_any(event, shipped))
            put_shipped(run, &rows, *at, str_trim(way));
        if (is_any(event, delivered))
            put_delivered(run, &rows, *at, str_trim(way));
    }
    return OK;
}

/* ---- what went wrong ---- */

static const struct {
    const char *type, *name;
} troubles[] = {
    {"fulfillment_order.short",    "short_pick"       },
    {"fulfillment_order.rejected", "rejected"         },
    {"package.label_refused",      "label_refused"    },
    {"package.exception",          "carrier_exception"},
    {"package.lost",               "lost"             },
    {"package.return_to_sender",   "return_to_sender" },
    {"pickup.expired",             "pickup_expired"   },
    {"order.promise_missed",       "promise_missed"   },
    {"payment.failed",             "payment_failed"   },
};

static void add_troubles(struct run *run)
{
    struct ctx *ctx = run->ctx;
    for (size_t i = 0; i < run->count; i++)
        for (size_t t = 0; t < COUNT_OF(troubles); t++) {
            const struct event *event = &run->events[i];
            if (!str_equal_cstr(event->type, troubles[t].type))
                continue;
            struct json_in *data = data_of(ctx, event);
            int64_t where = id_of(ctx, data, "location", "loc");
            struct report_cell cell = {
                .fact = FACT_TROUBLE,
                .quarter_at = event->at,
                .of = where ? where : id_of(ctx, data, "location_id", "loc"),
                .part = str_from_cstr(troubles[t].name),
                .sum = {.n = 1},
            };
            put(run, &cell);
        }
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct run run = {.ctx = ctx, .events = events, .count = count};
    run.by_key = map_open(ctx->arena, count);
    TRY(add_orders(&run));
    TRY(add_returns(&run));
    TRY(add_stages(&run));
    TRY(add_parcels(&run));
    add_troubles(&run);
    struct report_cell *cells =
        arena_array(ctx->arena, struct report_cell, run.cells);
    size_t n = 0;
    for (const struct node *node = run.first; node; node = node->next)
        cells[n++] = node->cell;
    return report_sums_add(ctx, cells, n);
}

static const struct event_consumer consumers[] = {
    {.name = REPORT_CONSUMER, .consume = consume},
};
const struct event_list analytics_events = {consumers, COUNT_OF(consumers)};
