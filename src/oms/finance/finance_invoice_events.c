/* finance_invoice_events.c - the consumer that issues what the rules say.
 *
 * Events only say which orders to look at. What is due is the difference of
 * what an order is worth and what was billed of it, so an event handled twice
 * bills nothing twice.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"
#include "oms/finance/invoice_sql.h"
#include "store/event.h"
#include "store/sql.h"

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* What is told of an order and changes nothing of it: a rule made later does
 * not bill it for that. */
static bool is_only_told(const struct event *event)
{
    static const char *const types[] = {
        "order.promise_changed", "order.promise_missed", "order.tagged",
        "order.prioritized", "order.tracking_revoked"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_equal_cstr(event->type, types[i]))
            return true;
    return false;
}

/* Orders that the events changed, each once, in order of id. */
static size_t orders_of(const struct event *events, size_t count, int64_t *ret)
{
    size_t n = 0, distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(events[i].subject_kind, "order") &&
            !is_only_told(&events[i]))
            ret[n++] = events[i].subject_id;
    if (n > 1)
        qsort(ret, n, sizeof *ret, by_value);
    for (size_t i = 0; i < n; i++)
        if (distinct == 0 || ret[distinct - 1] != ret[i])
            ret[distinct++] = ret[i];
    return distinct;
}

static const struct invoice_rule *rule_of(const struct invoice_rule *rules,
                                          size_t count, int64_t channel)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].channel.v == channel)
            return &rules[i];
    return NULL;
}

static err_t channels_of(struct ctx *ctx, const int64_t *ids, size_t count,
                         struct sql_rows *ret)
{
    enum { PARAMS = 2 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id_bucket(ids[i]));
        args[i * PARAMS + 1] = sql_i(ids[i]);
    }
    return sql_list_many(ctx, SQL_INVOICE_ORDER_CHANNEL, args, PARAMS, count,
                         ret);
}

struct due {
    int64_t order;
    const struct invoice_rule *rule;
};

static int by_order(const void *a, const void *b)
{
    return by_value(&((const struct due *)a)->order,
                    &((const struct due *)b)->order);
}

/* Orders are locked in order of id, and all of them before the first number is
 * taken: two writers never wait for each other. */
static err_t follow_all(struct ctx *ctx, struct due *dues, size_t count)
{
    struct order *orders = arena_array(ctx->arena, struct order, count);
    if (count > 1)
        qsort(dues, count, sizeof *dues, by_order);
    for (size_t i = 0; i < count; i++)
        TRY(order_lock(ctx, (order_id){dues[i].order}, &orders[i]));
    for (size_t i = 0; i < count; i++)
        TRY(invoice_follow(ctx, &orders[i], dues[i].rule));
    return OK;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct invoice_rule *rules;
    struct sql_rows rows;
    size_t rule_count, n;
    int64_t *ids = arena_array(ctx->arena, int64_t, count);
    TRY(invoice_rules_all(ctx, &rules, &rule_count));
    n = rule_count > 0 ? orders_of(events, count, ids) : 0;
    if (n == 0)
        return OK;
    TRY(channels_of(ctx, ids, n, &rows));
    struct due *dues = arena_array(ctx->arena, struct due, rows.count);
    n = 0;
    for (size_t i = 0; i < rows.count; i++) {
        dues[n].order = sql_int(&rows, i, 0);
        dues[n].rule = rule_of(rules, rule_count, sql_int(&rows, i, 1));
        if (dues[n].rule)
            n++;
    }
    return follow_all(ctx, dues, n);
}

static const struct event_consumer consumers[] = {
    {.name = "invoices", .consume = consume},
};
const struct event_list finance_events = {consumers, COUNT_OF(consumers)};
