/* fulfillment_closure.c - a location that closed: what waits there goes
 * elsewhere.
 *
 * The consumer notes locations that are no longer active; the timer works the
 * note off, some fulfillment orders a turn. What has begun is left to the
 * people who are at it, what somebody else was asked to do to them; what a
 * person had put there is held for a person.
 */
#include "oms/fulfillment/fulfillment_closure.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_closure_sql.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_work.h"
#include "store/event.h"
#include "store/sql.h"

enum { CLOSURES = 10, ORDERS = 20 };

err_t fulfillment_note_closures(struct ctx *ctx, const struct event *events,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct location place;
        location_id id = {events[i].subject_id};
        if (!str_equal_cstr(events[i].type, "location.changed"))
            continue;
        TRY(location_get(ctx, id, &place));
        struct sql_arg args[] = {sql_i(id.v)};
        if (!place.is_active)
            TRY(sql_run(ctx, SQL_FULFILLMENT_CLOSURE_ADD, args, 1, NULL));
    }
    return OK;
}

static err_t hold(struct ctx *ctx, struct fulfillment_work *work)
{
    struct fulfillment_outcome outcome = {.reason = "location_closed"};
    if (!fulfillment_next(work->fo->status, FULFILLMENT_EVENT_HOLD))
        return OK;
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_HOLD));
    work->fo->hold_reason = STR(FULFILLMENT_SHUT);
    fulfillment_touch(work->fo, "fulfillment_order.held");
    return fulfillment_done(ctx, work, &outcome, NULL);
}

static err_t leave(struct ctx *ctx, fulfillment_order_id id)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.reason = "location_closed"};
    TRY(fulfillment_lock(ctx, id, &work));
    if (!fulfillment_next(work.fo->status, FULFILLMENT_EVENT_EDIT) ||
        fulfillment_is_elsewhere(work.fo))
        return OK;
    if (work.fo->is_sticky)
        return hold(ctx, &work);
    fulfillment_touch(work.fo, "fulfillment_order.rerouted");
    return fulfillment_leave(ctx, &work, &outcome);
}

/* One page of a location; *ret_is_more tells whether there may be another. */
static err_t work_off(struct ctx *ctx, location_id at, int64_t after,
                      bool *ret_is_more)
{
    struct location place;
    struct sql_arg page[] = {sql_i(at.v), sql_i(after), sql_i(ORDERS)};
    struct sql_rows rows = {0};
    TRY(location_get(ctx, at, &place));
    if (!place.is_active)
        TRY(sql_list(ctx, SQL_FULFILLMENT_WAITING_AT, page, COUNT_OF(page),
                     &rows));
    for (size_t i = 0; i < rows.count; i++) {
        after = sql_int(&rows, i, 0);
        TRY(leave(ctx, (fulfillment_order_id){after}));
    }
    struct sql_arg save[] = {sql_i(after), sql_i(at.v)};
    if (rows.count < ORDERS)
        return sql_run(ctx, SQL_FULFILLMENT_CLOSURE_END, &save[1], 1, NULL);
    *ret_is_more = true;
    return sql_run(ctx, SQL_FULFILLMENT_CLOSURE_SAVE, save, COUNT_OF(save),
                   NULL);
}

err_t fulfillment_work_closures(struct ctx *ctx, bool *ret_is_more)
{
    struct sql_arg args[] = {sql_i(CLOSURES)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FULFILLMENT_CLOSURE_LIST, args, 1, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(work_off(ctx, (location_id){sql_int(&rows, i, 0)},
                     sql_int(&rows, i, 1), ret_is_more));
    return OK;
}
