/* change_edit_stock.c - what becomes of units when an order is changed.
 *
 * First everything is worked out in memory (the outlook); to confirm is to
 * carry the same out. Nothing of it touches stock where no unit is added or
 * given up.
 */
#include "oms/change/change_edit_stock.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change_edit.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_edit_sql.h"
#include "oms/change/change_replace.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_then.h"
#include "store/sql.h"

static err_t check_open(struct ctx *ctx, const struct order *order)
{
    if (!order->is_history &&
        (order->status == ORDER_CONFIRMED || order->status == ORDER_COMPLETED))
        return OK;
    return fail_as(ctx, ERR_STATE, "order_not_changeable", "status",
                   "the order is %s; it is changed while it is confirmed or "
                   "completed, and not where it was over before it came",
                   order_status_name(order->status));
}

static err_t make_lines(struct ctx *ctx, struct edit *edit,
                        const struct order *order)
{
    for (size_t i = 0; i < edit->count; i++) {
        struct edit_action *action = &edit->actions[i];
        char field[40];
        snprintf(field, sizeof field, "actions[%zu].add", i);
        if (action->type == EDIT_ADD_LINE)
            TRY(order_line_make(ctx, order, &action->add, field,
                                &action->made));
    }
    return OK;
}

/* Units of an untracked line that stands somewhere stand there, too. */
static bool is_fixed(const struct order_line *line)
{
    return !line->is_tracked && line->untracked_at.v != 0 &&
           line->allocated + line->picked > 0;
}

static void part_adds(struct ctx *ctx, struct edit_outlook *look)
{
    const struct edit_plan *plan = &look->plan;
    look->fixed = arena_array(ctx->arena, struct edit_units, plan->add_count);
    look->routed = arena_array(ctx->arena, struct edit_units, plan->add_count);
    for (size_t i = 0; i < plan->add_count; i++) {
        const struct edit_units *add = &plan->adds[i];
        if (is_fixed(&plan->order->lines[add->n - 1]))
            look->fixed[look->fixed_count++] = *add;
        else
            look->routed[look->routed_count++] = *add;
    }
}

static struct fulfillment_units *units_of(struct ctx *ctx,
                                          const struct edit_outlook *look)
{
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, look->routed_count);
    for (size_t i = 0; i < look->routed_count; i++)
        units[i] = (struct fulfillment_units){.n = look->routed[i].n,
                                              .qty = look->routed[i].qty};
    return units;
}

/* What a drop shares out is not added beside it. */
static err_t check_drops(struct ctx *ctx, const struct edit_plan *plan)
{
    size_t room = 0, n = 0, count;
    struct sku *found;
    for (size_t i = 0; i < plan->add_count; i++)
        room += 1 + plan->order->lines[plan->adds[i].n - 1].part_count;
    sku_id *ids = arena_array(ctx->arena, sku_id, room);
    for (size_t i = 0; i < plan->add_count; i++) {
        const struct order_line *line =
            &plan->order->lines[plan->adds[i].n - 1];
        ids[n++] = line->sku;
        for (size_t j = 0; j < line->part_count; j++)
            ids[n++] = line->parts[j].sku;
    }
    if (n == 0)
        return OK;
    TRY(sku_list_ids(ctx, ids, n, &found, &count));
    for (size_t i = 0; i < count; i++)
        if (found[i].is_drop)
            return fail_as(ctx, ERR_INVALID, "sku_in_drop", "actions",
                           "units of %.*s are shared out by a drop",
                           STR_ARG(found[i].code));
    return OK;
}

/* What is sent for nothing is as much as was lost: more of it is replaced by a
 * command that says why. */
static err_t check_replaced(struct ctx *ctx, const struct edit_plan *plan)
{
    struct replacement *all;
    size_t count, raised = 0;
    int64_t lines = (int64_t)plan->before->line_count;
    for (size_t i = 0; i < plan->add_count; i++)
        raised += plan->adds[i].n <= lines;
    if (raised == 0)
        return OK;
    TRY(replacement_list(ctx, plan->order->id, &all, &count));
    for (size_t i = 0; i < plan->add_count; i++)
        for (size_t j = 0; j < count; j++)
            if (all[j].n == plan->adds[i].n)
                return fail_as(ctx, ERR_INVALID, "over_replaced", "actions",
                               "line %lld is sent for units of line %lld: "
                               "replace more of those, or add a line",
                               (long long)all[j].n, (long long)all[j].of);
    return OK;
}

static err_t check_labels(struct ctx *ctx, order_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_EDIT_LABELLED, args, COUNT_OF(args), &rows));
    if (rows.count > 0)
        return fail_as(ctx, ERR_STATE, "parcel_labelled", "actions",
                       "a parcel of the order has a label for where it was to "
                       "go: void it first");
    return OK;
}

static err_t check_service(struct ctx *ctx, const struct edit *edit,
                           const struct edit_outlook *look)
{
    size_t at = 0;
    char field[40];
    for (size_t i = 0; i < edit->count; i++)
        if (edit->actions[i].type == EDIT_SET_SERVICE)
            at = i;
    snprintf(field, sizeof field, "actions[%zu].service", at);
    return order_service_check(ctx, look->work.order.channel,
                               look->plan.way.service, field);
}

