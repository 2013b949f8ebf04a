/* customer_orders.c - whose an order is, and what a customer's come to.
 *
 * The link of an order is made once and moves only with a merge. Values change
 * by the difference between a link's row and the order as it is now.
 */
#include "oms/customer/customer_orders.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

/* What the orders of one customer in one currency come to. */
struct value {
    int64_t customer;
    str currency;
    int64_t orders, total;
    utc_ms last_at;
};

struct run {
    struct ctx *ctx;
    struct customer_order *at;
    size_t count;
    const bool *was_counted; /* Of each, by its link; false without one. */
    const bool *is_linked;
    struct map *by_customer; /* (customer, currency) -> struct value */
    struct value *values;
    size_t value_count;
};

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* Sums past 63 bits stay at the end: they must not stop the log. */
static void add(struct value *value, int64_t orders, int64_t total,
                utc_ms last_at)
{
    value->orders += orders;
    if (!i64_add(value->total, total, &value->total))
        value->total = total > 0 ? INT64_MAX : 0;
    if (last_at > value->last_at)
        value->last_at = last_at;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Fills customer from the links there are. Their rows are locked, so that no
 * merge moves them meanwhile. */
static err_t read_links(struct run *run, bool *is_linked, bool *was_counted)
{
    struct ctx *ctx = run->ctx;
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, run->count);
    struct map *by_order = map_open(ctx->arena, run->count);
    for (size_t i = 0; i < run->count; i++) {
        ids[i] = sql_i(run->at[i].order.v);
        map_set(by_order, id_key(run->at[i].order.v), &run->at[i]);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_CUSTOMER_ORDER_FIND, ids, 1, run->count, &rows));
    int64_t *owners = arena_array(ctx->arena, int64_t, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        struct customer_order *order =
            map_find(by_order, id_key(sql_int(&rows, i, 0)));
        ASSERT(order);
        order->customer.v = owners[i] = sql_int(&rows, i, 1);
        is_linked[order - run->at] = true;
        was_counted[order - run->at] = sql_int(&rows, i, 2) != 0;
    }
    qsort(owners, rows.count, sizeof(*owners), by_number);
    size_t distinct = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (i == 0 || owners[i] != owners[i - 1])
            owners[distinct++] = owners[i];
    struct customer *locked = NULL;
    size_t count;
    TRY(customer_lock_many(ctx, owners, distinct, &locked, &count));
    for (size_t i = 0; i < count; i++)
        if (locked[i].merged_into.v)
            return ERR_RETRY; /* Merged meanwhile: read the links again. */
    return OK;
}

static err_t match_rest(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct customer_match *matches =
        arena_array(ctx->arena, struct customer_match, run->count);
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++)
        if (!run->is_linked[i])
            matches[count++].seen = run->at[i].seen;
    TRY(customer_match_many(ctx, matches, count));
    count = 0;
    for (size_t i = 0; i < run->count; i++)
        if (!run->is_linked[i])
            run->at[i].customer = matches[count++].id;
    return OK;
}

static bool is_moved(const struct run *run, size_t i)
{
    return run->at[i].customer.v &&
           (!run->is_linked[i] || run->was_counted[i] != run->at[i].is_counted);
}

static err_t save_links(struct run *run)
{
    enum { PARAMS = 6 };
    struct sql_arg *args =
        arena_array(run->ctx->arena, struct sql_arg, run->count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < run->count; i++) {
        const struct customer_order *order = &run->at[i];
        if (!is_moved(run, i))
            continue;
        *to++ = sql_i(order->order.v);
        *to++ = sql_i(order->customer.v);
        *to++ = sql_s(str_from_cstr(order->currency));
        *to++ = sql_i(order->total);
        *to++ = sql_i(order->placed_at);
        *to++ = sql_i(order->is_counted);
    }
    return sql_run_many(run->ctx, SQL_CUSTOMER_ORDER_SAVE, args, PARAMS,
                        (size_t)(to - args) / PARAMS, NULL);
}

/* ---- values ---- */

