/* order_erase.c - what orders say of a person, taken out of them. */
#include "oms/order/order_erase.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/order/order_erase_sql.h"
#include "oms/order/order_people.h"
#include "oms/order/order_search.h"
#include "store/event.h"
#include "store/sql.h"

enum { STEP_EVENTS = 1000, STEPS_MAX = 20, PAGE = 500 };

/* A consumer's cursor is locked by its step: one that has read an order has
 * written what it made of it before we go on, and the next waits for us. Orders
 * that the log does not show yet, since an older transaction runs somewhere on
 * the server, are matched ahead of their turn. */
err_t order_people_catch_up(struct ctx *ctx)
{
    size_t count = 1;
    for (size_t i = 0; i < order_events.count; i++)
        TRY(event_step(ctx, &order_events.at[i], 1, &count));
    static const struct event_consumer people = {
        .name = ORDER_PEOPLE_CONSUMER, .consume = order_people_consume};
    struct event_cursor at;
    int steps = 0;
    for (; steps < STEPS_MAX && count > 0; steps++)
        TRY(event_step(ctx, &people, STEP_EVENTS, &count));
    TRY(event_cursor_of(ctx, people.name, &at));
    for (count = 1; steps < STEPS_MAX && count > 0; steps++)
        TRY(event_step_ahead(ctx, &people, &at, STEP_EVENTS, &count));
    if (count == 0)
        return OK;
    return fail(
        ctx, ERR_BUSY, "",
        "more orders wait for their customers than fit into an erasure");
}

err_t order_count_open(struct ctx *ctx, const order_id *ids, size_t count,
                       size_t *ret_count, order_id *ret_first)
{
    enum { PARAMS = 2 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id_bucket(ids[i].v));
        args[i * PARAMS + 1] = sql_i(ids[i].v);
    }
    struct sql_rows rows = {0};
    if (count > 0)
        TRY(sql_list_many(ctx, SQL_ORDER_OPEN_LIST, args, PARAMS, count,
                          &rows));
    *ret_count = rows.count;
    if (rows.count > 0)
        ret_first->v = sql_int(&rows, 0, 0);
    return OK;
}

static err_t erase_one(struct ctx *ctx, order_id id)
{
    struct sql_rows rows;
    struct sql_arg doc[] = {sql_i(ctx->now), sql_i(id_bucket(id.v)),
                            sql_i(id.v)};
    struct sql_arg lines[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    struct sql_arg list[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_ORDER_DOC_ERASE, doc, COUNT_OF(doc), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "", "order %lld is gone",
                    (long long)id.v);
    TRY(sql_run(ctx, SQL_ORDER_LINE_DOC_ERASE, lines, COUNT_OF(lines), NULL));
    TRY(sql_run(ctx, SQL_ORDER_LIST_ERASE, list, COUNT_OF(list), NULL));
    str data = str_printf(ctx->arena, "{\"version\":%lld}",
                          (long long)sql_int(&rows, 0, 0));
    return event_add(ctx, "order.erased", "order", id.v, data, NULL);
}

/* Now, not by the consumer later: the words are the person's data, too. */
static err_t erase_words(struct ctx *ctx, const order_id *ids, size_t count)
{
    struct order_contact *contacts = NULL;
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){.subject_kind = STR("order"),
                                   .subject_id = ids[i].v};
    TRY(order_contact_list(ctx, events, count, &contacts, &count));
    return count > 0 ? order_search_keep(ctx, contacts, count) : OK;
}

err_t order_erase_many(struct ctx *ctx, const order_id *ids, size_t count)
{
    ASSERT(ctx->tx != NULL);
    for (size_t at = 0; at < count; at += PAGE) {
        size_t n = count - at < PAGE ? count - at : PAGE;
        struct arena_mark mark = arena_mark(ctx->arena);
        for (size_t i = 0; i < n; i++)
            TRY(erase_one(ctx, ids[at + i]));
        TRY(erase_words(ctx, ids + at, n));
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}
