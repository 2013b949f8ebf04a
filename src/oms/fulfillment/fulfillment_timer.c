/* fulfillment_timer.c - opens what was scheduled when its time has come,
 * empties locations that closed, and follows channels' rules of payment. */
#include "base/arena.h"
#include "oms/fulfillment/fulfillment_closure.h"
#include "oms/fulfillment/fulfillment_closure_sql.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_rule.h"
#include "oms/fulfillment/fulfillment_rule_sql.h"
#include "oms/fulfillment/fulfillment_sql.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/room.h"
#include "store/sql.h"

enum { OPEN_EVERY_MS = 1000, OPEN_MOST = 100 };

static err_t open_due(struct ctx *ctx, fulfillment_order_id id)
{
    struct fulfillment_work work;
    struct fulfillment_end end = {.type = NULL};
    TRY(fulfillment_lock(ctx, id, &work));
    if (work.fo->status != FULFILLMENT_SCHEDULED ||
        work.fo->fulfil_at > ctx->now)
        return OK;
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_OPEN));
    TRY(fulfillment_lay_down(ctx, &work));
    fulfillment_touch(work.fo, "fulfillment_order.opened");
    return fulfillment_finish(ctx, &work, &end);
}

static err_t open_all(struct ctx *ctx, bool *ret_is_more)
{
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(OPEN_MOST)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_DUE, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(open_due(ctx, (fulfillment_order_id){sql_int(&rows, i, 0)}));
    *ret_is_more = rows.count == OPEN_MOST;
    return OK;
}

static err_t next_due(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_NEXT_DUE, NULL, 0, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

enum { CLOSE_EVERY_MS = 1000 };

static err_t next_closure(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_CLOSURE_ANY, NULL, 0, &rows));
    *ret = rows.count > 0 ? ctx->now : 0;
    return OK;
}

static err_t next_rule(struct ctx *ctx, utc_ms *ret)
{
    struct sql_arg args[] = {sql_i(0), sql_i(1)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_RULE_DUE, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0 ? ctx->now : 0;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "fulfillment",
     .period_ms = OPEN_EVERY_MS,
     .run = open_all,
     .next_at = next_due    },
    {.name = "closures",
     .period_ms = CLOSE_EVERY_MS,
     .run = fulfillment_work_closures,
     .next_at = next_closure},
    {.name = "payment_rules",
     .period_ms = CLOSE_EVERY_MS,
     .run = fulfillment_work_rules,
     .next_at = next_rule   },
};
const struct timer_list fulfillment_timers = {timers, COUNT_OF(timers)};