static struct value *value_of(struct run *run, int64_t customer, str currency)
{
    struct map_key key = {.a = customer, .s = currency};
    struct value *value = map_find(run->by_customer, key);
    if (!value) {
        value = &run->values[run->value_count++];
        *value = (struct value){customer, currency, 0, 0, INT64_MIN};
        map_set(run->by_customer, key, value);
    }
    return value;
}

static void move_values(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct customer_order *order = &run->at[i];
        if (!is_moved(run, i))
            continue;
        int sign = order->is_counted ? 1 : run->was_counted[i] ? -1 : 0;
        add(value_of(run, order->customer.v, str_from_cstr(order->currency)),
            sign, sign * order->total, order->placed_at);
    }
}

/* Adds what the store has of the same customers and currencies. */
static err_t add_stored(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct sql_arg *ids =
        arena_array(ctx->arena, struct sql_arg, run->value_count);
    for (size_t i = 0; i < run->value_count; i++)
        ids[i] = sql_i(run->values[i].customer);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_CUSTOMER_VALUE_LIST, ids, run->value_count,
                          &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0),
                              .s = sql_str(&rows, i, 1)};
        struct value *value = map_find(run->by_customer, key);
        if (value)
            add(value, sql_int(&rows, i, 2), sql_int(&rows, i, 3),
                sql_int(&rows, i, 4));
    }
    return OK;
}

static err_t save_values(struct ctx *ctx, const struct value *values,
                         size_t count)
{
    enum { PARAMS = 5 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < count; i++) {
        ASSERT(values[i].orders >= 0);
        *to++ = sql_i(values[i].customer);
        *to++ = sql_s(values[i].currency);
        *to++ = sql_i(values[i].orders);
        *to++ = sql_i(values[i].total);
        *to++ = sql_i(values[i].last_at);
    }
    return sql_run_many(ctx, SQL_CUSTOMER_VALUE_SAVE, args, PARAMS, count,
                        NULL);
}

err_t customer_keep_orders(struct ctx *ctx, struct customer_order *at,
                           size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct run run = {.ctx = ctx, .at = at, .count = count};
    bool *is_linked = arena_array(ctx->arena, bool, count);
    bool *was_counted = arena_array(ctx->arena, bool, count);
    run.is_linked = is_linked;
    run.was_counted = was_counted;
    run.by_customer = map_open(ctx->arena, count);
    run.values = arena_array(ctx->arena, struct value, count);
    for (size_t i = 0; i < count; i++)
        at[i].customer.v = 0;
    TRY(read_links(&run, is_linked, was_counted));
    TRY(match_rest(&run));
    TRY(save_links(&run));
    move_values(&run);
    TRY(add_stored(&run));
    return save_values(ctx, run.values, run.value_count);
}

/* ---- merging ---- */

err_t customer_orders_move(struct ctx *ctx, customer_id to, customer_id from)
{
    struct sql_rows rows;
    struct run run = {.ctx = ctx, .by_customer = map_open(ctx->arena, 16)};
    struct sql_arg loser[] = {sql_i(from.v)};
    struct sql_arg both[] = {sql_i(to.v), sql_i(from.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_VALUE_LIST, loser, 1, &rows));
    run.values = arena_array(ctx->arena, struct value, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        add(value_of(&run, to.v, sql_str(&rows, i, 1)), sql_int(&rows, i, 2),
            sql_int(&rows, i, 3), sql_int(&rows, i, 4));
    TRY(add_stored(&run));
    TRY(save_values(ctx, run.values, run.value_count));
    TRY(sql_run(ctx, SQL_CUSTOMER_VALUE_CLEAR, loser, 1, NULL));
    return sql_run(ctx, SQL_CUSTOMER_ORDER_MOVE, both, COUNT_OF(both), NULL);
}

err_t customer_of_order(struct ctx *ctx, order_id order, customer_id *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_ORDER_FIND, args, 1, &rows));
    ret->v = rows.count > 0 ? sql_int(&rows, 0, 1) : 0;
    if (ret->v == 0)
        return fail_as(ctx, ERR_INVALID, "customer_unknown", "customer_id",
                       "the order has no customer; name one");
    return OK;
}
