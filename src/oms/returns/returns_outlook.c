/* returns_outlook.c - what is still to come of a return: the same rules, worked
 * out on an order in memory. */
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/returns/returns_work.h"

static bool is_undecided(const struct return_unit *unit)
{
    return unit->acceptance == ACCEPTANCE_PENDING ||
           unit->acceptance == ACCEPTANCE_MANUAL;
}

/* It comes, or is here: the money for it is on its way to the buyer. */
static bool is_hoped_for(const struct return_unit *unit)
{
    return reception_is_awaited(unit->reception) ||
           reception_is_received(unit->reception);
}

static bool may_leave(const struct rma *rma, enum return_ship rule)
{
    bool is_some = false, is_quiet = true, is_here = true, is_taken = true;
    for (size_t i = 0; i < rma->unit_count; i++) {
        const struct return_unit *unit = &rma->units[i];
        if (reception_is_dropped(unit->reception))
            continue;
        is_some = true;
        is_quiet = is_quiet && unit->reception != RECEPTION_AWAITING;
        is_here = is_here && !reception_is_awaited(unit->reception);
        is_taken = is_taken && unit->acceptance == ACCEPTANCE_ACCEPTED;
    }
    switch (rule) {
    case SHIP_AT_ONCE: return true;
    case SHIP_ON_SCAN: return is_some && is_quiet;
    case SHIP_ON_RECEIPT: return is_some && is_here;
    case SHIP_ON_INSPECTION: return is_some && is_taken;
    }
    UNREACHABLE("not a rule");
}

static bool is_over(const struct rma *rma)
{
    for (size_t i = 0; i < rma->unit_count; i++)
        if (reception_is_awaited(rma->units[i].reception) ||
            (is_hoped_for(&rma->units[i]) && is_undecided(&rma->units[i])))
            return false;
    return true;
}

/* The return among its order's; what others kept is known there. */
static err_t read_work(struct ctx *ctx, const struct order *order, return_id id,
                       struct return_work *ret)
{
    struct return_filter filter = {.order = order->id, .limit = LIMIT_RETURNS};
    struct rma *all;
    size_t count, n = 0;
    *ret = (struct return_work){.order = order_keep(ctx->arena, order)};
    TRY(return_policy_get(ctx, order->channel, &ret->policy));
    TRY(return_page(ctx, &filter, &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (all[i].id.v == id.v)
            ret->rma = all[i];
        else
            all[n++] = all[i];
    }
    ret->others = all;
    ret->other_count = n;
    return OK;
}

err_t return_look_ahead(struct ctx *ctx, struct order *order, return_id id,
                        struct return_outlook *ret)
{
    struct return_work work;
    TRY(read_work(ctx, order, id, &work));
    if (work.rma.id.v == 0)
        return fail(ctx, ERR_NOT_FOUND, "return",
                    "the order has no such return");
    *ret = (struct return_outlook){
        .may_leave = may_leave(&work.rma, work.policy.exchange),
        .is_over = is_over(&work.rma)};
    for (size_t i = 0; i < work.rma.unit_count; i++) {
        struct return_unit *unit = &work.rma.units[i];
        if (is_undecided(unit) && is_hoped_for(unit))
            unit->acceptance = ACCEPTANCE_ACCEPTED;
    }
    TRY(return_settle(ctx, &work));
    for (size_t i = 0; i < work.rma.line_count; i++) {
        const struct return_line *line = &work.rma.lines[i];
        ret->missing += line->qty - line->returned - line->written_off;
    }
    ret->worth = order_total_now(order) - order_total_now(&work.order);
    *order = work.order;
    return OK;
}
