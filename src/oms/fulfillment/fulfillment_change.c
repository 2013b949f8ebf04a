/* fulfillment_change.c - see fulfillment_change.h. */
#include "oms/fulfillment/fulfillment_change.h"

#include "base/arena.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_take.h"
#include "oms/order/order_then.h"

err_t fulfillment_change_begin(struct ctx *ctx, order_id id,
                               struct fulfillment_work *ret)
{
    struct fulfillment *at;
    *ret = (struct fulfillment_work){0};
    TRY(order_lock(ctx, id, &ret->order));
    ret->before = order_keep(ctx->arena, &ret->order);
    TRY(fulfillment_list_order(ctx, id, &at, &ret->count));
    ret->room = ret->count;
    ret->all = arena_array(ctx->arena, struct fulfillment *, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ret->all[i] = &at[i];
    return OK;
}

err_t fulfillment_change_cut(struct ctx *ctx, struct fulfillment_work *work,
                             const struct fulfillment_cut *cuts, size_t count,
                             struct fulfillment_left *ret)
{
    struct fulfillment_taking taking = {
        .order = &work->before,
        .all = work->all,
        .count = work->count,
        .stuck = arena_array(ctx->arena, int64_t, count)};
    TRY(fulfillment_take(ctx, &taking, cuts, count));
    *ret =
        (struct fulfillment_left){taking.cuts, taking.cut_count, taking.stuck};
    return OK;
}

static struct fulfillment_route route_of(const struct fulfillment_units *units,
                                         size_t count, int64_t event_id)
{
    return (struct fulfillment_route){.units = units,
                                      .count = count,
                                      .is_added = true,
                                      .reason = "order_changed",
                                      .event_id = event_id};
}

err_t fulfillment_change_ask(struct ctx *ctx, struct fulfillment_work *work,
                             const struct fulfillment_units *units,
                             size_t count, struct routing_plan *ret)
{
    struct fulfillment_route route = route_of(units, count, 0);
    return fulfillment_route_ask(ctx, work, &route, ret);
}

err_t fulfillment_change_add(struct ctx *ctx, struct fulfillment_work *work,
                             const struct fulfillment_units *units,
                             size_t count, int64_t event_id,
                             int64_t *ret_waiting)
{
    struct fulfillment_route route = route_of(units, count, event_id);
    TRY(fulfillment_reroute(ctx, work, &route));
    *ret_waiting = route.waiting;
    return OK;
}

static void tell_way(struct fulfillment *fo)
{
    fulfillment_touch(fo, "fulfillment_order.changed");
    fo->is_routed = true;
}

err_t fulfillment_change_way(struct ctx *ctx, struct fulfillment_work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        struct fulfillment *fo = work->all[i];
        if (fulfillment_is_over(fo))
            continue;
        if (fulfillment_is_elsewhere(fo))
            return fail_as(ctx, ERR_STATE, "asked_elsewhere", "actions",
                           "somebody else was asked to send a part of it: ask "
                           "for the cancellation first");
        tell_way(fo);
    }
    return OK;
}

/* Its lines, and how many of them have a day of their own. */
static err_t count_days(struct ctx *ctx, const struct order *order,
                        const struct fulfillment *fo, size_t *ret_own,
                        size_t *ret_all)
{
    *ret_own = *ret_all = 0;
    for (size_t i = 0; i < fo->line_count; i++) {
        utc_ms day;
        if (fo->lines[i].qty == 0)
            continue;
        TRY(order_line_day(ctx, &order->lines[fo->lines[i].n - 1], -1, &day));
        *ret_own += day != -1;
        ++*ret_all;
    }
    return OK;
}

err_t fulfillment_change_date(struct ctx *ctx, struct fulfillment_work *work,
                              utc_ms at)
{
    for (size_t i = 0; i < work->count; i++) {
        struct fulfillment *fo = work->all[i];
        size_t own, all;
        TRY(count_days(ctx, &work->order, fo, &own, &all));
        if (fulfillment_is_over(fo) || (own > 0 && own == all))
            continue;
        if (own > 0)
            return fail_as(ctx, ERR_STATE, "line_has_its_day", "actions",
                           "a part of the order also holds a line with a day "
                           "of its own: split it first");
        if (fo->status != FULFILLMENT_SCHEDULED)
            return fail_as(ctx, ERR_STATE, "already_released", "actions",
                           "a part of the order is %s already; hold it instead",
                           fulfillment_status_name(fo->status));
        fo->fulfil_at = at;
        tell_way(fo);
    }
    return OK;
}

err_t fulfillment_change_leave(struct ctx *ctx, struct fulfillment_work *work)
{
    struct fulfillment_leave leave;
    TRY(order_allocations_read(ctx, &work->order));
    TRY(fulfillment_cover(ctx, work));
    TRY(fulfillment_leave_ask(ctx, &work->order, &leave));
    return fulfillment_gate(ctx, work, &leave, false);
}

err_t fulfillment_change_save(struct ctx *ctx, struct fulfillment_work *work,
                              const struct order_note *note, const char *reason)
{
    struct fulfillment_saying saying = {.reason = reason};
    work->order.fulfil_flags = fulfillment_flags(work->all, work->count);
    TRY(order_note(ctx, &work->before, &work->order, note));
    return fulfillment_save_many(ctx, work->all, work->count, &saying);
}