/* In memory: the document says where it goes and when, its FOs know. */
static err_t set_way(struct ctx *ctx, struct edit *edit,
                     struct edit_outlook *look)
{
    const struct order_way *way = &look->plan.way;
    struct fulfillment_work *work = &look->work;
    if (order_way_is_empty(way))
        return OK;
    if (way->service.len > 0)
        TRY(check_service(ctx, edit, look));
    if (way->address.len > 0 || way->service.len > 0) {
        TRY(check_labels(ctx, work->order.id));
        TRY(fulfillment_change_way(ctx, work));
    }
    if (way->fulfil_at)
        TRY(fulfillment_change_date(ctx, work, way->fulfil_at));
    return order_way_doc(ctx, &work->order, way, &work->order.doc, &edit->was);
}

static err_t save_way(struct ctx *ctx, const struct edit_outlook *look)
{
    if (order_way_is_empty(&look->plan.way))
        return OK;
    TRY(order_doc_save(ctx, &look->work.order));
    return order_promise_again(ctx, &look->work.order);
}

err_t edit_work_out(struct ctx *ctx, struct edit *edit,
                    struct edit_outlook *look)
{
    struct order *order = &look->work.order;
    struct channel channel;
    TRY(check_open(ctx, order));
    TRY(make_lines(ctx, edit, order));
    TRY(channel_get(ctx, order->channel, &channel));
    look->plan = (struct edit_plan){.order = order,
                                    .before = &look->work.before,
                                    .rounding = channel.rounding};
    TRY(edit_apply(ctx, edit, &look->plan));
    TRY(check_drops(ctx, &look->plan));
    TRY(check_replaced(ctx, &look->plan));
    TRY(edit_tax_mark(ctx, edit, order, &look->plan.way));
    TRY(set_way(ctx, edit, look));
    part_adds(ctx, look);
    if (look->plan.add_count > 0 && order->status == ORDER_COMPLETED)
        TRY(order_move(ctx, order, ORDER_EVENT_REOPEN));
    size_t count = look->plan.cut_count, n = 0;
    struct fulfillment_cut *cuts =
        arena_array(ctx->arena, struct fulfillment_cut, count);
    for (size_t i = 0; i < count; i++)
        if (look->plan.cuts[i].allocated > 0)
            cuts[n++] = (struct fulfillment_cut){
                .n = look->plan.cuts[i].n, .qty = look->plan.cuts[i].allocated};
    TRY(fulfillment_change_cut(ctx, &look->work, cuts, n, &look->left));
    for (size_t i = 0; i < n; i++)
        if (look->left.stuck[i] > 0)
            look->plan.picked[look->plan.picked_count++] =
                (struct edit_units){cuts[i].n, look->left.stuck[i]};
    return OK;
}

err_t edit_preview(struct ctx *ctx, struct edit *edit, struct edit_outlook *ret)
{
    *ret = (struct edit_outlook){0};
    TRY(fulfillment_change_begin(ctx, edit->order, &ret->work));
    TRY(edit_work_out(ctx, edit, ret));
    if (ret->routed_count == 0)
        return OK;
    return fulfillment_change_ask(ctx, &ret->work, units_of(ctx, ret),
                                  ret->routed_count, &ret->found);
}

/* ---- carried out ---- */

err_t edit_check_hands(struct ctx *ctx, const struct edit_plan *plan)
{
    if (plan->picked_count == 0)
        return OK;
    return fail_as(ctx, ERR_STATE, "units_in_work", "actions",
                   "%lld units of line %lld are picked, or with somebody who "
                   "was asked to send them: put them back or ask for their "
                   "cancellation first",
                   (long long)plan->picked[0].qty,
                   (long long)plan->picked[0].n);
}

/* Where the channel does not let orders wait, neither do added units. */
static err_t check_waiting(struct ctx *ctx, const struct order *order,
                           int64_t waiting)
{
    struct channel channel;
    if (waiting == 0)
        return OK;
    TRY(channel_get(ctx, order->channel, &channel));
    if (channel.stock_policy == STOCK_POLICY_BACKORDER)
        return OK;
    return fail_as(ctx, ERR_CONFLICT, "out_of_stock", "actions",
                   "%lld of the units that are added are nowhere",
                   (long long)waiting);
}

static err_t add_units(struct ctx *ctx, struct edit_outlook *look,
                       int64_t event)
{
    struct fulfillment_work *work = &look->work;
    int64_t waiting = 0;
    for (size_t i = 0; i < look->fixed_count; i++)
        TRY(order_fulfil(ctx, &work->order, ORDER_ALLOCATE, look->fixed[i].n,
                         look->fixed[i].qty));
    if (look->routed_count > 0)
        TRY(fulfillment_change_add(ctx, work, units_of(ctx, look),
                                   look->routed_count, event, &waiting));
    return check_waiting(ctx, &work->order, waiting);
}

err_t edit_carry_out(struct ctx *ctx, struct edit_outlook *look,
                     const struct order_note *note)
{
    struct fulfillment_work *work = &look->work;
    struct order *order = &work->order;
    TRY(edit_check_hands(ctx, &look->plan));
    TRY(change_release(ctx, order, look->left.cuts, look->left.count,
                       note->event_id));
    TRY(order_lines_add(ctx, order, work->before.line_count));
    if (look->plan.is_gated)
        TRY(order_gate_add(
            ctx, order->id, (int64_t)work->before.line_count + 1,
            (int64_t)(order->line_count - work->before.line_count)));
    TRY(add_units(ctx, look, note->event_id));
    if (look->plan.add_count + look->plan.cut_count > 0) {
        TRY(order_allocations_read(ctx, order));
        TRY(order_route_follow(ctx, &work->before, order));
    }
    TRY(save_way(ctx, look));
    return fulfillment_change_save(ctx, work, note, "order_changed");
}
