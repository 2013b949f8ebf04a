/* fulfillment_rule.c - a channel asks for other payments before anything
 * leaves: all its confirmed orders are looked at again.
 *
 * The consumer notes the channel; the timer works the note off, some orders a
 * turn, once the list of orders has come as far as the change. What is placed
 * later is looked at by the new rule anyhow.
 */
#include "oms/fulfillment/fulfillment_rule.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_rule_sql.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_due.h"
#include "store/event.h"
#include "store/sql.h"

enum { CHANNELS = 10, ORDERS = 100 };

/* Most changes of a channel leave its rule as it is. */
static err_t note(struct ctx *ctx, const struct event *event)
{
    int64_t release;
    struct sql_rows rows;
    struct json_in *in;
    TRY(json_parse(ctx, event->data, &in));
    if (!json_has(in, "payment_release"))
        return OK;
    struct sql_arg args[] = {sql_i(event->subject_id), sql_i(0),
                             sql_i(event->id)};
    TRY(order_release_get(ctx, (channel_id){event->subject_id}, &release));
    TRY(sql_list(ctx, SQL_FULFILLMENT_RULE_FIND, args, 1, &rows));
    if (rows.count > 0 && sql_int(&rows, 0, 0) == release)
        return OK;
    args[1] = sql_i(release);
    return sql_run(ctx, SQL_FULFILLMENT_RULE_SAVE, args, COUNT_OF(args), NULL);
}

err_t fulfillment_note_rules(struct ctx *ctx, const struct event *events,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(events[i].type, "channel.changed"))
            TRY(note(ctx, &events[i]));
    return OK;
}

/* One page of a channel. */
static err_t work_off(struct ctx *ctx, const struct sql_rows *due, size_t at,
                      bool *ret_is_more)
{
    channel_id channel = {sql_int(due, at, 0)};
    struct order_page page = {.channel = channel,
                              .event_id = sql_int(due, at, 1),
                              .after = {sql_int(due, at, 2)},
                              .limit = ORDERS};
    order_id *ids;
    size_t count;
    bool is_ready;
    TRY(order_due_page(ctx, &page, &ids, &count, &is_ready));
    if (!is_ready)
        return OK;
    bool is_more = count == ORDERS;
    struct sql_arg args[] = {sql_i(count > 0 ? ids[count - 1].v : page.after.v),
                             sql_i(is_more), sql_i(channel.v)};
    TRY(fulfillment_look(ctx, ids, count, NULL, 0));
    *ret_is_more |= is_more;
    return sql_run(ctx, SQL_FULFILLMENT_RULE_MOVE, args, COUNT_OF(args), NULL);
}

err_t fulfillment_work_rules(struct ctx *ctx, bool *ret_is_more)
{
    struct sql_arg args[] = {sql_i(0), sql_i(CHANNELS)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_RULE_DUE, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(work_off(ctx, &rows, i, ret_is_more));
    return OK;
}
