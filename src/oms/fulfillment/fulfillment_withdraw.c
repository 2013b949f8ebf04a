/* fulfillment_withdraw.c - cancelled units leave their fulfillment orders.
 *
 * Those that no FO covers yet go first, then those of the latest FO that are
 * in no hand. What somebody else was asked to do stays until they agree.
 */
#include "base/arena.h"
#include "oms/fulfillment/fulfillment_store.h"

struct run {
    struct ctx *ctx;
    const struct order *order;
    struct fulfillment **all;
    size_t count;
    struct fulfillment_cut *out;
    size_t out_count;
};

static int64_t live_at(const struct order *order, int64_t n, location_id at)
{
    int64_t qty = 0;
    for (size_t i = 0; i < order->allocation_count; i++)
        if (order->allocations[i].n == n &&
            order->allocations[i].location.v == at.v)
            qty += order->allocations[i].qty;
    return qty;
}

/* Units of the line that FOs have; of an untracked line anywhere. */
static int64_t covered_at(const struct run *run, int64_t n, location_id at)
{
    bool is_tracked = run->order->lines[n - 1].is_tracked;
    int64_t qty = 0;
    for (size_t i = 0; i < run->count; i++) {
        struct fulfillment *fo = run->all[i];
        const struct fulfillment_line *line = fulfillment_line_of(fo, n);
        if (line && !fulfillment_is_over(fo) &&
            (!is_tracked || fo->location.v == at.v))
            qty += line->qty - line->shipped;
    }
    return qty;
}

/* Those taken before of the same place count as gone. */
static int64_t taken_at(const struct run *run, int64_t n, location_id at)
{
    int64_t qty = 0;
    for (size_t i = 0; i < run->out_count; i++)
        if (run->out[i].n == n && run->out[i].location.v == at.v)
            qty += run->out[i].qty;
    return qty;
}

static int64_t take(struct run *run, int64_t n, location_id at, int64_t there,
                    int64_t *wanted)
{
    int64_t qty = there < *wanted ? there : *wanted;
    if (qty <= 0)
        return 0;
    run->out[run->out_count++] = (struct fulfillment_cut){n, qty, at};
    *wanted -= qty;
    return qty;
}

static void take_uncovered(struct run *run, int64_t n, int64_t *wanted)
{
    for (size_t i = run->order->allocation_count; i > 0 && *wanted > 0; i--) {
        const struct order_allocation *at = &run->order->allocations[i - 1];
        if (at->n == n)
            take(run, n, at->location,
                 live_at(run->order, n, at->location) -
                     covered_at(run, n, at->location) -
                     taken_at(run, n, at->location),
                 wanted);
    }
}

static err_t take_covered(struct run *run, int64_t n, int64_t *wanted)
{
    for (size_t i = run->count; i > 0 && *wanted > 0; i--) {
        struct fulfillment *fo = run->all[i - 1];
        struct fulfillment_line *line = fulfillment_line_of(fo, n);
        if (!line || fulfillment_is_elsewhere(fo) ||
            !fulfillment_next(fo->status, FULFILLMENT_EVENT_CUT))
            continue;
        int64_t qty =
            take(run, n, fo->location, line->qty - line->picked, wanted);
        if (qty == 0)
            continue;
        line->qty -= qty;
        fulfillment_touch(fo, "fulfillment_order.cut");
        TRY(fulfillment_settle(run->ctx, fo));
    }
    return OK;
}

static err_t take_line(struct run *run, const struct fulfillment_cut *cut)
{
    int64_t wanted = cut->qty;
    take_uncovered(run, cut->n, &wanted);
    TRY(take_covered(run, cut->n, &wanted));
    if (wanted == 0)
        return OK;
    return fail_as(run->ctx, ERR_STATE, "units_in_work", "lines",
                   "%lld units of line %lld are picked, or with somebody who "
                   "was asked to send them: put them back or ask for their "
                   "cancellation first",
                   (long long)wanted, (long long)cut->n);
}

err_t fulfillment_withdraw(struct ctx *ctx, struct order *order,
                           const struct fulfillment_cut *cuts, size_t count,
                           struct fulfillment_cut **ret, size_t *ret_count)
{
    struct fulfillment *at;
    struct run run = {.ctx = ctx, .order = order};
    struct fulfillment_saying saying = {.reason = "units_cancelled"};
    TRY(fulfillment_list_order(ctx, order->id, &at, &run.count));
    run.all = arena_array(ctx->arena, struct fulfillment *, run.count);
    for (size_t i = 0; i < run.count; i++)
        run.all[i] = &at[i];
    run.out = arena_array(ctx->arena, struct fulfillment_cut,
                          count * (order->allocation_count + run.count));
    for (size_t i = 0; i < count; i++)
        TRY(take_line(&run, &cuts[i]));
    TRY(fulfillment_save_many(ctx, run.all, run.count, &saying));
    order->fulfil_flags = fulfillment_flags(run.all, run.count);
    *ret = run.out;
    *ret_count = run.out_count;
    return OK;
}
